"""One file of a feed on its way: its lines become commands, window after window; a bad line stops no other."""

import asyncio
import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, NamedTuple, Protocol

import orjson
from pydantic import ValidationError

from shared.clock import Clock
from shared.envelope import Metadata
from shared.event_store.protocol import ClaimTaken, CommandReused
from shared.feeds.format import LONGEST, Content, Feed, Header, Kind, Line, Order, Report, lines_of
from shared.feeds.log import AcceptFeed, AdvanceFeed, FeedCommand, SetAside, StartFeed, feed_log
from shared.kernel import Rejected

LISTED: Final = 1000
"""How many of the lines set aside are named one by one; all are counted."""
WINDOW: Final = 512
"""Lines worked on side by side: enough for the store to group their commits."""
NOTED: Final = 5_000
"""Lines between two notes of how far a file is: so many a resumed one reads again at most."""
NAMESPACE: Final = uuid.UUID("8f0c7a52-54f5-5d0e-9e0a-6a2f0e1b7c11")


Told = Callable[[int, int, int], None]
"""Lines read, lines in the file, lines set aside: called after every window."""


def silent(_read: int, _lines: int, _set_aside: int) -> None:
    """Nobody is told."""


class Carrier(Protocol):
    """The part of a service that carries commands out; each method as in shared.service."""

    async def handle(self, stream: str, command: Any, *, cmd: str, meta: Metadata) -> Any:
        """Decide a command and store the outcome."""
        ...

    async def state(self, stream: str) -> tuple[Any, int]:
        """The state of a stream, and its version."""
        ...


class _Task(NamedTuple):
    line: Line
    nth: int
    order: Order


@dataclass
class Run:
    """One file on its way."""

    service: Carrier
    feed: Feed
    header: Header
    signature: bytes
    clock: Clock
    told: Told
    every: int
    read: int = 0
    set_aside: int = 0
    listed: list[SetAside] = field(default_factory=list)

    def __post_init__(self) -> None:
        # The signature names the file as well as its bytes do, and nobody can guess the bytes from it.
        self.file = hashlib.sha256(self.signature).hexdigest()

    async def run(self, content: Content) -> Report:
        name, sequence, as_of = self.feed.name, self.header.sequence, self.header.as_of
        await self._note(StartFeed(at=self.clock.now(), feed=name, sequence=sequence, as_of=as_of, file=self.file))
        known, _ = await self.service.state(f"feed:{name}")
        self.read, self.set_aside, self.listed = known.read, known.set_aside, list(known.listed)
        noted, named = self.read, len(self.listed)
        numbered = islice(enumerate(lines_of(content)), self.read + 1, None)
        while window := list(islice(numbered, WINDOW)):
            await self._window(window)
            self.read = window[-1][0]
            self.told(self.read, self.header.lines, self.set_aside)
            if self.read - noted >= self.every:
                await self._advance(named)
                noted, named = self.read, len(self.listed)
        outcome: dict[str, Any] = {
            "lines": self.header.lines,
            "set_aside": self.set_aside,
            "listed": tuple(self.listed),
        }
        await self._note(AcceptFeed(at=self.clock.now(), file=self.file, **outcome))
        return Report(feed=name, sequence=sequence, **outcome)

    async def _advance(self, named: int) -> None:
        listed = tuple(self.listed[named:])
        note = AdvanceFeed(at=self.clock.now(), file=self.file, read=self.read, set_aside=self.set_aside, listed=listed)
        await self._note(note, f"|{self.read}")

    async def _note(self, command: FeedCommand, part: str = "") -> None:
        stream = f"feed:{self.feed.name}"
        state, _ = await self.service.state(stream)
        feed_log.decide(state, command)  # under a known command id the old answer would come back, not a refusal
        meta = self._meta(self.feed.name)
        await self.service.handle(stream, command, cmd=self._id(f"{type(command).__name__}{part}"), meta=meta)

    async def _window(self, window: Sequence[tuple[int, bytes]]) -> None:
        """Streams side by side, the commands of one stream in the order of the lines."""
        refused: dict[int, str] = {}
        streams: dict[str, list[_Task]] = {}
        for number, text in window:
            for task in await self._read(number, text, refused):
                streams.setdefault(task.order.stream, []).append(task)
        outcomes = await asyncio.gather(
            *(self._carry_out(tasks, refused) for tasks in streams.values()), return_exceptions=True
        )
        for failure in outcomes:
            if failure is not None:
                raise failure
        self.set_aside += len(refused)
        found = [SetAside(line=number, reason=reason) for number, reason in sorted(refused.items())]
        self.listed += found[: LISTED - len(self.listed)]

    async def _read(self, number: int, text: bytes, refused: dict[int, str]) -> list[_Task]:
        line = Line(number, self._id(number), self.header.as_of, self.clock.now())
        try:
            kind, data = self._kind(text)
            orders = await kind.orders(kind.model.model_validate(data), line)
        except Rejected as refusal:
            refused[number] = refusal.code
        except ValidationError as error:
            refused[number] = _invalid(error)
        else:
            return [_Task(line, nth, order) for nth, order in enumerate(orders)]
        return []

    def _kind(self, text: bytes) -> tuple[Kind[Any], dict[str, Any]]:
        try:
            data = orjson.loads(text) if len(text) <= LONGEST else None
        except orjson.JSONDecodeError:
            data = None
        if not isinstance(data, dict):
            raise Rejected("line-unreadable")
        kind = self.feed.kinds.get(str(data.pop("kind", "")))
        if kind is None:
            raise Rejected("line-kind-unknown")
        return kind, data

    async def _carry_out(self, tasks: Sequence[_Task], refused: dict[int, str]) -> None:
        for line, nth, order in tasks:
            cmd = self._id(f"{line.number}|{nth}")
            try:
                await self.service.handle(order.stream, order.command, cmd=cmd, meta=self._meta(order.pk, order))
            except Rejected as refusal:
                refused[line.number] = refusal.code
            except ClaimTaken as taken:
                refused[line.number] = f"{taken.kind}-taken"
            except CommandReused:  # carried out before the program learned to read this line otherwise
                refused[line.number] = "command-reused"

    def _id(self, part: object) -> str:
        return str(uuid.uuid5(NAMESPACE, f"{self.file}|{part}"))

    def _meta(self, pk: str, order: Order | None = None) -> Metadata:
        return Metadata(
            pk=pk,
            actor=self.feed.sender,
            actor_kind="feed",
            correlation_id=self._id("file"),
            member_id=order.member_id if order else None,
            person_id=order.person_id if order else None,
            channel="feed",
        )


def _invalid(error: ValidationError) -> str:
    """The fields that are wrong: names of ours, never the sender's text."""
    names = {str(found["loc"][0]) for found in error.errors() if found["loc"] and found["type"] != "extra_forbidden"}
    return ":".join(["line-invalid", *sorted(names)])
