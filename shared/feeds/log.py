"""Which files of a feed were taken: one stream per feed, `feed:<name>`. Pure."""

import datetime as dt
from enum import StrEnum
from typing import Final, assert_never

from pydantic import AwareDatetime

from shared.kernel import Command, Decider, Event, Value, require

AHEAD: Final = dt.timedelta(days=1)
"""A file dated later than this would shut out every file until that day."""


class SetAside(Value):
    """A line that led to nothing, and why: a stable code, never what the line holds."""

    line: int
    reason: str


class Settled(StrEnum):
    """What an agent found out about a line that was set aside."""

    CORRECTED = "corrected"
    """Its sender has been told, and sends it again."""
    UNFOUNDED = "unfounded"
    """It was right to set it aside."""


class StartFeed(Command):
    """Begin a file, or go on with one that was interrupted. `file` tells two files apart."""

    feed: str
    sequence: int
    as_of: AwareDatetime
    file: str


class AdvanceFeed(Command):
    """Note that the file's first `read` lines are carried out: a resumed one goes on behind them.

    `set_aside` counts all of them so far, `listed` names those since the last such note.
    """

    file: str
    read: int
    set_aside: int
    listed: tuple[SetAside, ...]


class AcceptFeed(Command):
    """Note that every line of a file was read."""

    file: str
    lines: int
    set_aside: int
    listed: tuple[SetAside, ...]


class SettleLine(Command):
    """An agent has seen to a line that was set aside."""

    feed: str
    sequence: int
    line: int
    how: Settled


class FeedStarted(Event, name="FeedStarted"):
    """A file has begun to change things: older ones come too late from now on."""

    feed: str
    sequence: int
    as_of: AwareDatetime
    file: str


class FeedAdvanced(Event, name="FeedAdvanced"):
    """So many lines of a file are carried out."""

    feed: str
    sequence: int
    read: int
    set_aside: int
    listed: tuple[SetAside, ...]


class FeedAccepted(Event, name="FeedAccepted"):
    """A file was read to its end. `listed` names the first of the lines set aside."""

    feed: str
    sequence: int
    as_of: AwareDatetime
    lines: int
    set_aside: int
    listed: tuple[SetAside, ...]


class FeedLineSettled(Event, name="FeedLineSettled"):
    """A line that was set aside needs nobody any more. Which agent says so stands in the commit."""

    feed: str
    sequence: int
    line: int
    how: Settled


FeedCommand = StartFeed | AdvanceFeed | AcceptFeed | SettleLine
FeedEvent = FeedStarted | FeedAdvanced | FeedAccepted | FeedLineSettled


class FeedLog(Value):
    """The last file of a feed, how far it was read, what of it was set aside, and whether it is done."""

    feed: str = ""
    sequence: int = 0
    as_of: AwareDatetime | None = None
    file: str = ""
    read: int = 0
    set_aside: int = 0
    listed: tuple[SetAside, ...] = ()
    done: bool = True
    settled: frozenset[tuple[int, int]] = frozenset()
    """Of lines that were set aside, file and line."""


def decide(log: FeedLog, command: FeedCommand) -> list[FeedEvent]:
    match command:
        case StartFeed(sequence=sequence, as_of=as_of):
            if command.file == log.file and not log.done:
                return []  # it was interrupted
            require(sequence != log.sequence, otherwise="feed-repeated")
            require(sequence > log.sequence, otherwise="feed-older")
            require(log.as_of is None or as_of >= log.as_of, otherwise="feed-older")
            require(as_of <= command.at + AHEAD, otherwise="feed-from-the-future")
            return [FeedStarted(**command.model_dump())]

        case AdvanceFeed(read=read):
            require(command.file == log.file and not log.done, otherwise="feed-overtaken")
            facts = command.model_dump(exclude={"file"})
            return [FeedAdvanced(feed=log.feed, sequence=log.sequence, **facts)] if read > log.read else []

        case AcceptFeed():
            require(command.file == log.file and log.as_of is not None, otherwise="feed-overtaken")
            return [] if log.done else [_accepted(log, command)]

        case SettleLine(sequence=sequence, line=line):
            return [] if (sequence, line) in log.settled else [FeedLineSettled(**command.model_dump())]

        case _:
            assert_never(command)


def _accepted(log: FeedLog, command: AcceptFeed) -> FeedAccepted:
    assert log.as_of is not None
    return FeedAccepted(
        at=command.at,
        feed=log.feed,
        sequence=log.sequence,
        as_of=log.as_of,
        lines=command.lines,
        set_aside=command.set_aside,
        listed=command.listed,
    )


def evolve(log: FeedLog, event: FeedEvent) -> FeedLog:
    match event:
        case FeedStarted():
            told = event.model_dump(include={"feed", "sequence", "as_of", "file"})
            return FeedLog(**told, done=False, settled=log.settled)
        case FeedAdvanced():
            listed = (*log.listed, *event.listed)
            return log.model_copy(update={"read": event.read, "set_aside": event.set_aside, "listed": listed})
        case FeedAccepted():
            return log.model_copy(update={"done": True, "listed": ()})
        case FeedLineSettled(sequence=sequence, line=line):
            return log.model_copy(update={"settled": log.settled | {(sequence, line)}})
        case _:
            assert_never(event)


feed_log = Decider(category="feed", retention="feeds", initial=FeedLog(), decide=decide, evolve=evolve)
FEED_EVENTS: Final = (FeedStarted, FeedAdvanced, FeedAccepted, FeedLineSettled)
