"""A sample of lifecycles and what an auditor finds in each: drawn, noted one by one, closed. One stream per sample."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, assert_never

from pydantic import AwareDatetime, Field, StringConstraints

from services.console.domain.ids import PersonId, SampleId, StaffId
from services.console.domain.words import Access, Reason, Role, Ticket, period_of
from shared.kernel import Command, Decider, Event, Made, Value, members, require
from shared.lifecycles import Wanted

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class Verdict(StrEnum):
    """What an auditor says of one lifecycle."""

    CONFORMS = "conforms"
    DEVIATES = "deviates"
    UNCLEAR = "unclear"


class PaperForm(StrEnum):
    """How a working paper is taken away."""

    PDF = "pdf"
    CSV = "csv"
    JSONL = "jsonl"


class Item(Value):
    """One lifecycle that was drawn, as it stood then. Ids and codes alone."""

    id: str
    person_id: PersonId
    state: str
    since: AwareDatetime
    steps: int
    deviations: int


class Draw(Value):
    """All that is needed to draw the same again."""

    service: str
    wanted: Wanted
    seed: str
    size: int
    algorithm: str
    position: int
    """The head of the service's log: the population is what had a lifecycle then."""
    population: int
    population_hash: str


class _OfSample(Event):
    sample_id: SampleId
    period: str
    by: StaffId


class SampleDrawn(_OfSample, name="SampleDrawn"):
    """A sample was drawn, in the order of `items`."""

    draw: Draw
    items: tuple[Item, ...]
    reason: Access[str]
    ticket: Access[str]


class FindingNoted(_OfSample, name="FindingNoted"):
    """An auditor has looked at one of them; the last word holds."""

    item: str
    verdict: Verdict
    note: Access[str]


class SampleClosed(_OfSample, name="SampleClosed"):
    """Every one was looked at, and this is what comes of it."""

    conclusion: Access[str]


class WorkingPaperExported(_OfSample, name="WorkingPaperExported"):
    """A copy went out; its bytes are known by their hash."""

    form: PaperForm
    sha256: str = Field(examples=["0" * 64])


class _OfCommand(Command):
    sample_id: SampleId
    by: StaffId
    role: Role


class DrawSample(_OfCommand):
    """Keep what was drawn."""

    draw: Made[Draw]
    items: Made[tuple[Item, ...]]
    reason: Reason
    ticket: Ticket = ""


class NoteFinding(_OfCommand):
    """Say what one of them is."""

    item: str
    verdict: Verdict
    note: Note = ""


class CloseSample(_OfCommand):
    """Nothing more is to be said."""

    conclusion: Reason


class ExportWorkingPaper(_OfCommand):
    """A copy goes out."""

    form: PaperForm
    sha256: Made[str]


SampleEvent = SampleDrawn | FindingNoted | SampleClosed | WorkingPaperExported
SampleCommand = DrawSample | NoteFinding | CloseSample | ExportWorkingPaper
SAMPLE_EVENTS: Final = members(SampleEvent)


class Sample(Value):
    """Only what the rules need to decide."""

    items: frozenset[str] | None = None
    findings: Mapping[str, tuple[Verdict, object]] = Field(default_factory=dict)
    closed: bool = False


def decide(state: Sample, command: SampleCommand) -> list[SampleEvent]:
    require(command.role is Role.AUDITOR, otherwise="role-refused")
    facts: dict[str, Any] = {**command.model_dump(exclude={"role"}), "period": period_of(command.at)}
    if isinstance(command, DrawSample):
        return [] if state.items is not None else [SampleDrawn(**facts)]
    require(state.items is not None, otherwise="sample-unknown")
    assert state.items is not None
    match command:
        case NoteFinding(item=item, verdict=verdict, note=note):
            require(not state.closed, otherwise="sample-closed")
            require(item in state.items, otherwise="item-unknown")
            require(bool(note) or verdict is Verdict.CONFORMS, otherwise="note-missing")
            return [] if state.findings.get(item) == (verdict, note) else [FindingNoted(**facts)]
        case CloseSample():
            if state.closed:
                return []
            require(state.findings.keys() >= state.items, otherwise="findings-missing")
            return [SampleClosed(**facts)]
        case ExportWorkingPaper():
            return [WorkingPaperExported(**facts)]
        case _:
            assert_never(command)


def evolve(state: Sample, event: SampleEvent) -> Sample:
    match event:
        case SampleDrawn(items=items):
            return Sample(items=frozenset(one.id for one in items))
        case FindingNoted(item=item, verdict=verdict, note=note):
            return state.model_copy(update={"findings": {**state.findings, item: (verdict, note)}})
        case SampleClosed():
            return state.model_copy(update={"closed": True})
        case WorkingPaperExported():
            return state
        case _:
            assert_never(event)


sample = Decider(category="sample", retention="access", initial=Sample(), decide=decide, evolve=evolve)
