"""« Échantillons »: what was drawn, and what was found in each; a note is readable as long as its month's key."""

from typing import assert_never

from pydantic import AwareDatetime

from services.console.domain import samples as s
from services.console.domain.ids import SampleId, StaffId
from services.console.domain.words import Access
from shared.kernel import Projection, Value, members

ALL = "all"
OfSample = s.SampleDrawn | s.SampleClosed
OfFinding = s.FindingNoted | s.SampleClosed


class SampleShown(Value):
    """One sample."""

    sample_id: SampleId
    shelf: str = ALL
    """The same for all: they are listed together."""
    period: str
    by: StaffId
    at: AwareDatetime
    draw: s.Draw
    items: tuple[s.Item, ...]
    reason: Access[str]
    ticket: Access[str]
    closed_at: AwareDatetime | None = None


class Finding(Value):
    """What was said of one item; without one, what comes of them all."""

    sample_id: SampleId
    period: str
    item: str
    by: StaffId
    at: AwareDatetime
    verdict: s.Verdict | None
    note: Access[str]


def evolve_sample(before: SampleShown | None, event: OfSample) -> SampleShown | None:
    """As it was drawn; closed once."""
    match event:
        case s.SampleDrawn():
            return SampleShown(**dict(event))
        case s.SampleClosed():
            return before.model_copy(update={"closed_at": event.at}) if before else None
        case _:
            assert_never(event)


def evolve_finding(_: Finding | None, event: OfFinding) -> Finding:
    """The last word."""
    of = event.model_dump(include={"sample_id", "period", "by", "at"})
    match event:
        case s.FindingNoted():
            return Finding(**of, item=event.item, verdict=event.verdict, note=event.note)
        case s.SampleClosed():
            return Finding(**of, item="", verdict=None, note=event.conclusion)
        case _:
            assert_never(event)


def _key_of_finding(event: OfFinding) -> str:
    return f"{event.sample_id}|{event.item if isinstance(event, s.FindingNoted) else ''}"


samples = Projection(
    name="console.samples",
    version=1,
    document=SampleShown,
    handles=members(OfSample),
    key=lambda event: event.sample_id,
    evolve=evolve_sample,
    indexes=("shelf,at",),
)
findings = Projection(
    name="console.sample_findings",
    version=1,
    document=Finding,
    handles=members(OfFinding),
    key=_key_of_finding,
    evolve=evolve_finding,
    indexes=("sample_id",),
)
