"""What a fold works on: cursors and documents read from the database, changed in memory, written in one transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from shared.kernel import Value
from shared.mongo import (
    Client,
    Database,
    DeleteOne,
    InsertOne,
    PyMongoError,
    ReplaceOne,
    Session,
    UpdateOne,
    is_duplicate,
    is_transient,
    transaction,
)
from shared.projections.documents import AnyProjection, DocumentCodec, Held

Operation = InsertOne[dict[str, Any]] | ReplaceOne[dict[str, Any]] | UpdateOne | DeleteOne
Versions = dict[str, int]
"""Projection id → version of a stream that it has folded."""


class Collision(Exception):  # noqa: N818 - said as it is
    """Another worker has moved a cursor or a document since it was read: read again and start over."""


class WorkingSet:
    """Every write is guarded by what was read, so two workers (one a zombie) can never both win."""

    def __init__(
        self, client: Client, database: Database, projections: Sequence[AnyProjection], codec: DocumentCodec
    ) -> None:
        self.projections = projections
        self._client = client
        self._database = database
        self._codec = codec
        self._read: dict[str, Versions] = {}
        self._now: dict[str, Versions] = {}
        self._held: dict[tuple[str, str], Held] = {}
        self._parked: dict[tuple[str, str], dict[str, Any] | None] = {}

    def __len__(self) -> int:
        return len(self._now) + len(self._held)

    async def load_streams(self, streams: Iterable[str]) -> None:
        """Read the cursors of these streams, and which of them are parked for whom."""
        wanted = [stream for stream in streams if stream not in self._now]
        if not wanted:
            return
        rows = {row.pop("_id"): row async for row in self._database["cursors"].find({"_id": {"$in": wanted}})}
        parked = self._database["parked"].find({"stream": {"$in": wanted}})
        self._parked |= {(row["consumer"], row["stream"]): None async for row in parked}
        for stream in wanted:
            self._read[stream] = rows.get(stream, {})
            self._now[stream] = dict(self._read[stream])

    async def load_documents(self, keys: Collection[tuple[AnyProjection, str]]) -> None:
        """Read these documents, as far as they are not here yet."""
        wanted: dict[str, tuple[AnyProjection, list[str]]] = {}
        for projection, key in keys:
            if (projection.id, key) not in self._held:
                wanted.setdefault(projection.id, (projection, []))[1].append(key)
        for projection, missing in wanted.values():
            rows = await self._database[projection.id].find({"_id": {"$in": missing}}).to_list(None)
            for key in missing:
                self._held[(projection.id, key)] = Held(projection, key, None)
            for held in await self._codec.load(projection, rows):
                self._held[(projection.id, held.key)] = held

    def version(self, projection: AnyProjection, stream: str) -> int:
        """How far this projection has folded this stream."""
        return self._now[stream].get(projection.id, 0)

    def lowest(self, stream: str) -> int:
        """The version up to which every projection that is not parked has folded this stream."""
        now = self._now[stream]
        free = (one for one in self.projections if (one.id, stream) not in self._parked)
        return min((now.get(projection.id, 0) for projection in free), default=max(now.values(), default=0))

    def is_parked(self, projection: AnyProjection, stream: str) -> bool:
        """Whether this stream waits for a resume."""
        return (projection.id, stream) in self._parked

    def document(self, projection: AnyProjection, key: str) -> Value | None:
        """The document as it stands after the folds so far."""
        return self._held[(projection.id, key)].document

    def put(self, projection: AnyProjection, key: str, document: Value | None) -> None:
        """Replace (or, with None, delete) a document."""
        held = self._held[(projection.id, key)]
        held.document, held.dirty = document, True

    def advance(self, projection: AnyProjection, stream: str, version: int) -> None:
        """Move a cursor."""
        self._now[stream][projection.id] = version

    def park(self, projection: AnyProjection, stream: str, pointer: dict[str, Any]) -> None:
        """Let this stream wait, for this projection only."""
        self._parked[(projection.id, stream)] = {
            "_id": f"{projection.id}|{stream}",
            "consumer": projection.id,
            "stream": stream,
            **pointer,
        }

    def resume(self, projection: AnyProjection, stream: str) -> None:
        """Let a parked stream flow again in this working set."""
        self._parked.pop((projection.id, stream), None)

    async def flush(self, unpark: Sequence[str] = ()) -> None:
        """Write everything that changed in one transaction, and forget it all: the next use reads again.

        Raises:
            Collision: somebody else wrote first; nothing was written.
        """
        writes = await self._writes(unpark)
        self._read, self._now, self._held, self._parked = {}, {}, {}, {}
        if not writes:
            return
        try:
            async with transaction(self._client) as session:
                for name, operations in writes.items():
                    await _guarded(self._database, name, operations, session)
        except PyMongoError as error:
            if is_duplicate(error) or is_transient(error):
                raise Collision from error
            raise

    async def _writes(self, unpark: Sequence[str]) -> dict[str, list[Operation]]:
        writes: dict[str, list[Operation]] = defaultdict(list)
        for stream, versions in self._now.items():
            if versions != self._read[stream]:
                writes["cursors"].append(_cursor(stream, self._read[stream], versions))
        dirty = [held for held in self._held.values() if held.dirty]
        for held, row in zip(dirty, await self._codec.dump(dirty), strict=True):
            if held.writes or held.document:
                writes[held.projection.id].append(_document(held, row))
        parked = {row["_id"]: row for row in self._parked.values() if row}
        writes["parked"].extend(ReplaceOne({"_id": name}, row, upsert=True) for name, row in parked.items())
        writes["parked"].extend(DeleteOne({"_id": name}) for name in unpark if name not in parked)
        return {name: operations for name, operations in writes.items() if operations}


def _cursor(stream: str, read: Versions, now: Versions) -> Operation:
    if not read:
        return InsertOne({"_id": stream, **now})
    moved: dict[str, int] = {}
    guard: dict[str, Any] = {"_id": stream}
    for name, version in now.items():
        before = read.get(name)
        if before != version:
            moved[name], guard[name] = version, {"$exists": False} if before is None else before
    return UpdateOne(guard, {"$set": moved})


def _document(held: Held, row: dict[str, Any]) -> Operation:
    if not held.writes:
        return InsertOne(row)
    guard = {"_id": held.key, "_w": held.writes}
    return ReplaceOne(guard, row) if held.document else DeleteOne(guard)


async def _guarded(database: Database, name: str, operations: list[Operation], session: Session) -> None:
    result = await database[name].bulk_write(operations, ordered=False, session=session)
    done = result.inserted_count + result.matched_count + result.upserted_count + result.deleted_count
    if done != len(operations):
        raise Collision
