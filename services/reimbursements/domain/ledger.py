"""The ledger of a household: lots in the order of their numbers, debts, payments. What events mean: see `book`."""

from typing import Any, Final, assert_never

from services.reimbursements.domain import commands as c
from services.reimbursements.domain import events as e
from services.reimbursements.domain.book import evolve
from services.reimbursements.domain.debts import expiration
from services.reimbursements.domain.ids import PersonId
from services.reimbursements.domain.lot import check, settle
from services.reimbursements.domain.state import Held, Household, Payment
from shared.kernel import Decider, Rejected, require

FULL: Final = 100
"""Events after which no other lot is added to a commit: what one lot leads to must still fit."""


def decide(ledger: Household, command: c.LedgerCommand) -> list[e.LedgerEvent]:  # noqa: PLR0911 - one case per command
    match command:
        case c.SettleLot():
            return _lot(ledger, command)
        case c.ReleaseLots():
            return _released(ledger, command)
        case c.CancelDebt():
            return _cancel(ledger, command)
        case c.RecordReturn():
            payment = _payment(ledger, command)
            return [] if payment.returned else [e.PaymentReturned(**_of_payment(ledger, command))]
        case c.RecordReissue():
            require(_payment(ledger, command).returned, otherwise="payment-not-returned")
            return [e.PaymentReissued(**_of_payment(ledger, command), account=ledger.account)]
        case c.NoteAccount():
            if command.masked == ledger.account:
                return []
            return [e.AccountNoted(**command.model_dump(), person_id=PersonId(command.household_id))]
        case _:
            assert_never(command)


def _lot(ledger: Household, lot: c.SettleLot) -> list[e.LedgerEvent]:
    if lot.number <= ledger.last:
        require(_same(ledger, lot), otherwise="lot-number-used")
        return []  # it was taken before
    if lot.number > ledger.last + 1:
        return [] if lot.number in ledger.held else _held(lot)
    check(ledger, lot)
    events = settle(ledger, lot)
    return [*events, *_released(evolve_all(ledger, events), lot)]


def _same(ledger: Household, lot: c.SettleLot) -> bool:
    """Whether what still stands of the lot of this number is in it."""
    names = {line.name for line in lot.lines}
    return all(name in names for name, entry in ledger.lines.items() if entry.number == lot.number)


def _held(lot: c.SettleLot) -> list[e.LedgerEvent]:
    held = e.LotHeld(
        **lot.common,
        person_id=PersonId(lot.household_id),
        lot=lot.lot,
        cancels=lot.cancels,
        limitation_years=lot.limitation_years,
    )
    return [held, *(e.LineHeld(**lot.common, person_id=line.person_id, facts=line) for line in lot.lines)]


def _released(ledger: Household, command: c.SettleLot | c.ReleaseLots) -> list[e.LedgerEvent]:
    """The lots that had waited, each on what the one before has left, as far as they fit into one commit."""
    events: list[e.LedgerEvent] = []
    while (number := ledger.last + 1) in ledger.held:
        if len(events) > FULL:
            return [*events, _more(ledger, command)]
        lot = _again(ledger.held[number], number, command)
        try:
            check(ledger, lot)
        except Rejected as refusal:
            person = PersonId(command.household_id)
            return [*events, e.LotDropped(**lot.common, person_id=person, reason=refusal.code)]
        more = settle(ledger, lot)
        events += more
        ledger = evolve_all(ledger, more)
    return events


def _more(ledger: Household, command: c.SettleLot | c.ReleaseLots) -> e.LotsReleasable:
    person = PersonId(command.household_id)
    return e.LotsReleasable(at=command.at, household_id=command.household_id, person_id=person, after=ledger.last)


def _again(held: Held, number: int, after: c.SettleLot | c.ReleaseLots) -> c.SettleLot:
    return c.SettleLot(
        at=after.at,
        household_id=after.household_id,
        number=number,
        lot=held.lot,
        paid_on=held.paid_on,
        lines=held.lines,
        cancels=held.cancels,
        limitation_years=held.limitation_years,
    )


def _cancel(ledger: Household, command: c.CancelDebt) -> list[e.LedgerEvent]:
    debt = ledger.debts.get(command.debt_id)
    if debt is None:
        return []  # paid, or gone with its line
    require(debt.until <= command.at.date(), otherwise="debt-not-at-its-limitation")
    return [expiration(command, command.debt_id, debt)]


def _payment(ledger: Household, command: c.RecordReturn | c.RecordReissue) -> Payment:
    require(command.number in ledger.payments, otherwise="payment-unknown")
    payment = ledger.payments[command.number]
    require(payment.to_member > 0, otherwise="payment-without-transfer")
    return payment


def _of_payment(ledger: Household, command: c.RecordReturn | c.RecordReissue) -> dict[str, Any]:
    paid_on = ledger.payments[command.number].paid_on
    return {**command.model_dump(), "paid_on": paid_on, "person_id": PersonId(command.household_id)}


def evolve_all(ledger: Household, events: list[e.LedgerEvent]) -> Household:
    """The ledger after these events."""
    return household.fold(events, ledger)


household = Decider(category="household", retention="care", initial=Household(), decide=decide, evolve=evolve)
