"""A projector over a log, read models and keys in memory, for tests that need no database."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.codec import EventCodec
from shared.envelope import EventRegistry
from shared.event_store import Draft, MemoryEventStore
from shared.kernel import Event, Projection, Value
from shared.messaging import Delivered, delivered_of
from shared.personal_data import MemoryKeyStore, Vault
from shared.projections.documents import AnyProjection, DocumentCodec, Held
from shared.projections.projector import Projector
from shared.projections.working_set import WorkingSet
from tests import toy
from tests.shared.toybox import box, fold_into, meta, some_id

NOTHING: Any = None


class FixedClock:
    def now(self) -> dt.datetime:
        return toy.T0


@dataclass
class Memory:
    """What a database holds of read models."""

    cursors: dict[str, dict[str, int]] = field(default_factory=dict)
    documents: dict[tuple[str, str], Value] = field(default_factory=dict)
    parked: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def of(self, projection: AnyProjection) -> dict[str, Value]:
        return {key: document for (name, key), document in self.documents.items() if name == projection.id}


class MemoryWorkingSet(WorkingSet):
    """A working set over dicts: it has nobody to collide with."""

    def __init__(self, memory: Memory, projections: Sequence[AnyProjection], codec: DocumentCodec) -> None:
        super().__init__(NOTHING, {"cursors": NOTHING, "parked": NOTHING}, projections, codec)  # type: ignore[arg-type]
        self._memory = memory

    async def load_streams(self, streams: Any) -> None:
        for stream in set(streams) - self._now.keys():
            self._now[stream] = dict(self._memory.cursors.get(stream, {}))
        self._parked |= dict.fromkeys(self._memory.parked)

    async def load_documents(self, keys: Any) -> None:
        for projection, key in keys:
            document = self._memory.documents.get((projection.id, key))
            self._held.setdefault((projection.id, key), Held(projection, key, document))

    async def flush(self) -> None:
        self._memory.cursors |= self._now
        self._memory.parked |= {name: row for name, row in self._parked.items() if row}
        for name, held in self._held.items():
            if held.document is None:
                self._memory.documents.pop(name, None)
            else:
                self._memory.documents[name] = held.document


class Lab:
    """A projector over a log in memory."""

    def __init__(self, *projections: Projection[Any, Any]) -> None:
        self.vault = Vault(MemoryKeyStore(), bytes(32))
        self.codec = EventCodec(EventRegistry("toy", toy.EVENTS, toy.UPCASTERS), self.vault)
        self.documents = DocumentCodec(self.vault)
        self.store = MemoryEventStore(FixedClock())
        self.memory = Memory()
        self.projector = self.projector_of(*projections)

    def projector_of(self, *projections: Projection[Any, Any]) -> Projector:
        database: Any = {"parked": NOTHING}
        return Projector("toy", projections, NOTHING, database, self.store, self.codec, self.documents, FixedClock())

    async def append(self, person: str, *events: Event) -> None:
        version = sum(commit["n"] for commit in await self.store.stream(box(person)))
        cmd = some_id()
        stored = await self.codec.encode(events, box(person), cmd)
        await self.store.append(Draft(box(person), version, cmd, b"", stored, meta(person).dump()))

    def log(self) -> list[Delivered]:
        return [delivery for commit in self.store.commits for delivery in delivered_of("toy", commit)]

    async def fold(self, deliveries: Sequence[Delivered], *, park: bool = False) -> None:
        working = MemoryWorkingSet(self.memory, self.projector.projections, self.documents)
        await self.projector.fold(working, deliveries, park=park)
        await working.flush()

    async def expected(self, projection: AnyProjection) -> dict[str, Value]:
        documents: dict[str, Value] = {}
        for recorded in await self.codec.decode(self.store.commits):
            fold_into(documents, projection, recorded.event)
        return documents
