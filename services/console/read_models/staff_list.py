"""« Comptes »: who works here, for supervisors. One document per account."""

from enum import StrEnum
from typing import assert_never

from pydantic import AwareDatetime

from services.console.domain import staff_events as e
from services.console.domain.ids import StaffId
from services.console.domain.words import Role, Staff
from shared.kernel import Projection, Value, members


class Standing(StrEnum):
    """Whether the account opens."""

    INVITED = "invited"
    ACTIVE = "active"
    LOCKED = "locked"


class StaffListed(Value):
    """One account."""

    staff_id: StaffId
    login: Staff[str]
    role: Role
    standing: Standing = Standing.INVITED
    invited_at: AwareDatetime
    joined: bool = False
    mandate_until: AwareDatetime | None = None
    signed_in_at: AwareDatetime | None = None
    exhausted_at: AwareDatetime | None = None
    """When he had looked up as many files as one may in a day."""


def evolve(one: StaffListed | None, event: e.StaffEvent) -> StaffListed | None:
    if isinstance(event, e.StaffInvited):
        facts = event.model_dump(include={"staff_id", "login", "role", "mandate_until"})
        return StaffListed.model_validate({**facts, "invited_at": event.at})
    return one and one.model_copy(update=_changes(one, event))


def _changes(one: StaffListed, event: e.StaffEvent) -> dict[str, object]:  # noqa: PLR0911 - one case per event
    match event:
        case e.StaffJoined():
            return {"joined": True, "standing": Standing.ACTIVE}
        case e.StaffLocked():
            return {"standing": Standing.LOCKED}
        case e.StaffUnlocked():
            return {"standing": Standing.ACTIVE if one.joined else Standing.INVITED}
        case e.MandateSet(until=until):
            return {"mandate_until": until}
        case e.StaffSignedIn():
            return {"signed_in_at": event.at}
        case e.LookUpsExhausted():
            return {"exhausted_at": event.at}
        case e.StaffInvited() | e.OwnFilesNamed() | e.StaffSignedOut() | e.StaffSessionsEnded():
            return {}
        case _:
            assert_never(event)


staff_list = Projection(
    name="console.staff_list",
    version=1,
    document=StaffListed,
    handles=members(e.StaffEvent),
    key=lambda event: event.staff_id,
    evolve=evolve,
)
