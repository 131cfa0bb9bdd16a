"""« Signaler un remboursement »: a member says that a line is not his, and the desk decides."""

from enum import StrEnum
from typing import Annotated, assert_never

from pydantic import StringConstraints

from services.reimbursements.domain.events import Care
from services.reimbursements.domain.ids import LineId, MemberId, PersonId, SignalId
from shared.kernel import Command, Decider, Event, Made, Value, require

Account = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]


class Motive(StrEnum):
    """What is wrong with the line."""

    CARE_NOT_RECEIVED = "care_not_received"
    PROFESSIONAL_UNKNOWN = "professional_unknown"
    AMOUNT_WRONG = "amount_wrong"
    PAID_TWICE = "paid_twice"


class Decision(StrEnum):
    """What the desk found."""

    CONFIRMED = "confirmed"
    EXPLAINED = "explained"


class ReportReimbursement(Command):
    """A member reports a line that he sees."""

    signal_id: Made[SignalId]
    person_id: PersonId
    member_id: MemberId
    line_id: LineId
    motive: Motive
    account: Account


class DecideSignal(Command):
    """An agent closes it."""

    decision: Decision


class ReimbursementReported(Event, name="ReimbursementReported"):
    """`person_id`: whose line it is."""

    signal_id: SignalId
    person_id: PersonId
    member_id: MemberId
    line_id: LineId
    motive: Motive
    account: Care[str]


class SignalDecided(Event, name="SignalDecided"):
    """The desk has looked at it."""

    signal_id: SignalId
    person_id: PersonId
    member_id: MemberId
    decision: Decision


SignalCommand = ReportReimbursement | DecideSignal
SignalEvent = ReimbursementReported | SignalDecided


class Signal(Value):
    """One report, and whether it is closed."""

    signal_id: SignalId | None = None
    person_id: PersonId | None = None
    member_id: MemberId | None = None
    decision: Decision | None = None


def decide(signal: Signal, command: SignalCommand) -> list[SignalEvent]:
    match command:
        case ReportReimbursement():
            return [] if signal.signal_id else [ReimbursementReported(**command.model_dump())]
        case DecideSignal():
            require(signal.signal_id is not None, otherwise="signal-unknown")
            if signal.decision is command.decision:
                return []
            require(signal.decision is None, otherwise="signal-already-decided")
            return [SignalDecided.model_validate({**signal.model_dump(), **command.model_dump()})]
        case _:
            assert_never(command)


def evolve(signal: Signal, event: SignalEvent) -> Signal:
    match event:
        case ReimbursementReported():
            return Signal(signal_id=event.signal_id, person_id=event.person_id, member_id=event.member_id)
        case SignalDecided():
            return signal.model_copy(update={"decision": event.decision})
        case _:
            assert_never(event)


signal = Decider(category="signal", retention="care", initial=Signal(), decide=decide, evolve=evolve)
