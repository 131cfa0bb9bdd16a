"""Looks at the records of who has looked: whoever goes through them for many persons is recorded, too."""

from typing import Final, NewType, assert_never

from services.console.domain.ids import StaffId
from services.console.domain.words import Access, Reason, Role, Ticket, period_of
from shared.kernel import Command, Decider, Event, Made, members, require

LookId = NewType("LookId", str)


class AccessRecordsRead(Event, name="AccessRecordsRead"):
    """`asked`: which month, role and part; `exported`: a file was taken away. `period` names the key, as elsewhere."""

    look_id: LookId
    period: str
    asked: dict[str, str]
    exported: bool
    reader: Access[StaffId]
    reason: Access[str]
    ticket: Access[str]


class ReadAccessRecords(Command):
    """Go through them."""

    look_id: Made[LookId]
    asked: dict[str, str]
    exported: bool
    reader: StaffId
    role: Role
    reason: Reason
    ticket: Ticket = ""


RECORD_EVENTS: Final = members(AccessRecordsRead)


def decide(seen: bool, command: ReadAccessRecords) -> list[AccessRecordsRead]:  # noqa: FBT001 - a state
    require(command.role is Role.AUDITOR, otherwise="role-refused")
    if seen:
        return []  # the same form, sent twice
    return [AccessRecordsRead(**command.model_dump(exclude={"role"}), period=period_of(command.at))]


def evolve(_: bool, event: AccessRecordsRead) -> bool:  # noqa: FBT001 - a state
    match event:
        case AccessRecordsRead():
            return True
        case _:
            assert_never(event)


records = Decider(category="records", retention="access", initial=False, decide=decide, evolve=evolve)
