"""A member's file as the staff uses it: each look is recorded, values show for a quarter of an hour."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, assert_never

from pydantic import AwareDatetime, Field

from services.console.domain import file_commands as c
from services.console.domain import file_events as e
from services.console.domain.ids import InquiryId, StaffId
from services.console.domain.words import UNMASKED, Purpose, Role, period_of
from shared.kernel import Decider, Erased, Value, require

OF_AGENTS: Final = frozenset({Purpose.VISIT, Purpose.CALL, Purpose.LETTER, Purpose.REQUEST})
PURPOSES: Final[Mapping[Role, frozenset[Purpose]]] = {
    Role.AGENT: OF_AGENTS,
    Role.OPERATIONS: frozenset({Purpose.INCIDENT}),
    Role.SUPERVISOR: OF_AGENTS | {Purpose.INCIDENT, Purpose.FRAUD},
    Role.AUDITOR: frozenset({Purpose.AUDIT}),
}
"""What each role may read a file for."""
MAY_UNMASK: Final = frozenset({Role.SUPERVISOR, Role.AUDITOR})


class File(Value):
    """Only what the rules need to decide."""

    inquiry_id: InquiryId | None = None
    unmasked: Mapping[StaffId, AwareDatetime] = Field(default_factory=dict)

    def shows_values(self, reader: StaffId, now: dt.datetime) -> bool:
        """Whether this reader is shown values now."""
        until = self.unmasked.get(reader)
        return until is not None and now < until


def decide(state: File, command: c.FileCommand) -> list[e.FileEvent]:
    facts: dict[str, Any] = {**command.model_dump(), "period": period_of(command.at)}
    match command:
        case c.ReadFile():
            return [e.MemberFileRead(**facts, inquiry_id=_inquiry(state, command.role, command.purpose))]
        case c.UnmaskValues():
            require(command.role in MAY_UNMASK, otherwise="role-refused")
            inquiry_id = _inquiry(state, command.role, command.purpose)
            return [e.ValuesUnmasked(**facts, until=command.at + UNMASKED, inquiry_id=inquiry_id)]
        case c.OpenInquiry():
            require(command.role is Role.SUPERVISOR, otherwise="role-refused")
            require(state.inquiry_id is None, otherwise="inquiry-open")
            return [e.InquiryOpened(**facts)]
        case c.CloseInquiry():
            require(command.role is Role.SUPERVISOR, otherwise="role-refused")
            require(state.inquiry_id is not None, otherwise="inquiry-unknown")
            assert state.inquiry_id is not None
            return [e.InquiryClosed(**facts, inquiry_id=state.inquiry_id)]
        case c.OrderFirstCode():
            require(command.role is Role.AGENT, otherwise="role-refused")
            require(command.second != command.reader, otherwise="second-person-needed")
            return [e.FirstCodeOrdered(**facts)]
        case c.TakeLossByPhone():
            require(command.role is Role.AGENT, otherwise="role-refused")
            return [e.LossTakenByPhone(**facts)]
        case _:
            assert_never(command)


def _inquiry(state: File, role: Role, purpose: Purpose) -> InquiryId | None:
    """The inquiry that a look belongs to; none but for fraud, and then it must have been opened."""
    require(purpose in PURPOSES[role], otherwise="purpose-refused")
    if purpose is not Purpose.FRAUD:
        return None
    require(state.inquiry_id is not None, otherwise="inquiry-unknown")
    return state.inquiry_id


def evolve(state: File, event: e.FileEvent) -> File:
    match event:
        case e.ValuesUnmasked(reader=reader, until=until):
            if isinstance(reader, Erased):
                return state
            still = {who: end for who, end in state.unmasked.items() if event.at < end}
            return state.model_copy(update={"unmasked": {**still, reader: until}})
        case e.InquiryOpened(inquiry_id=inquiry_id):
            return state.model_copy(update={"inquiry_id": inquiry_id})
        case e.InquiryClosed():
            return state.model_copy(update={"inquiry_id": None})
        case e.MemberFileRead() | e.FirstCodeOrdered() | e.LossTakenByPhone():
            return state
        case _:
            assert_never(event)


file = Decider(category="file", retention="access", initial=File(), decide=decide, evolve=evolve)
