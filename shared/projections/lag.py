"""How far each read model is behind the log, in events and in seconds, measured from store and cursors alone.

A consumer's own idea of its lag is not asked: if the reader of the topic's head is dead, it says zero (marten #4961).
"""

import asyncio
import datetime as dt
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from shared.clock import Clock
from shared.event_store.protocol import Commit, EventStore
from shared.kafka import partition_of
from shared.metrics import PROJECTION_LAG_EVENTS, PROJECTION_LAG_SECONDS
from shared.mongo import Database, PyMongoError
from shared.projections.documents import AnyProjection
from shared.projections.pulse import progress
from shared.telemetry import logger

EVERY = 1.0
RESTING = 5.0
"""Seconds after which a read model with nothing to do is looked at again: silence would mean that nobody looks."""


@dataclass(frozen=True)
class Lag:
    """Every commit up to `position` is folded (or parked); `events` are not, the oldest since `seconds`.

    `persons` see an older state than they could, and `partitions` says where events wait; both look no further than one
    window beyond `position`.
    """

    position: int
    events: int
    seconds: float
    persons: int = 0
    partitions: Mapping[int, int] = field(default_factory=dict)
    since: Mapping[int, dt.datetime] = field(default_factory=dict, compare=False)
    """By partition: when the oldest event that waits there was recorded."""
    head: int = field(default=0, compare=False)
    """The last commit that this measurement knows of: whoever reads it must advance, too."""


class LagMeter:
    """Keeps, per read model, the position below which everything is folded: `progress/<id>`, derived data."""

    def __init__(
        self, service: str, projections: Sequence[AnyProjection], store: EventStore, database: Database, clock: Clock
    ) -> None:
        self._service = service
        self._projections = projections
        self._store = store
        self._database = database
        self._clock = clock
        self._log = logger("lag")
        self._current: dict[str, tuple[int, float]] = {}

    async def run(self) -> None:
        """Measure every second, for ever; what is up to date and where nothing has come since, every few seconds."""
        while True:
            try:
                head = (await self._store.head()).position
                for projection in self._projections:
                    if not self._rests(projection.id, head):
                        await self._look(projection)
            except PyMongoError as error:
                self._log.warning("lag unknown", error=type(error).__name__)
            await asyncio.sleep(EVERY)

    def _rests(self, name: str, head: int) -> bool:
        position, measured = self._current.get(name, (None, 0.0))
        return position == head and time.monotonic() - measured < RESTING

    async def _look(self, projection: AnyProjection) -> None:
        self._current.pop(projection.id, None)
        lag = await self.measure(projection)
        if not lag.events:
            self._current[projection.id] = (lag.position, time.monotonic())
        self._publish(projection, lag)

    async def measure(self, projection: AnyProjection) -> Lag:
        """Walk up from what is known to be folded to the first commit that is not; note where that is."""
        row = await self._database["progress"].find_one({"_id": projection.id}) or {}
        position = int(row.get("position", 0))
        while window := await self._store.window(position):
            missing = await self._missing(projection, window)
            if missing:
                position = missing[0]["_id"] - 1
                break
            position = window[-1]["_id"]
        lag = await self._lag(position, missing, window[-1]["_id"]) if window else Lag(position, 0, 0.0, head=position)
        change = asdict(lag)
        change |= {name: {str(key): one for key, one in change[name].items()} for name in ("partitions", "since")}
        change |= progress(row, lag, self._clock.now())
        await self._database["progress"].update_one({"_id": projection.id}, {"$set": change}, upsert=True)
        return lag

    async def _missing(self, projection: AnyProjection, window: Sequence[Commit]) -> list[Commit]:
        streams = list({commit["s"] for commit in window if commit["n"]})
        rows = self._database["cursors"].find({"_id": {"$in": streams}}, {projection.id: 1})
        cursors: dict[str, Any] = {row["_id"]: row.get(projection.id, 0) async for row in rows}
        parked = self._database["parked"].find({"consumer": projection.id, "stream": {"$in": streams}}, {"stream": 1})
        waiting = {row["stream"] async for row in parked}
        return [
            commit
            for commit in window
            if commit["n"]
            and commit["s"] not in waiting
            and commit["v0"] + commit["n"] - 1 > cursors.get(commit["s"], 0)
        ]

    async def _lag(self, position: int, missing: Sequence[Commit], end: int) -> Lag:
        """Counted within the window that holds the oldest and ends there; beyond it, everything counts."""
        head = (await self._store.head()).position
        beyond = head - end
        events = sum(commit["n"] for commit in missing) + beyond
        seconds = (self._clock.now() - missing[0]["at"]) / dt.timedelta(seconds=1)
        persons = {commit["meta"].get("person_id") for commit in missing} - {None}
        partitions: Counter[int] = Counter()
        since: dict[int, dt.datetime] = {}
        for commit in missing:
            partition = partition_of(commit["meta"]["pk"])
            partitions[partition] += commit["n"]
            since.setdefault(partition, commit["at"])
        return Lag(position, events, seconds, len(persons), dict(sorted(partitions.items())), since, head)

    def _publish(self, projection: AnyProjection, lag: Lag) -> None:
        PROJECTION_LAG_EVENTS.labels(self._service, projection.id).set(lag.events)
        PROJECTION_LAG_SECONDS.labels(self._service, projection.id).set(lag.seconds)
