"""Screen « Mes coordonnées bancaires » : where am I paid to, and what have I asked for? One document per person."""

import datetime as dt
from typing import Any, assert_never

from pydantic import AwareDatetime

from services.identity.domain import bank_events as e
from services.identity.domain.ids import BankChangeId, PersonId
from services.identity.domain.register import Register
from shared.kernel import Projection, Value, members

NOTHING_HELD: dict[str, Any] = {"request_id": None, "new_masked": None, "due_at": None, "in_doubt": False}


class BankDetailsShown(Value):
    """Read model: masked numbers alone."""

    person_id: PersonId
    masked: Register[str | None] = None
    since: Register[dt.date | None] = None
    source: e.Source | None = None
    request_id: BankChangeId | None = None
    new_masked: Register[str | None] = None
    due_at: AwareDatetime | None = None
    in_doubt: bool = False
    blocked: bool = False


def evolve(before: BankDetailsShown | None, event: e.BankEvent) -> BankDetailsShown:
    changes: dict[str, Any]
    match event:
        case e.BankDetailsChangeRequested():
            changes = event.model_dump(include={"request_id", "due_at"})
            changes |= {"new_masked": event.masked, "in_doubt": event.holder is e.HolderVerdict.DOUBT}
        case e.BankHolderConfirmed():
            changes = {"in_doubt": False}
        case e.BankDetailsChangeCancelled(blocks=blocks):
            changes = {**NOTHING_HELD, "blocked": blocks or bool(before and before.blocked)}
        case e.BankDetailsChangeStopped():
            changes = NOTHING_HELD
        case e.BankDetailsChanged():
            changes = NOTHING_HELD | event.model_dump(include={"masked", "since", "source"})
        case e.BankChangesUnblocked():
            changes = {"blocked": False}
        case _:
            assert_never(event)
    return (before or BankDetailsShown(person_id=event.person_id)).model_copy(update=changes)


bank_details_shown = Projection(
    name="identity.bank_details",
    screen="Mes coordonnées bancaires",
    version=2,
    document=BankDetailsShown,
    handles=members(e.BankEvent),
    key=lambda event: event.person_id,
    evolve=evolve,
)
