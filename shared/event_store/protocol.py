"""What a store of events promises. The MongoDB store and the in-memory one pass the same cases."""

import datetime as dt
from collections.abc import Awaitable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NotRequired, Protocol, TypedDict

WINDOW = 1000
"""How many positions one read covers."""

FARTHEST = 1 << 62
"""A position beyond every log's, which the database can still compare: it knows integers of 8 bytes."""

MAX_EVENTS = 500
"""How many events one commit may hold: a bound that reads by version rely on."""

MAX_EVENT_BYTES = 900_000
"""An event of more could never be relayed: Kafka takes records up to 1 MiB, headers included."""


class StoredEvent(TypedDict):
    """One event inside a commit; `pii` holds the ciphertext of each personal field."""

    id: str
    type: str
    sv: int
    data: dict[str, Any]
    pii: NotRequired[dict[str, dict[str, Any]]]


class Commit(TypedDict):
    """The document of one commit, as stored and as hashed (DESIGN §3)."""

    _id: int
    s: str
    v0: int
    n: int
    cmd: str
    fp: bytes
    ev: list[StoredEvent]
    meta: dict[str, Any]
    at: dt.datetime
    ph: bytes
    h: bytes


@dataclass(frozen=True)
class Draft:
    """What one command wants to commit. `expected` is the version the decision was made on (0: the stream is new).

    No events = a repeat, stored with n = 0 so that its command id has one answer for ever. `fp` tells two bodies under
    one id apart; it is empty once the key it was made with is destroyed. `claims` are names that must belong to one
    stream only; `releases` are claims of this stream that end.
    """

    stream: str
    expected: int
    cmd: str
    fp: bytes
    events: Sequence[StoredEvent]
    meta: dict[str, Any]
    claims: Sequence[str] = field(default=())
    releases: Sequence[str] = field(default=())

    def __post_init__(self) -> None:
        """Refuse what no reader could find again."""
        if len(self.events) > MAX_EVENTS:
            raise ValueError(f"a commit holds {MAX_EVENTS} events at most")


@dataclass(frozen=True)
class Appended:
    """Where a command's answer stands. `repeated`: it stood there already."""

    position: int
    version: int
    events: int
    repeated: bool = False


class AppendError(Exception):
    """Base of what an append may answer.

    AppendError
    ├── Conflict          the stream moved since it was read: decide again
    ├── CommandReused     the command id already stands for something else
    ├── ClaimTaken        a claimed name belongs to another stream
    └── StoreUnavailable  no answer in time; the outcome is unknown: send the same command id again
    """


class Conflict(AppendError):  # noqa: N818 - an answer, named as the field names it
    """The stream moved since it was read."""


class CommandReused(AppendError):  # noqa: N818 - likewise
    """The command id already stands for another command, or is somebody else's."""


class ClaimTaken(AppendError):  # noqa: N818 - likewise
    """A claimed name belongs to another stream. `kind` is the part of the name before the colon."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"a claim of kind {kind} is taken")
        self.kind = kind


class StoreUnavailable(AppendError):  # noqa: N818 - likewise
    """No answer in time. Nobody knows whether it was stored: repeat it under the same command id."""


class Corrupted(Exception):  # noqa: N818 - likewise
    """The log has a hole or a broken chain: halt and alarm, never go on."""


@dataclass(frozen=True)
class Head:
    """The last commit of a store: position 0 and an all-zero hash before the first."""

    position: int
    hash: bytes
    at: dt.datetime


class Signal(Protocol):
    """Told after each append in this process, so that the relay need not wait."""

    def __call__(self) -> None:
        """Wake whoever waits."""
        ...


class EventStore(Protocol):
    """A log of commits at dense positions 1, 2, 3 …; versions are contiguous within a stream."""

    def append(self, draft: Draft) -> Awaitable[Appended]:
        """Store a commit, or say where the same command already stands. It goes its way, awaited or not.

        Raises:
            Conflict, CommandReused, ClaimTaken, StoreUnavailable: see AppendError.
        """
        ...

    async def head(self) -> Head:
        """The last commit that a majority holds."""
        ...

    async def window(self, after: int, limit: int = WINDOW) -> list[Commit]:
        """Commits at positions after+1 … after+limit, in order, as far as they exist.

        Raises:
            Corrupted: a position is missing between two that exist.
        """
        ...

    async def stream(self, stream: str, after_version: int = 0) -> list[Commit]:
        """Commits with events of one stream that hold any version above `after_version`, in order."""
        ...

    async def later(self, stream: str, version: int) -> list[Commit]:
        """Commits with events of one stream that follow `version`, the last of a commit (0: all), in order."""
        ...

    async def command(self, cmd: str) -> Commit | None:
        """The commit of a command id."""
        ...

    async def streams_of(self, member_or_person: str) -> list[str]:
        """Every stream whose commits name this member or person."""
        ...

    async def acts_of(self, person: str, limit: int, only: Collection[str] = ()) -> list[Commit]:
        """The last commits with events that this person brought about, or somebody who acted for him: newest first.

        What a visitor did to his account counts as his: whoever signs in is nobody yet. `only`: with such an event.
        """
        ...

    async def holders(self, claims: Sequence[str]) -> dict[str, str]:
        """The stream that holds each of these names, where one does."""
        ...

    async def correlated(self, correlation_id: str) -> list[Commit]:
        """All commits of one correlation, in order."""
        ...
