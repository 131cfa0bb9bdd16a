"""What each event means for the ledger. A line whose key is destroyed counts for nothing any more."""

from dataclasses import replace
from typing import assert_never

from services.reimbursements.domain import events as e
from services.reimbursements.domain.acts import origin_of
from services.reimbursements.domain.deductions import keys_of
from services.reimbursements.domain.ids import DebtId
from services.reimbursements.domain.state import Debt, Entry, Held, Household, Payment
from shared.kernel import Erased


def evolve(ledger: Household, event: e.LedgerEvent) -> Household:  # noqa: C901, PLR0911, PLR0912 - one case per event
    match event:
        case e.LineSettled():
            return _settled(ledger, event)
        case e.LineCancelled():
            return _cancelled(ledger, event)
        case e.OverpaymentBooked():
            if isinstance(event.amount, Erased):
                return ledger
            return ledger.with_debt(event.debt_id, Debt(event.person_id, event.amount, event.debt_until, None))
        case e.DebtRecovered():
            return _recovered(ledger, event)
        case e.DebtCancelled():
            return replace(ledger, debts={key: one for key, one in ledger.debts.items() if key != event.debt_id})
        case e.PaymentIssued():
            return _paid(ledger, event)
        case e.PaymentReturned():
            return _bank(ledger, event.number, returned=True)
        case e.PaymentReissued():
            return _bank(ledger, event.number, returned=False)
        case e.AccountNoted():
            return replace(ledger, account=None if isinstance(event.masked, Erased) else event.masked)
        case e.LotHeld():
            cancels = () if isinstance(event.cancels, Erased) else event.cancels
            held = Held(event.lot, event.paid_on, cancels, event.limitation_years, ())
            return replace(ledger, held={**ledger.held, event.number: held})
        case e.LineHeld():
            return _line_held(ledger, event)
        case e.LotsReleasable():
            return ledger
        case e.LotDropped():
            return replace(ledger, held={key: one for key, one in ledger.held.items() if key != event.number})
        case _:
            assert_never(event)


def _settled(ledger: Household, event: e.LineSettled) -> Household:
    line = event.line
    if isinstance(line, Erased):
        return ledger
    keys, origin = keys_of(line.facts, event.paid_on), origin_of(line.facts)
    entry = Entry(
        event.line_id,
        event.number,
        event.paid_on,
        event.person_id,
        line.gross,
        line.participation,
        line.franchise,
        line.to_member,
        keys,
        origin,
    )
    after = replace(ledger, lines={**ledger.lines, line.facts.name: entry})
    if line.deductions:
        after = after.counted(keys, line.deductions)
    if event.debt_until:
        after = after.with_debt(DebtId(event.line_id), Debt(event.person_id, line.owed, event.debt_until, origin))
    return after


def _cancelled(ledger: Household, event: e.LineCancelled) -> Household:
    found = event.cancelled
    if isinstance(found, Erased):
        return ledger
    entry = ledger.lines[found.name]
    lines = {name: one for name, one in ledger.lines.items() if name != found.name}
    gone = DebtId(event.line_id)
    debts = {key: one for key, one in ledger.debts.items() if key != gone}
    recovered = {key: one for key, one in ledger.recovered.items() if key != gone}
    after = replace(ledger, lines=lines, debts=debts, recovered=recovered)
    return after.counted(entry.keys, -found.participation - found.franchise)


def _recovered(ledger: Household, event: e.DebtRecovered) -> Household:
    debt = ledger.debts.get(event.debt_id)
    if debt is None or isinstance(event.part, Erased):
        return ledger
    amount = event.part.amount
    after = ledger.with_debt(event.debt_id, debt._replace(remaining=debt.remaining - amount))
    return replace(after, recovered={**after.recovered, event.debt_id: after.recovered.get(event.debt_id, 0) + amount})


def _paid(ledger: Household, event: e.PaymentIssued) -> Household:
    amount = 0 if isinstance(event.payment, Erased) else event.payment.to_member
    return replace(
        ledger,
        last=event.number,
        paid_on=event.paid_on,
        held={key: one for key, one in ledger.held.items() if key != event.number},
        payments={**ledger.payments, event.number: Payment(event.paid_on, amount)},
    )


def _bank(ledger: Household, number: int, *, returned: bool) -> Household:
    payment = ledger.payments[number]._replace(returned=returned)
    return replace(ledger, payments={**ledger.payments, number: payment})


def _line_held(ledger: Household, event: e.LineHeld) -> Household:
    if isinstance(event.facts, Erased):
        return ledger
    held = ledger.held[event.number]
    return replace(ledger, held={**ledger.held, event.number: held._replace(lines=(*held.lines, event.facts))})
