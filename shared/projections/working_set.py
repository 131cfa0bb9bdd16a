"""What a fold works on: cursors and documents read from the database, changed in memory, written in one transaction."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from shared.kernel import Value
from shared.mongo import Client, Database, DeleteOne, ReplaceOne
from shared.projections.documents import AnyProjection, DocumentCodec, Held, sealed_size
from shared.projections.writes import Operation, Versions, commit, cursor_write, document_write, row_id


class WorkingSet:
    """Every write is guarded by what was read, so two workers (one a zombie) can never both win.

    `anew` starts from nothing, as if no stream had ever been folded: what is there is read to guard the writes alone.
    """

    def __init__(
        self,
        client: Client,
        database: Database,
        projections: Sequence[AnyProjection],
        codec: DocumentCodec,
        *,
        anew: bool = False,
    ) -> None:
        self.projections = projections
        self._anew = anew
        self._client = client
        self._database = database
        self._codec = codec
        self._read: dict[str, Versions] = {}
        self._now: dict[str, Versions] = {}
        self._held: dict[tuple[str, str], Held] = {}
        self._parked: dict[tuple[str, str], dict[str, Any] | None] = {}
        self._resumed: set[tuple[str, str]] = set()
        self.weight = 0
        """Bytes of sealed fields in the documents that were read since the last flush."""

    def __len__(self) -> int:
        return len(self._now) + len(self._held)

    async def load_streams(self, streams: Iterable[str]) -> None:
        """Read the cursors of these streams, and which of them are parked for whom."""
        wanted = [stream for stream in streams if stream not in self._now]
        if not wanted:
            return
        cursors, parked = await asyncio.gather(
            self._database["cursors"].find({"_id": {"$in": wanted}}).to_list(None),
            self._database["parked"].find({"stream": {"$in": wanted}}).to_list(None),
        )
        rows = {row.pop("_id"): row for row in cursors}
        self._parked |= {(row["consumer"], row["stream"]): None for row in parked}
        for stream in wanted:
            self._read[stream] = rows.get(stream, {})
            self._now[stream] = dict(self._read[stream])
            if self._anew:
                self._forget(stream)

    def _forget(self, stream: str) -> None:
        for projection in self.projections:
            self._now[stream][projection.id] = 0
            self.resume(projection, stream)

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
            self.weight += sum(map(sealed_size, rows))
            for held in await self._loaded(projection, rows):
                self._held[(projection.id, held.key)] = held

    async def _loaded(self, projection: AnyProjection, rows: Sequence[dict[str, Any]]) -> list[Held]:
        if self._anew:
            return [Held(projection, row["_id"], None, row["_w"], dirty=True) for row in rows]
        return await self._codec.open(projection, rows)

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
        """The document as it stands after the folds so far.

        Raises:
            Exception: whatever kept it from being read; those who need it wait.
        """
        held = self._held[(projection.id, key)]
        if held.error:
            raise held.error
        return held.document

    def put(self, projection: AnyProjection, key: str, document: Value | None) -> None:
        """Replace (or, with None, delete) a document."""
        held = self._held[(projection.id, key)]
        held.document, held.dirty = document, True

    def advance(self, projection: AnyProjection, stream: str, version: int) -> None:
        """Move a cursor."""
        self._now[stream][projection.id] = version

    def park(self, projection: AnyProjection, stream: str, pointer: dict[str, Any]) -> None:
        """Let this stream wait, for this projection only."""
        self._now[stream].setdefault(projection.id, 0)
        self._parked[(projection.id, stream)] = {
            "_id": row_id(projection.id, stream),
            "consumer": projection.id,
            "stream": stream,
            **pointer,
        }

    def resume(self, projection: AnyProjection, stream: str) -> None:
        """Let a parked stream flow again; its row goes with the next flush, unless it is parked again."""
        name = (projection.id, stream)
        if name in self._parked:
            del self._parked[name]
            self._resumed.add(name)

    @property
    def resumed(self) -> set[str]:
        """The streams that flow again for somebody."""
        return {stream for consumer, stream in self._resumed if (consumer, stream) not in self._parked}

    async def flush(self) -> None:
        """Write everything that changed in one transaction, and forget it all: the next use reads again.

        Raises:
            Collision: somebody else wrote first; nothing was written.
            TooLarge: nothing was written; fold fewer events at once.
        """
        writes = await self._writes()
        self._read, self._now, self._held, self._parked, self._resumed, self.weight = {}, {}, {}, {}, set(), 0
        if not writes:
            return
        await commit(self._client, self._database, writes)

    async def _writes(self) -> dict[str, list[Operation]]:
        writes: dict[str, list[Operation]] = defaultdict(list)
        parked = {name: row for name, row in self._parked.items() if row}
        for stream, versions in self._now.items():
            before = self._read[stream]
            # A key parked now writes its cursor unchanged: nobody parks what another worker has folded meanwhile.
            moved = {
                name: version
                for name, version in versions.items()
                if before.get(name) != version or (name, stream) in parked
            }
            if moved:
                writes["cursors"].append(cursor_write(stream, before, moved))
        dirty = [held for held in self._held.values() if held.dirty]
        for held, row in zip(dirty, await self._codec.dump(dirty), strict=True):
            if held.writes or held.document:
                writes[held.projection.id].append(document_write(held, row))
        writes["parked"].extend(ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in parked.values())
        writes["parked"].extend(DeleteOne({"_id": row_id(*name)}) for name in self._resumed if name not in parked)
        return {name: operations for name, operations in writes.items() if operations}
