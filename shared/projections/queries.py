"""What a query reads: documents of the live version, after the writes the caller has made."""

import asyncio
import datetime as dt
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from shared.kernel import Projection, Value
from shared.mongo import Collection, Database
from shared.projections.documents import DocumentCodec
from shared.projections.pointers import Pointers

D = TypeVar("D", bound=Value)

PATIENCE = 2.0
FIRST = 0.008
"""Seconds that no write takes less to show: to ask in between would only hold it up."""
POLL = 0.002
"""Most show soon after; a query that waits longer asks less often."""


@dataclass(frozen=True)
class Written:
    """Where a caller's own write stands: a query waits for this stream's cursor."""

    stream: str
    version: int

    @classmethod
    def parse(cls, text: str | None) -> "Written | None":
        """From `<version>@<stream>`, as a client sends it; None if there is none or it is malformed."""
        version, _, stream = (text or "").partition("@")
        return cls(stream, int(version)) if stream and version.isdecimal() else None

    def __str__(self) -> str:
        return f"{self.version}@{self.stream}"


AGE_KEPT = 1.0
"""Seconds for which the age of a read model is not read again: it is measured no more often."""


class ReadModels:
    """Read access for the queries of one service."""

    def __init__(self, database: Database, documents: DocumentCodec, pointers: Pointers) -> None:
        self._database = database
        self._documents = documents
        self._pointers = pointers
        self._ages: dict[str, dt.datetime] = {}
        self._ages_until = 0.0
        self._collections: dict[str, Collection] = {}

    async def get(self, projection: Projection[D, Any], key: str) -> D | None:
        """One document by its key."""
        found = await self.find(projection, _id=key)
        return found[0] if found else None

    async def find(self, projection: Projection[D, Any], limit: int = 1000, **equal: Any) -> list[D]:
        """Documents whose plain fields have these values, ordered by key; name the fields in `indexes`."""
        name = await self._pointers.live(projection)
        rows = await self._rows(name).find(equal).sort("_id").to_list(limit)
        held = await self._documents.load(projection.at(name), rows)
        return [cast("D", one.document) for one in held]

    async def newest(
        self, projection: Projection[D, Any], by: str, limit: int, before: tuple[str, str] | None = None, **equal: Any
    ) -> list[D]:
        """The last documents by a field of time, behind the one with this (time, key); name both in an index `a,by`."""
        name = await self._pointers.live(projection)
        wanted: dict[str, Any] = dict(equal)
        if before is not None:
            time, key = before
            wanted["$or"] = [{by: {"$lt": time}}, {by: time, "_id": {"$lt": key}}]
        rows = await self._rows(name).find(wanted).sort([(by, -1), ("_id", -1)]).limit(limit).to_list(limit)
        held = await self._documents.load(projection.at(name), rows)
        return [cast("D", one.document) for one in held]

    async def soonest(self, projection: Projection[D, Any], by: str, limit: int) -> list[D]:
        """The first documents by a field of time; name it in an index."""
        name = await self._pointers.live(projection)
        rows = await self._rows(name).find().sort([(by, 1), ("_id", 1)]).limit(limit).to_list(limit)
        held = await self._documents.load(projection.at(name), rows)
        return [cast("D", one.document) for one in held]

    def _rows(self, name: str) -> Collection:
        """Motor makes a new object of ten attributes each time that a collection is named."""
        found = self._collections.get(name)
        if found is None:
            found = self._collections[name] = self._database[name]
        return found

    async def count(self, projection: Projection[Any, Any], limit: int = 1000, **equal: Any) -> int:
        """How many documents have these values; no more than `limit` are counted."""
        name = await self._pointers.live(projection)
        return int(await self._rows(name).count_documents(equal, limit=limit))

    async def get_many(self, projection: Projection[D, Any], keys: Iterable[str]) -> list[D]:
        """Those of these documents that exist, ordered by key."""
        name = await self._pointers.live(projection)
        rows = await self._rows(name).find({"_id": {"$in": list(keys)}}).sort("_id").to_list(None)
        held = await self._documents.load(projection.at(name), rows)
        return [cast("D", one.document) for one in held]

    async def as_of(self, projection: Projection[Any, Any]) -> dt.datetime | None:
        """Until when everything recorded is shown, by the last measurement; None where nobody has measured."""
        name = await self._pointers.live(projection)
        if self._ages_until < time.monotonic():
            rows = self._database["progress"].find({"at": {"$exists": True}}, {"at": 1, "seconds": 1})
            self._ages = {row["_id"]: row["at"] - dt.timedelta(seconds=row["seconds"]) async for row in rows}
            self._ages_until = time.monotonic() + AGE_KEPT
        return self._ages.get(name)

    async def wait(self, projection: Projection[Any, Any], written: Written | None, patience: float = PATIENCE) -> int:
        """Wait until the caller's own write shows; how many versions are still missing (0: none).

        Waits on that stream's cursor, never on a maximum over the projection, which other streams would hold back.
        """
        if written is None:
            return 0
        name = await self._pointers.live(projection)
        deadline = time.monotonic() + patience
        pauses = _pauses()
        while True:
            row = await self._database["cursors"].find_one({"_id": written.stream}, {name: 1})
            missing = written.version - int((row or {}).get(name, 0))
            if missing <= 0 or time.monotonic() > deadline:
                return max(missing, 0)
            await asyncio.sleep(next(pauses))


def _pauses() -> Iterator[float]:
    yield FIRST
    pause = POLL
    while True:
        yield pause
        pause = min(pause * 1.1, 0.05)


class Headers(Protocol):
    """Those of an answer."""

    def __setitem__(self, name: str, value: str) -> None: ...


async def tell_age(
    headers: Headers, queries: ReadModels, projection: Projection[Any, Any], written: str | None
) -> None:
    """Wait for the caller's own write, as he names it, and say in the answer's headers how old the read model is."""
    await tell_ages(headers, queries, [projection], written)


async def tell_ages(
    headers: Headers, queries: ReadModels, projections: Sequence[Projection[Any, Any]], written: str | None
) -> None:
    """The same for an answer of several read models: the oldest counts."""
    own = Written.parse(written)
    headers["X-Lag"] = str(max([await queries.wait(one, own) for one in projections]))
    if ages := [at for one in projections if (at := await queries.as_of(one)) is not None]:
        headers["X-As-Of"] = min(ages).isoformat()
