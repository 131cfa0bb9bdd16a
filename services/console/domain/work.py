"""Who has taken an item of the desk's work, and what became of it; what it is stands with its service."""

import datetime as dt
from typing import Final, assert_never

from pydantic import AwareDatetime

from services.console.domain.ids import StaffId
from services.console.domain.words import Access, Reason, Ticket, period_of
from shared.kernel import Command, Decider, Event, Value, members, require

KEPT: Final = dt.timedelta(hours=8)
"""Nobody holds an item overnight: another may take it then."""


class _OfItem(Event):
    service: str
    kind: str
    item_id: str


class WorkTaken(_OfItem, name="WorkTaken"):
    """An agent sees to it."""

    owner: StaffId


class WorkReleased(_OfItem, name="WorkReleased"):
    """Anybody may take it."""

    owner: StaffId


class WorkDecided(_OfItem, name="WorkDecided"):
    """Recorded before the service it is of is told: a decision leaves no trace there that it has not left here."""

    owner: StaffId
    period: str
    decision: str
    reason: Access[str]
    ticket: Access[str]


class _OfCommand(Command):
    service: str
    kind: str
    item_id: str
    owner: StaffId


class TakeWork(_OfCommand):
    """See to it."""


class ReleaseWork(_OfCommand):
    """Leave it to others."""


class DecideWork(_OfCommand):
    """Decide it."""

    decision: str
    reason: Reason
    ticket: Ticket = ""


WorkEvent = WorkTaken | WorkReleased | WorkDecided
WorkCommand = TakeWork | ReleaseWork | DecideWork
WORK_EVENTS: Final = members(WorkEvent)


class Work(Value):
    """Who holds it, since when."""

    owner: StaffId | None = None
    since: AwareDatetime | None = None

    def held_by_another(self, agent: StaffId, now: dt.datetime) -> bool:
        """Whether somebody else sees to it."""
        return self.owner not in (None, agent) and self.since is not None and now < self.since + KEPT


def decide(state: Work, command: WorkCommand) -> list[WorkEvent]:
    facts = command.model_dump()
    match command:
        case TakeWork(owner=owner):
            require(not state.held_by_another(owner, command.at), otherwise="work-taken")
            return [] if state.owner == owner else [WorkTaken(**facts)]
        case ReleaseWork(owner=owner):
            return [WorkReleased(**facts)] if state.owner == owner else []
        case DecideWork(owner=owner):
            require(state.owner == owner, otherwise="work-not-taken")
            return [WorkDecided(**facts, period=period_of(command.at))]
        case _:
            assert_never(command)


def evolve(state: Work, event: WorkEvent) -> Work:
    match event:
        case WorkTaken(owner=owner):
            return Work(owner=owner, since=event.at)
        case WorkReleased():
            return Work()
        case WorkDecided():
            return state
        case _:
            assert_never(event)


work = Decider(category="work", retention="access", initial=Work(), decide=decide, evolve=evolve)


def work_stream(service: str, kind: str, item_id: str) -> str:
    """The stream of an item."""
    return f"work:{service}|{kind}|{item_id}"
