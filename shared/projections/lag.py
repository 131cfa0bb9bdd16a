"""How far each read model is behind the log, in events and in seconds, measured from store and cursors alone.

A consumer's own idea of its lag is not asked: if the reader of the topic's head is dead, it says zero (marten #4961).
"""

import asyncio
import datetime as dt
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from shared.clock import Clock
from shared.event_store.protocol import Commit, EventStore
from shared.kafka import partition_of
from shared.metrics import PROJECTION_LAG_EVENTS, PROJECTION_LAG_SECONDS
from shared.mongo import Database, PyMongoError, UpdateOne
from shared.projections.documents import AnyProjection
from shared.projections.pulse import progress
from shared.telemetry import logger

EVERY = 1.0
RESTING = 5.0
"""Seconds after which a read model with nothing to do is looked at again: silence would mean that nobody looks."""
REMEMBERED = 8
"""Stretches of the log that a round of measurements holds: one that walks far leaves the others behind anyway."""


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
                await self._look([one for one in self._projections if not self._rests(one.id, head)])
            except PyMongoError as error:
                self._log.warning("lag unknown", error=type(error).__name__)
            await asyncio.sleep(EVERY)

    def _rests(self, name: str, head: int) -> bool:
        position, measured = self._current.get(name, (None, 0.0))
        return position == head and time.monotonic() - measured < RESTING

    async def _look(self, projections: Sequence[AnyProjection]) -> None:
        for projection in projections:
            self._current.pop(projection.id, None)
        for projection, lag in zip(projections, await self.measure_all(projections), strict=True):
            if not lag.events:
                self._current[projection.id] = (lag.position, time.monotonic())
            PROJECTION_LAG_EVENTS.labels(self._service, projection.id).set(lag.events)
            PROJECTION_LAG_SECONDS.labels(self._service, projection.id).set(lag.seconds)

    async def measure(self, projection: AnyProjection) -> Lag:
        """One read model."""
        [lag] = await self.measure_all([projection])
        return lag

    async def measure_all(self, projections: Sequence[AnyProjection]) -> list[Lag]:
        """Walk up from what is known to be folded to the first commit that is not; note where that is.

        What lies ahead is read once for all of them: they are mostly at the same place.
        """
        if not projections:
            return []
        rows = self._database["progress"].find({"_id": {"$in": [one.id for one in projections]}})
        known: dict[str, Mapping[str, Any]] = {row["_id"]: row async for row in rows}
        ahead = _Ahead(self._store, self._database)
        lags = [await self._walk(one, int(known.get(one.id, {}).get("position", 0)), ahead) for one in projections]
        now = self._clock.now()
        await self._database["progress"].bulk_write(
            [
                UpdateOne(
                    {"_id": one.id}, {"$set": _fields(lag) | progress(known.get(one.id, {}), lag, now)}, upsert=True
                )
                for one, lag in zip(projections, lags, strict=True)
            ],
            ordered=False,
        )
        return lags

    async def _walk(self, projection: AnyProjection, position: int, ahead: "_Ahead") -> Lag:
        while (stretch := await ahead.after(position)).commits:
            if missing := stretch.missing(projection):
                return self._lag(missing[0]["_id"] - 1, missing, stretch.end, await ahead.head())
            position = stretch.end
        return Lag(position, 0, 0.0, head=position)

    def _lag(self, position: int, missing: Sequence[Commit], end: int, head: int) -> Lag:
        """Counted within the window that holds the oldest and ends there; beyond it, everything counts."""
        events = sum(commit["n"] for commit in missing) + max(head - end, 0)
        seconds = (self._clock.now() - missing[0]["at"]) / dt.timedelta(seconds=1)
        persons = {commit["meta"].get("person_id") for commit in missing} - {None}
        partitions: Counter[int] = Counter()
        since: dict[int, dt.datetime] = {}
        for commit in missing:
            partition = partition_of(commit["meta"]["pk"])
            partitions[partition] += commit["n"]
            since.setdefault(partition, commit["at"])
        return Lag(position, events, seconds, len(persons), dict(sorted(partitions.items())), since, max(head, end))


@dataclass(frozen=True)
class _Stretch:
    """A window of the log, how far each of its streams is folded, and which keys are parked."""

    commits: Sequence[Commit]
    cursors: Mapping[str, Mapping[str, Any]]
    parked: Collection[tuple[str, str]]

    @property
    def end(self) -> int:
        return self.commits[-1]["_id"]

    def missing(self, projection: AnyProjection) -> list[Commit]:
        """The commits that this read model has still to fold."""
        return [
            commit
            for commit in self.commits
            if commit["n"]
            and (projection.id, commit["s"]) not in self.parked
            and commit["v0"] + commit["n"] - 1 > self.cursors.get(commit["s"], {}).get(projection.id, 0)
        ]


class _Ahead:
    """What lies behind positions of the log, each stretch read once: for one round of measurements."""

    def __init__(self, store: EventStore, database: Database) -> None:
        self._store = store
        self._database = database
        self._stretches: dict[int, _Stretch] = {}
        self._head: int | None = None

    async def after(self, position: int) -> _Stretch:
        """The stretch that begins behind a position; without commits, the log ends there."""
        if position not in self._stretches:
            if len(self._stretches) >= REMEMBERED:
                self._stretches.pop(next(iter(self._stretches)))
            self._stretches[position] = await self._read(position)
        return self._stretches[position]

    async def head(self) -> int:
        """The last position, as this round knows it."""
        if self._head is None:
            self._head = (await self._store.head()).position
        return self._head

    async def _read(self, position: int) -> _Stretch:
        commits = await self._store.window(position)
        if not commits:
            return _Stretch((), {}, ())
        streams = list({commit["s"] for commit in commits if commit["n"]})
        rows = self._database["cursors"].find({"_id": {"$in": streams}})
        parked = self._database["parked"].find({"stream": {"$in": streams}}, {"stream": 1, "consumer": 1})
        return _Stretch(
            commits,
            {row["_id"]: row async for row in rows},
            {(row["consumer"], row["stream"]) async for row in parked},
        )


def _fields(lag: Lag) -> dict[str, Any]:
    """As it is stored: keys of a document are text."""
    change = asdict(lag)
    return change | {name: {str(key): one for key, one in change[name].items()} for name in ("partitions", "since")}
