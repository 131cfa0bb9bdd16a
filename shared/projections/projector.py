"""Folding events into read models: per stream, each version exactly once, whatever order they come in."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.clock import Clock
from shared.codec import EventCodec, Opened
from shared.event_store.protocol import EventStore
from shared.messaging import Delivered, Gap, delivered_of
from shared.metrics import PROJECTED_EVENTS
from shared.mongo import ASCENDING, Client, Collection, Database, PyMongoError
from shared.projections.documents import AnyProjection, DocumentCodec
from shared.projections.working_set import WorkingSet
from shared.projections.writes import Collision, TooLarge
from shared.telemetry import logger

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
        self._projected = PROJECTED_EVENTS.labels(service)
        self._log = logger("projector")

    async def prepare(self) -> None:
        """Create the indexes of every collection."""
        await self.database["parked"].create_index("stream")
        for projection in self.projections:
            for index in projection.indexes:
                await _create_index(self.database[projection.id], *index.partition(":")[::2])

    def working_set(self, only: AnyProjection | None = None, *, anew: bool = False) -> WorkingSet:
        """An empty one, over all projections or one of them."""
        projections = self.projections if only is None else [only]
        return WorkingSet(self._client, self.database, projections, self._documents, anew=anew)

    async def events(self, stream: str, after_version: int = 0) -> list[Delivered]:
        """What the store holds of a stream above a version, as a topic would deliver it (perhaps a little more)."""
        commits = await self._store.stream(stream, after_version)
        return [delivery for commit in commits for delivery in delivered_of(self.service, commit)]

    async def apply(self, deliveries: Sequence[Delivered]) -> None:
        """Fold a batch and write it; returns once it is durable, whatever it takes. Safe to repeat."""
        started = time.monotonic()
        pause = 0.002
        while True:
            try:
                working = self.working_set()
                await self.fold(working, deliveries, park=time.monotonic() - started >= self._patience)
                await working.flush()
                self._projected.inc(len(deliveries))
            except Collision:
                self._log.info("collision", events=len(deliveries))
            except TooLarge:
                await self._in_halves(deliveries)
                return
            except (PyMongoError, EventFailed) as error:
                self._log.warning("batch waits", error=type(error.__cause__ or error).__name__)
            else:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)

    async def _in_halves(self, deliveries: Sequence[Delivered]) -> None:
        if len(deliveries) == 1:
            raise TooLarge
        middle = len(deliveries) // 2
        self._log.info("too large a batch", events=len(deliveries))
        await self.apply(deliveries[:middle])
        await self.apply(deliveries[middle:])

    async def fold(self, working: WorkingSet, deliveries: Sequence[Delivered], *, park: bool) -> None:
        """Fold deliveries into a working set; versions that are missing between them come from the store.

        Raises:
            EventFailed: an event could not be folded, and `park` is off.
        """
        await working.load_streams({delivery.stream for delivery in deliveries})
        complete = await self._complete(working, deliveries)
        opened = await self._codec.open(sorted(complete, key=_order))
        steps = [
            _Step(projection, entry, *_key(projection, entry))
            for entry in opened
            for projection in working.projections
            if entry.delivery.version > working.version(projection, entry.delivery.stream)
        ]
        await working.load_documents([(step.projection, step.key) for step in steps if step.key is not None])
        for step in steps:
            self._take(working, step, park=park)

    async def _complete(self, working: WorkingSet, deliveries: Sequence[Delivered]) -> list[Delivered]:
        """What is new, each version once, without gaps from the lowest cursor on."""
        streams: dict[str, dict[int, Delivered]] = {}
        for delivery in deliveries:
            streams.setdefault(delivery.stream, {})[delivery.version] = delivery
        complete: list[Delivered] = []
        for stream, versions in streams.items():
            low = working.lowest(stream)
            new = [version for version in versions if version > low]
            if new and max(new) - low > len(new):
                versions |= {one.version: one for one in await self.events(stream, low)}
                new = [version for version in versions if version > low]
            complete.extend(versions[version] for version in new)
        return complete

    def _take(self, working: WorkingSet, step: "_Step", *, park: bool) -> None:
        projection, delivery = step.projection, step.entry.delivery
        if working.is_parked(projection, delivery.stream):
            return
        try:
            if delivery.version != working.version(projection, delivery.stream) + 1:
                raise Gap  # noqa: TRY301 - not even the store has it: the same as any other failure
            if step.error:
                raise step.error  # noqa: TRY301 - it failed earlier, and is answered here
            if step.key is not None:
                document = working.document(projection, step.key)
                working.put(projection, step.key, projection.evolve(document, step.entry.event))
            working.advance(projection, delivery.stream, delivery.version)
        except Exception as error:
            if not park:
                raise EventFailed from error
            self._park(working, projection, delivery, error)

    def _park(self, working: WorkingSet, projection: AnyProjection, delivery: Delivered, error: Exception) -> None:
        """A pointer and an error class: never a payload, never a message."""
        pointer: dict[str, Any] = {
            "kind": "projection",
            "version": delivery.version,
            "position": delivery.position,
            "event_id": delivery.stored["id"],
            "event_type": delivery.stored["type"],
            "error": type(error).__name__,
            "at": self._clock.now(),
        }
        working.park(projection, delivery.stream, pointer)
        self._log.error("key parked", consumer=projection.id, error=type(error).__name__, position=delivery.position)


async def _create_index(collection: Collection, name: str, kind: str) -> None:
    """One of a kind is made once: SecantusDB takes the same one, asked for again, for another."""
    if not kind or f"{name}_{kind}" not in await collection.index_information():
        await collection.create_index([(field, kind or ASCENDING) for field in name.split(",")])


@dataclass(slots=True)
class _Step:
    """One event for one projection, and the document it changes (None: none)."""

    projection: AnyProjection
    entry: Opened
    key: str | None
    error: Exception | None


def _key(projection: AnyProjection, entry: Opened) -> tuple[str | None, Exception | None]:
    if entry.event is None:
        return None, entry.error
    if not isinstance(entry.event, projection.handles):
        return None, None
    try:
        return projection.key(entry.event), None
    except Exception as error:  # noqa: BLE001 - answered when its turn comes: earlier events go first
        return None, error


def _order(delivery: Delivered) -> tuple[int, int]:
    return delivery.position, delivery.index
