"""Lines of feeds that were set aside and wait for an agent: a read model, and its kind of the desk's work."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, assert_never

from pydantic import AwareDatetime

from shared.admin import Decided, Decision, Kind, WorkItem
from shared.feeds.log import FeedAccepted, FeedLineSettled, Settled, SettleLine
from shared.kernel import Issued, Projection, Value, members

if TYPE_CHECKING:
    from shared.service import Service

KIND: Final = "feed-line"
KEPT: Final = 5000
"""Of one feed, the newest: a file full of errors is its sender's business, line by line."""

Shown = FeedAccepted | FeedLineSettled


class LineSetAside(Value):
    """A stable code says why; what the line holds, its sender knows."""

    sequence: int
    line: int
    reason: str
    since: AwareDatetime


class SetAsideLines(Value):
    """Read model: what waits of one feed, the oldest first."""

    feed: str
    lines: tuple[LineSetAside, ...] = ()


def evolve(before: SetAsideLines | None, event: Shown) -> SetAsideLines:
    known = before.lines if before else ()
    match event:
        case FeedAccepted():
            new = (
                LineSetAside(sequence=event.sequence, line=one.line, reason=one.reason, since=event.at)
                for one in event.listed
            )
            return SetAsideLines(feed=event.feed, lines=(*known, *new)[-KEPT:])
        case FeedLineSettled(sequence=sequence, line=line):
            left = tuple(one for one in known if (one.sequence, one.line) != (sequence, line))
            return SetAsideLines(feed=event.feed, lines=left)
        case _:
            assert_never(event)


def set_aside_lines(service: str) -> Projection[SetAsideLines, Shown]:
    """The read model of one service."""
    return Projection(
        name=f"{service}.set_aside_lines",
        version=1,
        document=SetAsideLines,
        handles=members(Shown),
        key=lambda event: event.feed,
        evolve=evolve,
    )


def set_aside_work(service: "Service", shown: Projection[SetAsideLines, Shown], feeds: Sequence[str]) -> Kind:
    """What the desk sees of it; `feeds` are the service's own."""
    decisions = tuple(Decision(name=how.value) for how in Settled)

    async def waiting() -> Sequence[WorkItem]:
        found = [await service.queries.get(shown, feed) for feed in feeds]
        return [
            WorkItem(
                kind=KIND,
                id=f"{document.feed}-{one.sequence}-{one.line}",
                since=one.since,
                summary={
                    "feed": document.feed,
                    "sequence": str(one.sequence),
                    "line": str(one.line),
                    "reason": one.reason,
                },
                decisions=decisions,
            )
            for document in found
            if document is not None
            for one in document.lines
        ]

    return Kind(KIND, waiting, settle)


def settle(item: WorkItem, form: Decided, now: dt.datetime) -> Issued:
    """What a decision is."""
    feed, sequence, line = item.summary["feed"], int(item.summary["sequence"]), int(item.summary["line"])
    command = SettleLine(at=now, feed=feed, sequence=sequence, line=line, how=Settled(form.decision))
    return Issued(f"feed:{feed}", command)
