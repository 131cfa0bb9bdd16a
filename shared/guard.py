"""Records that the owner of a topic never wrote: set aside before anything is made of them, and said aloud (DESIGN §5).

One look at the log for each batch: position and commit hash of each record must be those of a commit of ours.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from shared.messaging import Delivered, ForeignRecord, Unreadable
from shared.metrics import FOREIGN_RECORDS
from shared.mongo import Database, PyMongoError
from shared.telemetry import logger

Handle = Callable[[Sequence[Delivered]], Awaitable[None]]


class UnknownCommit(ForeignRecord):
    """The owner knows no commit of this hash at this position."""


class Guard:
    """Of one service's own topic. Other services cannot ask its log: signatures tell them (`shared/provenance.py`)."""

    def __init__(self, service: str, database: Database, unreadable: Unreadable) -> None:
        self._service = service
        self._commits = database["commits"]
        self._unreadable = unreadable
        self._log = logger("guard")

    def before(self, handle: Handle) -> Handle:
        """Hand on only what the log knows."""

        async def guarded(deliveries: Sequence[Delivered]) -> None:
            await handle(await self.known(deliveries))

        return guarded

    async def known(self, deliveries: Sequence[Delivered]) -> Sequence[Delivered]:
        """Those that the log knows; the others are parked by their place. A log that does not answer is asked again."""
        pause = 0.05
        while True:
            try:
                return await self._known(deliveries)
            except PyMongoError as error:
                self._log.warning("guard waits", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)

    async def _known(self, deliveries: Sequence[Delivered]) -> Sequence[Delivered]:
        hashes = await self._hashes({one.position for one in deliveries})
        strange = [one for one in deliveries if hashes.get(one.position) != one.commit_hash]
        if not strange:
            return deliveries
        for one in strange:
            await self._set_aside(one)
        return [one for one in deliveries if hashes.get(one.position) == one.commit_hash]

    async def _hashes(self, positions: set[int]) -> dict[int, str]:
        rows = await self._commits.find({"_id": {"$in": sorted(positions)}}, {"h": 1}).to_list(None)
        return {row["_id"]: row["h"].hex() for row in rows}

    async def _set_aside(self, one: Delivered) -> None:
        FOREIGN_RECORDS.labels(self._service).inc()
        self._log.error("record of an unknown commit", position=one.position, place=one.place)
        if one.place:
            await self._unreadable(*one.place, UnknownCommit())
