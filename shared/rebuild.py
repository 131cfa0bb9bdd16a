"""Filling a read model from the store, beside the live one: planned, throttled, paused, resumed, cancelled (DESIGN §5).

Nothing but documents, cursors and the job's own row is written: an effect is impossible by construction.
"""

import asyncio
import datetime as dt
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shared.clock import Clock
from shared.event_store.protocol import Commit, EventStore
from shared.messaging import Delivered, delivered_of
from shared.mongo import Database
from shared.projections.projector import Projector
from shared.projections.working_set import Collision, WorkingSet
from shared.telemetry import logger

BOUND = 20_000
"""Cursors and documents held in memory between two flushes."""
SAMPLE = 10


class JobState(StrEnum):
    """What a job is doing, or was asked to do."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


@dataclass(frozen=True)
class Plan:
    """What a rebuild would do. Effects that would fire: none, ever."""

    events: int
    by_type: dict[str, int]
    seconds: float
    effects: int = field(default=0, init=False)


class Rebuild:
    """One job over all projections of a projector, under the name of what it fills."""

    def __init__(self, projector: Projector, store: EventStore, database: Database, clock: Clock) -> None:
        self.name = "+".join(sorted(projection.id for projection in projector.projections))
        self._projector = projector
        self._store = store
        self._rows = database["rebuilds"]
        self._clock = clock
        self._log = logger("rebuild")

    async def plan(self, rate: float = 15_000) -> Plan:
        """Count what would be folded, by type, and estimate the time at `rate` events/s."""
        types: Counter[str] = Counter()
        async for window in self._windows(0):
            types.update(event["type"] for commit in window for event in commit["ev"])
        return Plan(types.total(), dict(types), types.total() / rate)

    async def fill(self, *, limit: float = 0) -> int:
        """Fold from the job's checkpoint up to the head of the store; the position reached.

        `limit` is a throttle in events/s (0: none). Killed at any moment, it goes on from the last flush: a
        checkpoint is never ahead of what is written. Memory is flat: at most about BOUND entries are held.
        """
        position = await self._start()
        working = self._projector.working_set()
        pending, since = position, time.monotonic()
        folded = 0
        async for window in self._windows(position):
            deliveries = _deliveries(self._projector.service, window)
            await self._projector.fold(working, deliveries, park=True)
            pending, folded = window[-1]["_id"], folded + len(deliveries)
            if len(working) >= BOUND:
                position = await self._flush(working, position, pending)
                if not await self._may_go_on():
                    return position
            if limit:
                await asyncio.sleep(max(0.0, folded / limit - (time.monotonic() - since)))
        position = await self._flush(working, position, pending)
        await self._save(state=JobState.DONE.value)
        return position

    async def ask(self, state: JobState) -> None:
        """Ask a running job to pause, go on, or stop; it obeys at its next flush."""
        await self._save(state=state.value)

    async def status(self) -> dict[str, Any] | None:
        """The job's row: position, state, and when it was last written."""
        return await self._rows.find_one({"_id": self.name})

    async def restart(self) -> None:
        """Forget the checkpoint, so that the next fill begins at the first event."""
        await self._rows.delete_one({"_id": self.name})

    async def _start(self) -> int:
        row = await self.status()
        position = int(row["position"]) if row else 0
        await self._save(state=JobState.RUNNING.value, position=position)
        return position

    async def _windows(self, position: int) -> AsyncIterator[Sequence[Commit]]:
        while window := await self._store.window(position):
            yield window
            position = window[-1]["_id"]

    async def _flush(self, working: WorkingSet, position: int, pending: int) -> int:
        try:
            await working.flush()
        except Collision:  # the live worker moved one of our cursors: fold this stretch again in small batches
            pending = await self._catch_up(position, pending)
        await self._save(position=pending)
        return pending

    async def _catch_up(self, position: int, until: int) -> int:
        while position < until:
            window = await self._store.window(position, min(100, until - position))
            await self._projector.apply(_deliveries(self._projector.service, window))
            position = window[-1]["_id"]
        return position

    async def _may_go_on(self) -> bool:
        while True:
            row = await self.status()
            state = JobState(row["state"]) if row else JobState.CANCELLED
            if state is not JobState.PAUSED:
                return state is JobState.RUNNING
            await asyncio.sleep(0.2)

    async def _save(self, **changes: Any) -> None:
        changes["at"] = self._clock.now().astimezone(dt.UTC)
        await self._rows.update_one({"_id": self.name}, {"$set": changes}, upsert=True)


def _deliveries(service: str, window: Sequence[Commit]) -> list[Delivered]:
    return [delivery for commit in window for delivery in delivered_of(service, commit)]
