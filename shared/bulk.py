"""Many commands at once, on streams that need not be read: for files of millions of lines."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from shared.command_handler import Answer, Attempt, Claims, CommandHandler, answer_of
from shared.envelope import Metadata
from shared.event_store.protocol import Conflict
from shared.kernel import Command, Decider, Event
from shared.metrics import COMMANDS
from shared.telemetry import span

S = TypeVar("S")
C = TypeVar("C", bound=Command)
E = TypeVar("E", bound=Event)


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
            outcomes = await asyncio.gather(
                *(self._append(decider, ask, events) for ask, events in zip(asks, decided, strict=True)),
                return_exceptions=True,
            )
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        COMMANDS.labels(self._service, "in bulk", "accepted").inc(len(asks))
        return cast("list[Answer]", outcomes)

    async def _append(self, decider: Decider[S, C, E], ask: Ask[S, C], events: Sequence[E]) -> Answer:
        fingerprint = await self._fingerprint(decider, ask.stream, ask.command, ask.meta)
        attempt = Attempt(decider, ask.stream, ask.command, ask.cmd, ask.meta, fingerprint, None)
        stored = await self._codec.encode(events, ask.stream, ask.cmd)
        try:
            return answer_of(
                ask.stream, await self._store.append(attempt.draft(ask.version, stored, ask.meta, Claims()))
            )
        except Conflict:
            return await self.handle(decider, ask.stream, ask.command, cmd=ask.cmd, meta=ask.meta)
