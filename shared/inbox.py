"""How far each handler has come in each source stream, and which keys wait: `inbox` and `parked` (DESIGN §5)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.clock import Clock
from shared.coalescing import Coalescer
from shared.messaging import Delivered, Gap
from shared.mongo import Database, PyMongoError, UpdateOne


@dataclass
class Lane:
    """One handler and one source stream within a batch."""

    consumer: str
    stream: str
    version: int
    parked: bool
    moved: bool = False

    @property
    def row_id(self) -> str:
        """The name of its rows."""
        return f"{self.consumer}|{self.stream}"

    def passed(self, version: int) -> None:
        """Go on behind this version."""
        self.version, self.moved = version, True


class Inbox:
    """The rows of one service's handlers. A write is tried until the database takes it; only then comes the ack.

    Twelve partitions look and write side by side: what waits goes together, as one look and one durable write.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._inbox = database["inbox"]
        self._parked = database["parked"]
        self._clock = clock
        self._look = Coalescer(self._look_up)
        self._write = Coalescer(self._write_down)

    async def lanes(self, consumers: Sequence[str], streams: Sequence[str]) -> list[Lane]:
        """Where these handlers stand in these streams."""
        lanes = [Lane(consumer, stream, 0, parked=False) for consumer in consumers for stream in streams]
        await self._look(lanes)
        return lanes

    async def _look_up(self, lanes: Sequence[Lane]) -> None:
        ids = {"_id": {"$in": [lane.row_id for lane in lanes]}}
        rows = await _for_ever(lambda: self._inbox.find(ids).to_list(None))
        versions = {row["_id"]: int(row["v"]) for row in rows}
        parked = await _for_ever(lambda: self._parked.find(ids, {"_id": 1}).to_list(None))
        waiting = {row["_id"] for row in parked}
        for lane in lanes:
            lane.version, lane.parked = versions.get(lane.row_id, 0), lane.row_id in waiting

    async def move(self, lanes: Sequence[Lane]) -> None:
        """Remember how far these have come; never backwards."""
        if lanes:
            await self._write(lanes)

    async def _write_down(self, lanes: Sequence[Lane]) -> None:
        moves = [UpdateOne({"_id": lane.row_id}, {"$max": {"v": lane.version}}, upsert=True) for lane in lanes]
        await _for_ever(lambda: self._inbox.bulk_write(moves, ordered=False))

    async def park(self, lane: Lane, delivery: Delivered, error: Exception) -> bool:
        """A pointer to the record and an error class: never a payload, never a message; False if it went elsewhere."""
        [fresh] = await self.lanes([lane.consumer], [lane.stream])
        if fresh.version >= delivery.version:  # another worker, which has taken over, was luckier
            lane.version = fresh.version
            return False
        now = self._clock.now()
        row = {
            "kind": "reaction",
            "consumer": lane.consumer,
            "stream": lane.stream,
            "source": delivery.source,
            "version": delivery.version,
            "position": delivery.position,
            "event_id": delivery.stored["id"],
            "event_type": delivery.stored["type"],
            "error": type(error).__name__,
            "at": now,
            "tried_at": now,
            "attempts": 1,
        }
        # Another worker may have parked it before us, with events waiting behind: they stay.
        change = {"$setOnInsert": row, "$addToSet": {"waiting": _pointer(delivery)}}
        await _for_ever(lambda: self._parked.update_one({"_id": lane.row_id}, change, upsert=True))
        lane.parked = True
        return True

    async def wait_behind(self, lane: Lane, delivery: Delivered) -> bool:
        """Queue an event behind its parked key; False if the key flows again meanwhile (the lane says from where)."""
        change: dict[str, Any] = {"$addToSet": {"waiting": _pointer(delivery)}}
        if delivery.version == lane.version + 1:  # perhaps the one that was missing: look again soon
            change["$set"] = {"attempts": 0}
        done = await _for_ever(lambda: self._parked.update_one({"_id": lane.row_id}, change))
        if done.matched_count:
            return True
        [fresh] = await self.lanes([lane.consumer], [lane.stream])
        lane.version, lane.parked = max(lane.version, fresh.version), False
        return False

    async def waiting(self, row_id: str) -> list[dict[str, Any]] | None:
        """Pointers to what waits behind a parked key; None if it flows."""
        row = await self._parked.find_one({"_id": row_id})
        return None if row is None else list(row["waiting"])

    async def unpark(self, row_id: str, handled: int) -> None:
        """Let a key flow again, unless something was queued since `handled` events were seen."""
        await self._parked.delete_one({"_id": row_id, "waiting": {"$size": handled}})

    async def still_parked(self, row_id: str, error: Exception) -> None:
        """It was tried again, in vain."""
        change = {"error": type(error).__name__, "tried_at": self._clock.now()}
        again = {"$set": change, "$inc": {"attempts": 1}, "$unset": {"request": ""}}
        await self._parked.update_one({"_id": row_id}, again)

    async def skip(self, row: dict[str, Any]) -> None:
        """Pass the failing version or, in a gap, the missing ones; the caller has recorded who wanted it and why."""
        version = row["version"] - 1 if row["error"] == Gap.__name__ else row["version"]
        await self._inbox.update_one({"_id": row["_id"]}, {"$max": {"v": version}}, upsert=True)


def _pointer(delivery: Delivered) -> dict[str, Any]:
    topic, partition, offset = delivery.place or ("", -1, -1)
    return {"topic": topic, "partition": partition, "offset": offset, "version": delivery.version}


async def _for_ever(attempt: Any) -> Any:
    """The database may be away: keep trying, the batch is not acknowledged meanwhile."""
    pause = 0.05
    while True:
        try:
            return await attempt()
        except PyMongoError:
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)
