"""Settling one lot: lines taken back, acts computed, debts booked, then the payment that open debts are kept from."""

from services.reimbursements.domain import commands as c
from services.reimbursements.domain import events as e
from services.reimbursements.domain.acts import compute, line_id
from services.reimbursements.domain.debts import LotDebts
from services.reimbursements.domain.deductions import Counters
from services.reimbursements.domain.ids import DebtId, PersonId
from services.reimbursements.domain.settled import Settled
from services.reimbursements.domain.state import Entry, Household
from shared.kernel import require


def check(ledger: Household, lot: c.SettleLot) -> None:
    """Whether the lot fits the ledger and itself.

    Raises:
        Rejected: a line twice, a line that is there already or, to be taken back, is not; a date before the last one.
    """
    names = [line.name for line in lot.lines]
    require(len(set(names)) == len(names), otherwise="lot-line-repeated")
    require(len(set(lot.cancels)) == len(lot.cancels), otherwise="lot-line-repeated")
    require(all(name in ledger.lines for name in lot.cancels), otherwise="line-unknown")
    there = ledger.lines.keys() - set(lot.cancels)
    require(not any(name in there for name in names), otherwise="line-already-settled")
    require(lot.paid_on >= ledger.paid_on, otherwise="lot-dated-before-the-last")
    require(all(line.base <= line.paid for line in lot.lines), otherwise="line-base-above-price")
    require(all(line.care_date <= lot.paid_on for line in lot.lines), otherwise="line-care-after-payment")


def settle(ledger: Household, lot: c.SettleLot) -> list[e.LedgerEvent]:
    """Everything that follows from one lot: taken back, settled, booked, cancelled, recovered, paid."""
    back = [(ledger.lines[name], _taken_back(ledger, name)) for name in sorted(lot.cancels)]
    counters = _counters(ledger, [entry for entry, _ in back])
    lines = sorted(lot.lines, key=lambda one: one.order)
    settled = [compute(line, lot.paid_on, lot.household_id, counters) for line in lines]
    balance = sum(one.to_member for one in settled) + sum(one.refunded - one.paid_back for _, one in back)
    debts = LotDebts(ledger, lot, settled, [entry.line_id for entry, _ in back], overpaid=max(-balance, 0))
    recovered = list(debts.recovered(max(balance, 0)))
    paid = e.Paid(
        to_member=max(balance, 0) - sum(amount for *_, amount in recovered),
        to_professionals=sum(one.to_professional for one in settled),
        account=ledger.account,
    )
    return [
        *(_cancelled(lot, entry, content) for entry, content in back),
        *(_settled(lot, one, debts) for one in settled),
        *debts.overpayments(),
        *debts.expirations(),
        *(debts.recovery(*one) for one in recovered),
        e.PaymentIssued(**lot.common, person_id=PersonId(lot.household_id), lot=lot.lot, payment=paid),
    ]


def _counters(ledger: Household, cancelled: list[Entry]) -> Counters:
    """The ledger's own, without what the cancelled lines had counted."""
    counters = Counters(dict(ledger.years), dict(ledger.days))
    for entry in cancelled:
        counters.add(entry.keys, -entry.participation - entry.franchise)
    return counters


def _taken_back(ledger: Household, name: str) -> e.Cancelled:
    entry = ledger.lines[name]
    debt = ledger.debts.get(DebtId(entry.line_id))
    return e.Cancelled(
        origin=entry.origin,
        name=name,
        counted_in=entry.paid_on.year,
        gross=entry.gross,
        participation=entry.participation,
        franchise=entry.franchise,
        paid_back=entry.to_member,
        annulled=debt.remaining if debt else 0,
        refunded=ledger.recovered.get(DebtId(entry.line_id), 0),
    )


def _cancelled(lot: c.SettleLot, entry: Entry, content: e.Cancelled) -> e.LineCancelled:
    return e.LineCancelled(**lot.common, person_id=entry.person_id, line_id=entry.line_id, cancelled=content)


def _settled(lot: c.SettleLot, settled: Settled, debts: LotDebts) -> e.LineSettled:
    return e.LineSettled(
        **lot.common,
        person_id=settled.facts.person_id,
        line_id=line_id(lot.household_id, lot.number, settled.facts.name),
        line=settled,
        debt_until=debts.until if settled.owed else None,
    )
