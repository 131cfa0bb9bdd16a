"""How often people look for what in which département, by day: a statistic, and all that is kept of any search.

No member, no position, no time of day. A search is a number in memory until enough others asked for the same on the
same day; only then do they go to the database, together. Days that end before are forgotten.
"""

import asyncio
import contextlib
import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator
from functools import cache
from typing import Final, NamedTuple, Protocol

import numpy as np
from scipy.spatial import cKDTree

from services.geo.gazetteer import load
from services.geo.search.asked import EARTH, Asked
from services.geo.search.shelves import sphere
from shared.clock import Clock
from shared.mongo import Database, PyMongoError, UpdateOne
from shared.telemetry import logger

LEAST: Final = 10
"""Searches that are told together, and never fewer."""
EVERY: Final = 300.0
"""Seconds between two looks at what may be told."""
FAR: Final = 60_000
"""Metres from the nearest town known; beyond, it is no département of ours."""
ANY, TERMINAL = "any", "terminal"
ABROAD: Final = ""

_log = logger("search counts")


class Row(NamedTuple):
    """What is counted: a date (UTC), a département, a kind (or `any`, or `terminal`)."""

    day: str
    departement: str
    kind: str


class CountStore(Protocol):
    """Where the numbers lie."""

    async def add(self, counts: dict[Row, int]) -> None:
        """Raise them by so much."""
        ...

    async def since(self, day: str) -> dict[Row, int]:
        """Those of this day and later."""
        ...


class MemoryCounts:
    """In a dict."""

    def __init__(self) -> None:
        self.rows: Counter[Row] = Counter()

    async def add(self, counts: dict[Row, int]) -> None:
        self.rows.update(counts)

    async def since(self, day: str) -> dict[Row, int]:
        return {row: count for row, count in sorted(self.rows.items()) if row.day >= day}


class MongoCounts:
    """In the collection `search_counts`: a document for each row, its id the three words and its `n` the number."""

    def __init__(self, database: Database) -> None:
        self._rows = database["search_counts"]

    async def add(self, counts: dict[Row, int]) -> None:
        if counts:
            raised = [
                UpdateOne({"_id": "|".join(row)}, {"$inc": {"n": count}}, upsert=True) for row, count in counts.items()
            ]
            await self._rows.bulk_write(raised, ordered=False)

    async def since(self, day: str) -> dict[Row, int]:
        found = self._rows.find({"_id": {"$gte": day}}).sort("_id")
        return {Row(*one["_id"].split("|")): one["n"] async for one in found}


class Counting:
    """Counts in this process, and tells the store."""

    def __init__(self, store: CountStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._waiting: Counter[Row] = Counter()

    def note(self, asked: Asked) -> None:
        """A search was made."""
        kinds = [str(kind) for kind in asked.kinds] or [TERMINAL if asked.terminal else ANY]
        departement = departement_of(asked.latitude, asked.longitude)
        self._waiting.update(Row(self._today(), departement, kind) for kind in kinds)

    async def tell(self) -> None:
        """Store what enough people asked; forget what too few did on a day that is over."""
        today = self._today()
        enough = {row: count for row, count in self._waiting.items() if count >= LEAST}
        self._waiting = Counter(
            {row: count for row, count in self._waiting.items() if row not in enough and row.day >= today}
        )
        await self._store.add(enough)

    async def since(self, day: dt.date) -> dict[Row, int]:
        """What is known of this day and later."""
        return await self._store.since(day.isoformat())

    @contextlib.asynccontextmanager
    async def running(self, every: float = EVERY) -> AsyncIterator[None]:
        """Tell now and then, and once more at the end."""
        task = asyncio.create_task(self._run(every), name="search-counts")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await self._tell()

    async def _run(self, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            await self._tell()

    async def _tell(self) -> None:
        try:
            await self.tell()
        except PyMongoError as error:  # a statistic may have a hole
            _log.warning("not told", error=type(error).__name__)

    def _today(self) -> str:
        return self._clock.now().date().isoformat()


def departement_of(latitude: float, longitude: float) -> str:
    """That of the nearest town known; empty far from all of them."""
    tree, departements = _towns()
    here = sphere(np.array([latitude * 1e6]), np.array([longitude * 1e6]))[0]
    apart, nearest = tree.query(here)
    return departements[int(nearest)] if apart * EARTH <= FAR else ABROAD


@cache
def _towns() -> "tuple[cKDTree[None, None], list[str]]":
    towns = [(one.centre, one.departement) for one in load().communes if one.centre]
    points = np.rint(np.array([centre for centre, _ in towns]) * 1e6)
    return cKDTree(sphere(points[:, 0].astype(np.int32), points[:, 1].astype(np.int32))), [
        departement for _, departement in towns
    ]
