"""Filling a read model from the store, beside the live one: planned, throttled, paused, resumed, cancelled (DESIGN §5).

Nothing but documents, cursors and the job's own row is written: an effect is impossible by construction.
"""

import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.clock import Clock
from shared.event_store.protocol import Commit, EventStore
from shared.jobs import JobRow, JobState
from shared.leases import Lease
from shared.messaging import Delivered, delivered_of
from shared.mongo import Database
from shared.pace import Pace, Stride
from shared.projections.documents import sealed_size
from shared.projections.projector import Projector
from shared.projections.refold import refold
from shared.projections.working_set import WorkingSet
from shared.projections.writes import Collision, TooLarge
from shared.scopes import WHOLE, Scope

BOUND = 10_000
"""Cursors and documents held in memory between two flushes, at most; fewer where a flush of so many takes long.

Twice as many with an index of points did not fit one transaction of a cache of 1 GB.
"""
LONGEST = 5.0
"""Seconds between two flushes: so much work a kill may cost."""
BYTES = 8_000_000
"""Of sealed fields in the events folded and the documents read between two flushes: large ones are held fewer at a
time, for in memory they weigh several times as much."""


@dataclass(frozen=True)
class Plan:
    """What a rebuild would do. Effects that would fire: none, ever."""

    events: int
    by_type: dict[str, int]
    seconds: float
    effects: int = field(default=0, init=False)


class Rebuild:
    """One job over all projections of a projector, under the name of what it fills."""

    def __init__(
        self,
        projector: Projector,
        store: EventStore,
        database: Database,
        clock: Clock,
        scope: Scope = WHOLE,
        bound: int = BOUND,
        lease: Lease | None = None,
    ) -> None:
        """With a lease, held already: whoever takes it over has a higher epoch, and this one writes no more."""
        models = "+".join(sorted(projection.id for projection in projector.projections))
        self.name = models if scope.whole else f"{models} ({scope})"
        self._projector = projector
        self._store = store
        self._scope = scope
        self._stride = Stride(bound)
        self._row = JobRow(database["rebuilds"], self.name, clock, lease)

    async def plan(self, rate: float = 15_000) -> Plan:
        """Count what would be folded, by type, and estimate the time at `rate` events/s."""
        types: Counter[str] = Counter()
        async for delivery in self._covered():
            types[delivery.stored["type"]] += 1
        return Plan(types.total(), dict(types), types.total() / rate)

    async def _covered(self) -> AsyncIterator[Delivered]:
        if self._scope.whole:
            async for window in self._windows():
                for delivery in _deliveries(self._projector.service, window):
                    yield delivery
            return
        async for _, person in self._scope.persons(self._store):
            for stream in await self._store.streams_of(person):
                for delivery in await self._projector.events(stream):
                    yield delivery

    async def fill(self, *, limit: float = 0) -> int:
        """Fold from the job's checkpoint up to the head of the store; the position reached.

        `limit` is a throttle in events/s (0: none), which `throttle` changes meanwhile. Killed at any moment, it goes
        on from the last flush: a checkpoint is never ahead of what is written. Memory is flat: see BOUND and BYTES.
        """
        run = self._whole if self._scope.whole else self._persons
        return await run(await self._start(limit), Pace(limit))

    async def _whole(self, position: int, pace: Pace) -> int:
        working = self._projector.working_set()
        pending, flushed, folded = position, time.monotonic(), 0
        while window := await self._store.window(pending, pace.at_once):
            deliveries = _deliveries(self._projector.service, window)
            await self._projector.fold(working, deliveries, park=True)
            pending, folded = window[-1]["_id"], folded + sum(sealed_size(one.stored) for one in deliveries)
            self._row.events += len(deliveries)
            await pace.keep(len(window), len(deliveries), lambda: self._disturbed(pace))
            full = folded + working.weight >= BYTES or len(working) >= self._stride.entries
            if full or time.monotonic() - flushed > LONGEST or await self._disturbed(pace):
                position, flushed, folded = await self._flush(working, position, pending), time.monotonic(), 0
                if not await self._row.may_go_on():
                    return position
        position = await self._flush(working, position, pending)
        await self._row.save(state=JobState.DONE.value)
        return position

    async def _persons(self, position: int, pace: Pace) -> int:
        async for before, person in self._scope.persons(self._store, position):
            if before > position:
                position = before
                await self._row.save(position=position)
            await self._row.hold()
            events = await refold(self._projector, await self._store.streams_of(person))
            self._row.events += events
            await pace.keep(1, events, lambda: self._disturbed(pace))
            if await self._disturbed(pace) and not await self._row.may_go_on():
                return position
        await self._row.save(state=JobState.DONE.value)
        return position

    async def ask(self, state: JobState) -> None:
        """Ask a running job to pause, go on, or stop; it obeys within a second or so."""
        await self._row.ask(state)

    async def status(self) -> dict[str, Any] | None:
        """The job's row: position, state, when it was last written; events, seconds and memory of this run."""
        return await self._row.read()

    async def wait(self) -> None:
        """Wait for as long as the job is paused."""
        await self._row.may_go_on()

    async def restart(self) -> None:
        """Forget the checkpoint, so that the next fill begins at the first event.

        Only what is missing is added then: cursors drop the rest. Documents that are wrong need a scope or a version.
        """
        await self._row.forget()

    async def throttle(self, limit: float) -> None:
        """Let a running job go at so many events/s (0: as fast as it can); it does within a second or so."""
        await self._row.throttle(limit)

    async def _disturbed(self, pace: Pace) -> bool:
        asked = await self._row.was_asked()
        pace.go(self._row.limit)
        return asked

    async def _start(self, limit: float) -> int:
        row = await self.status() or {}
        over = not self._scope.whole and row.get("state") == JobState.DONE.value  # asked anew: from its beginning
        position = 0 if over else int(row.get("position", 0))
        await self._row.begin(position, limit)
        return position

    async def _windows(self, position: int = 0) -> AsyncIterator[Sequence[Commit]]:
        while window := await self._store.window(position):
            yield window
            position = window[-1]["_id"]

    async def _flush(self, working: WorkingSet, position: int, pending: int) -> int:
        await self._row.hold()
        entries, started = len(working), time.monotonic()
        try:
            await working.flush()
        except (Collision, TooLarge):  # the live worker moved a cursor, or the cache is full: again, in small batches
            pending = await self._catch_up(position, pending)
        self._stride.took(entries, time.monotonic() - started)
        await self._row.save(position=pending)
        return pending

    async def _catch_up(self, position: int, until: int) -> int:
        while position < until:
            window = await self._store.window(position, min(100, until - position))
            await self._projector.apply(_deliveries(self._projector.service, window))
            position = window[-1]["_id"]
        return position


def _deliveries(service: str, window: Sequence[Commit]) -> list[Delivered]:
    return [delivery for commit in window for delivery in delivered_of(service, commit)]
