"""What takes two persons: asked for by one, decided by another, carried out once."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, assert_never

from pydantic import AwareDatetime

from services.console.domain.ids import ApprovalId, PersonId, StaffId
from services.console.domain.words import Access, Action, Reason, Role, Ticket, period_of
from shared.kernel import Command, Decider, Event, Value, members, require

LASTS: Final = dt.timedelta(hours=24)
DECIDERS: Final[Mapping[Action, frozenset[Role]]] = {
    Action.FIRST_CODE: frozenset({Role.AGENT, Role.SUPERVISOR}),
    Action.SKIP_PARKED: frozenset({Role.OPERATIONS, Role.SUPERVISOR}),
    Action.LEGAL_HOLD: frozenset({Role.SUPERVISOR}),
    Action.LIFT_LEGAL_HOLD: frozenset({Role.SUPERVISOR}),
}
ASKERS: Final[Mapping[Action, frozenset[Role]]] = {
    **DECIDERS,
    Action.FIRST_CODE: frozenset({Role.AGENT}),
}


class _OfApproval(Event):
    approval_id: ApprovalId
    period: str


class ApprovalRequested(_OfApproval, name="ApprovalRequested"):
    """`facts`: what is to be done, in codes and ids."""

    action: Action
    person_id: PersonId | None
    facts: dict[str, str]
    asked_by: StaffId
    reason: Access[str]
    ticket: Access[str]
    expires_at: AwareDatetime


class ApprovalGiven(_OfApproval, name="ApprovalGiven"):
    """Another has looked at it and agrees."""

    by: StaffId
    reason: Access[str]


class ApprovalRefused(_OfApproval, name="ApprovalRefused"):
    """Another does not agree, or who asked has thought better of it."""

    by: StaffId
    reason: Access[str]


class ApprovalUsed(_OfApproval, name="ApprovalUsed"):
    """It was done. It is good once."""


class _OfCommand(Command):
    approval_id: ApprovalId


class RequestApproval(_OfCommand):
    """Ask for a second person."""

    action: Action
    person_id: PersonId | None
    facts: dict[str, str]
    asked_by: StaffId
    role: Role
    reason: Reason
    ticket: Ticket = ""


class DecideApproval(_OfCommand):
    """Agree, or not."""

    by: StaffId
    role: Role
    agreed: bool
    reason: Reason


class UseApproval(_OfCommand):
    """It is about to be done."""


ApprovalEvent = ApprovalRequested | ApprovalGiven | ApprovalRefused | ApprovalUsed
ApprovalCommand = RequestApproval | DecideApproval | UseApproval
APPROVAL_EVENTS: Final = members(ApprovalEvent)


class Approval(Value):
    """Only what the rules need to decide."""

    request: ApprovalRequested | None = None
    given_by: StaffId | None = None
    closed: bool = False


def decide(state: Approval, command: ApprovalCommand) -> list[ApprovalEvent]:
    now: dict[str, Any] = {"at": command.at, "period": period_of(command.at), "approval_id": command.approval_id}
    if isinstance(command, RequestApproval):
        return _request(state, command)
    request = state.request
    require(request is not None, otherwise="approval-unknown")
    assert request is not None
    match command:
        case DecideApproval(by=by, reason=reason):
            require(not state.closed and state.given_by is None, otherwise="approval-decided")
            if not command.agreed and by == request.asked_by:
                return [ApprovalRefused(**now, by=by, reason=reason)]
            require(command.at < request.expires_at or not command.agreed, otherwise="approval-expired")
            require(by != request.asked_by, otherwise="second-person-needed")
            require(command.role in DECIDERS[request.action], otherwise="role-refused")
            kind = ApprovalGiven if command.agreed else ApprovalRefused
            return [kind(**now, by=by, reason=reason)]
        case UseApproval():
            require(state.given_by is not None, otherwise="approval-missing")
            require(not state.closed, otherwise="approval-used")
            require(command.at < request.expires_at, otherwise="approval-expired")
            return [ApprovalUsed(**now)]
        case _:
            assert_never(command)


def _request(state: Approval, command: RequestApproval) -> list[ApprovalEvent]:
    require(state.request is None, otherwise="approval-known")
    require(command.role in ASKERS[command.action], otherwise="role-refused")
    facts = command.model_dump(exclude={"role"})
    return [ApprovalRequested(**facts, period=period_of(command.at), expires_at=command.at + LASTS)]


def evolve(state: Approval, event: ApprovalEvent) -> Approval:
    match event:
        case ApprovalRequested():
            return Approval(request=event)
        case ApprovalGiven(by=by):
            return state.model_copy(update={"given_by": by})
        case ApprovalRefused() | ApprovalUsed():
            return state.model_copy(update={"closed": True})
        case _:
            assert_never(event)


approval = Decider(category="approval", retention="access", initial=Approval(), decide=decide, evolve=evolve)
