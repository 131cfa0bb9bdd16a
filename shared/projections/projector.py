"""Folding events into read models: per stream, each version exactly once, whatever order they come in."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import Any

from shared.clock import Clock
from shared.codec import EventCodec, Poisoned
from shared.envelope import Recorded
from shared.event_store.protocol import EventStore
from shared.kernel import Event
from shared.messaging import Delivered, delivered_of
from shared.metrics import PROJECTED_EVENTS
from shared.mongo import Client, Database, PyMongoError
from shared.projections.documents import AnyProjection, DocumentCodec
from shared.projections.working_set import Collision, WorkingSet
from shared.telemetry import logger

Opened = Recorded[Event] | Poisoned
PATIENCE = 1.0
"""Seconds for which a failing event is tried again before its key is parked."""


class EventFailed(Exception):  # noqa: N818 - said as it is
    """An event could not be folded, and it is too early to park its key."""


class Projector:
    """All read models of one service. The live agent and the rebuild apply batches through it."""

    def __init__(
        self,
        service: str,
        projections: Sequence[AnyProjection],
        client: Client,
        database: Database,
        store: EventStore,
        codec: EventCodec,
        documents: DocumentCodec,
        clock: Clock,
        patience: float = PATIENCE,
    ) -> None:
        self.service = service
        self.projections = projections
        self.database = database
        self._client = client
        self._store = store
        self._codec = codec
        self._documents = documents
        self._clock = clock
        self._patience = patience
        self._log = logger("projector")

    async def prepare(self) -> None:
        """Create the indexes of every collection."""
        await self.database["parked"].create_index("stream")
        for projection in self.projections:
            for name in projection.indexes:
                await self.database[projection.id].create_index(name)

    def working_set(self) -> WorkingSet:
        """An empty one over all projections."""
        return WorkingSet(self._client, self.database, self.projections, self._documents)

    async def apply(self, deliveries: Sequence[Delivered]) -> None:
        """Fold a batch and write it; returns once it is durable, whatever it takes. Safe to repeat."""
        started = time.monotonic()
        pause = 0.01
        while True:
            try:
                working = self.working_set()
                await self.fold(working, deliveries, park=time.monotonic() - started >= self._patience)
                await working.flush()
            except Collision:
                self._log.info("collision", events=len(deliveries))
            except (PyMongoError, EventFailed) as error:
                self._log.warning("batch waits", error=type(error.__cause__ or error).__name__)
            else:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)

    async def fold(self, working: WorkingSet, deliveries: Sequence[Delivered], *, park: bool) -> None:
        """Fold deliveries into a working set; versions that are missing between them come from the store.

        Raises:
            EventFailed: an event could not be folded, and `park` is off.
        """
        await working.load_streams({delivery.stream for delivery in deliveries})
        complete = await self._complete(working, deliveries)
        opened = await self._codec.open(sorted(complete, key=lambda one: (one.position, one.index)))
        keys = self._keys(working, opened)
        await working.load_documents([(projection, key) for projection, key in keys.values() if key is not None])
        for entry in opened:
            for projection in working.projections:
                self._step(working, projection, entry, keys.get((projection.id, entry.id)), park=park)

    async def _complete(self, working: WorkingSet, deliveries: Sequence[Delivered]) -> Iterable[Delivered]:
        """What is new, each version once, without gaps from the lowest cursor on."""
        streams: dict[str, dict[int, Delivered]] = {}
        for delivery in deliveries:
            streams.setdefault(delivery.stream, {})[delivery.version] = delivery
        for stream, versions in streams.items():
            low = min(working.version(projection, stream) for projection in self._waiting(working, stream))
            if any(version not in versions for version in range(low + 1, max(versions) + 1)):
                for commit in await self._store.stream(stream, after_version=low):
                    versions |= {one.version: one for one in delivered_of(self.service, commit)}
            streams[stream] = {version: one for version, one in versions.items() if version > low}
        return [delivery for versions in streams.values() for delivery in versions.values()]

    def _waiting(self, working: WorkingSet, stream: str) -> Sequence[AnyProjection]:
        free = [projection for projection in working.projections if not working.is_parked(projection, stream)]
        return free or working.projections

    def _keys(
        self, working: WorkingSet, opened: Sequence[Opened]
    ) -> dict[tuple[str, str], tuple[AnyProjection, str | None]]:
        """For each event and projection that handles it: the document it changes."""
        keys: dict[tuple[str, str], tuple[AnyProjection, str | None]] = {}
        for entry in opened:
            if isinstance(entry, Poisoned):
                continue
            for projection in working.projections:
                if isinstance(entry.event, projection.handles) and self._is_next(working, projection, entry):
                    try:
                        keys[(projection.id, entry.id)] = projection, projection.key(entry.event)
                    except Exception:  # noqa: BLE001, S112 - evolve meets it again, where it can be parked
                        continue
        return keys

    def _is_next(self, working: WorkingSet, projection: AnyProjection, entry: Opened) -> bool:
        return entry.version > working.version(projection, entry.stream) and not working.is_parked(
            projection, entry.stream
        )

    def _step(
        self,
        working: WorkingSet,
        projection: AnyProjection,
        entry: Opened,
        target: tuple[AnyProjection, str | None] | None,
        *,
        park: bool,
    ) -> None:
        if not self._is_next(working, projection, entry):
            return
        try:
            if isinstance(entry, Poisoned):
                raise entry.error  # noqa: TRY301 - it failed earlier, and is answered here
            if isinstance(entry.event, projection.handles):
                key = target[1] if target else projection.key(entry.event)
                if key is not None:
                    working.put(projection, key, projection.evolve(working.document(projection, key), entry.event))
                PROJECTED_EVENTS.labels(self.service, projection.id).inc()
            working.advance(projection, entry.stream, entry.version)
        except Exception as error:
            if not park:
                raise EventFailed from error
            self._park(working, projection, entry, error)

    def _park(self, working: WorkingSet, projection: AnyProjection, entry: Opened, error: Exception) -> None:
        """A pointer and an error class: never a payload, never a message."""
        pointer: dict[str, Any] = {
            "kind": "projection",
            "version": entry.version,
            "position": entry.position,
            "event_id": entry.id,
            "event_type": entry.type,
            "error": type(error).__name__,
            "at": self._clock.now(),
        }
        working.park(projection, entry.stream, pointer)
        self._log.error("key parked", consumer=projection.id, error=type(error).__name__, position=entry.position)
