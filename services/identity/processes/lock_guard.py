"""An account that is locked, because its owner contests it or the desk says so: no money goes where it was to go."""

from typing import assert_never

from services.identity.domain import bank_events as b
from services.identity.domain.account_events import AccountLocked
from services.identity.domain.bank_commands import CancelBankDetailsChange
from services.identity.domain.ids import BankChangeId, PersonId
from shared.kernel import Issued, Process, Value, members

Ended = b.BankDetailsChangeCancelled | b.BankDetailsChangeStopped | b.BankDetailsChanged
Heard = AccountLocked | b.BankDetailsChangeRequested | Ended


class Held(Value):
    """The change that is under way."""

    request_id: BankChangeId | None = None


def decide(held: Held, event: Heard) -> list[Issued]:
    """Cancelled as if by the link: no other change until the desk or a code by post has proved the member."""
    if not isinstance(event, AccountLocked) or held.request_id is None:
        return []
    person_id = PersonId(event.person_id)
    command = CancelBankDetailsChange(
        at=event.at, person_id=person_id, request_id=held.request_id, by=b.CancelledBy.LINK
    )
    return [Issued(f"bank:{person_id}", command)]


def evolve(held: Held, event: Heard) -> Held:
    match event:
        case AccountLocked():
            return held
        case b.BankDetailsChangeRequested(request_id=request_id):
            return Held(request_id=request_id)
        case b.BankDetailsChangeCancelled() | b.BankDetailsChangeStopped() | b.BankDetailsChanged():
            return Held()
        case _:
            assert_never(event)


lock_guard: Process[Held, Heard] = Process(
    name="lock-guard",
    initial=Held(),
    handles=members(Heard),
    key=lambda event: event.person_id,
    decide=decide,
    evolve=evolve,
)
