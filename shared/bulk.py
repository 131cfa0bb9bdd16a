"""Many commands at once, on streams that need not be read: for files of millions of lines."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from shared.command_handler import Answer, Attempt, Claims, CommandHandler, answer_of
from shared.envelope import Metadata
from shared.event_store.protocol import Appended, Conflict, Draft
from shared.kernel import Command, Decider, Event
from shared.metrics import COMMANDS
from shared.telemetry import span

S = TypeVar("S")
C = TypeVar("C", bound=Command)
E = TypeVar("E", bound=Event)

SLICE: Final = 64
"""Commands that are encoded before others have their turn."""


@dataclass(frozen=True)
class Ask(Generic[S, C]):
    """A command on a stream whose state and version the caller holds to be known; the store has the last word."""

    stream: str
    command: C
    cmd: str
    meta: Metadata
    state: S
    version: int = 0


class BulkHandler(CommandHandler):
    """Handles commands one by one, and by the thousand."""

    async def handle_all(self, decider: Decider[S, C, E], asks: Sequence[Ask[S, C]]) -> list[Answer]:
        """Decide many commands at once without reading their streams: for files of millions of lines.

        Whoever was mistaken about a stream is told by the store; that one command is then decided as by `handle`.

        Raises:
            Rejected, Conflict, CommandReused, StoreUnavailable: of one of them; the others may be stored.
        """
        with span(f"decide {decider.category} in bulk", {"commands": len(asks), "stream.category": decider.category}):
            decided = [decider.decide(ask.state, ask.command) for ask in asks]
            await self._codec.prepare([event for events in decided for event in events])
            under_way: list[asyncio.Future[Appended]] = []
            try:
                for number, (ask, events) in enumerate(zip(asks, decided, strict=True)):
                    draft = await self._draft(decider, ask, events)
                    under_way.append(asyncio.ensure_future(self._store.append(draft)))
                    if number % SLICE == SLICE - 1:
                        await asyncio.sleep(0)  # the first are written while the last are encoded
            finally:
                outcomes = await asyncio.gather(*under_way, return_exceptions=True)
            answers = [await self._settled(decider, *one) for one in zip(asks, outcomes, strict=True)]
        COMMANDS.labels(self._service, "in bulk", "accepted").inc(len(asks))
        return answers

    async def _draft(self, decider: Decider[S, C, E], ask: Ask[S, C], events: Sequence[E]) -> Draft:
        fingerprint = await self._fingerprint(decider, ask.stream, ask.command, ask.meta)
        attempt = Attempt(decider, ask.stream, ask.command, ask.cmd, ask.meta, fingerprint, None)
        stored = await self._codec.encode(events, ask.stream, ask.cmd)
        return attempt.draft(ask.version, stored, ask.meta, Claims())

    async def _settled(self, decider: Decider[S, C, E], ask: Ask[S, C], outcome: Appended | BaseException) -> Answer:
        if isinstance(outcome, Conflict):
            return await self.handle(decider, ask.stream, ask.command, cmd=ask.cmd, meta=ask.meta)
        if isinstance(outcome, BaseException):
            raise outcome
        return answer_of(ask.stream, outcome)
