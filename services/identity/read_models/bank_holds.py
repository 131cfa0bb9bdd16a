"""Deadlines: when a change of bank details that nobody cancelled takes effect."""

from typing import assert_never

from services.identity.domain import bank_events as e
from shared.deadlines import Deadline, deadlines
from shared.kernel import members

Shown = e.BankDetailsChangeRequested | e.BankDetailsChangeCancelled | e.BankDetailsChangeStopped | e.BankDetailsChanged


def evolve(_: Deadline | None, event: Shown) -> Deadline | None:
    match event:
        case e.BankDetailsChangeRequested():
            return Deadline(
                due_at=event.due_at,
                stream=f"bank:{event.person_id}",
                command="CompleteBankDetailsChange",
                data={"person_id": event.person_id, "request_id": event.request_id},
                cmd=event.request_id,
                person_id=event.person_id,
            )
        case e.BankDetailsChangeCancelled() | e.BankDetailsChangeStopped() | e.BankDetailsChanged():
            return None
        case _:
            assert_never(event)


bank_holds = deadlines(
    "identity.bank_holds", 1, handles=members(Shown), key=lambda event: event.person_id, evolve=evolve
)
