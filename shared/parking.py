"""Parked keys: what waits, why, and how it goes on (DESIGN §5). A row is a pointer, never a payload."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from shared.clock import Clock
from shared.kernel import Command, Decider, Event, require
from shared.mongo import Database

MEND_THEMSELVES = ("Deferred", "Gap")
"""Errors of keys that are tried again without being asked: it comes back later, or the missing version does."""
LONGEST = 600.0
SKIP = "skip"
RECORD = "record"
"""Kind of a row that stands for a record and no key: nobody knows yet whose it is."""


class ParkedEventSkipped(Event, name="ParkedEventSkipped"):
    """Somebody decided that a consumer goes on without an event. Who stands in the metadata."""

    consumer: str
    stream: str
    version: int
    event_id: str
    reason: str


class SkipParkedEvent(Command):
    """Go on without an event."""

    consumer: str
    stream: str
    version: int
    event_id: str
    reason: str


def _decide(_: None, command: SkipParkedEvent) -> list[ParkedEventSkipped]:
    require(bool(command.reason.strip()), otherwise="reason-required")
    return [ParkedEventSkipped(**command.model_dump())]


parking: Decider[None, SkipParkedEvent, ParkedEventSkipped] = Decider(
    category="parking", retention="access", initial=None, decide=_decide, evolve=lambda state, _: state
)


class Parking:
    """The parked keys of one service, as operations see them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._rows = database["parked"]
        self._clock = clock

    async def rows(self) -> list[dict[str, Any]]:
        """Every parked key, oldest first."""
        return await self._rows.find().sort("at").to_list(None)

    async def unreadable(self, topic: str, partition: int, offset: int, error: Exception) -> None:
        """Park a record that is no event of ours; one that is met again keeps what was asked for it."""
        name = f"record|{topic}|{partition}|{offset}"
        row = {
            "kind": RECORD,
            "consumer": topic,
            "stream": str(partition),
            "version": offset,
            "event_id": name,
            "at": self._clock.now(),
            "attempts": 1,
        }
        change = {"$setOnInsert": row, "$set": {"error": type(error).__name__}}
        await self._rows.update_one({"_id": name}, change, upsert=True)

    async def ask(self, row_id: str, action: str, actor: str, reason: str) -> bool:
        """File a request, `retry` or `skip`, for the worker that consumes the key; False if nothing is parked there.

        Raises:
            Rejected: nothing is skipped without a reason.
        """
        require(action != SKIP or bool(reason.strip()), otherwise="reason-required")
        request = {"action": action, "actor": actor, "reason": reason, "at": self._clock.now()}
        return bool((await self._rows.update_one({"_id": row_id}, {"$set": {"request": request}})).matched_count)

    def due(self, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Of these, what was asked for, and what is tried again by itself by now."""
        now = self._clock.now()
        return [
            row for row in rows if "request" in row or (row["error"] in MEND_THEMSELVES and now >= _comes_back(row))
        ]

    async def refuse(self, row: Mapping[str, Any], error: Exception) -> None:
        """Drop a request that cannot be carried out; the key goes on waiting."""
        change = {"refused": type(error).__name__, "tried_at": self._clock.now()}
        await self._rows.update_one({"_id": row["_id"]}, {"$set": change, "$unset": {"request": ""}})

    async def still_parked(self, row: Mapping[str, Any], error: Exception) -> None:
        """A record was read again, in vain."""
        change = {"error": type(error).__name__, "tried_at": self._clock.now()}
        again = {"$set": change, "$inc": {"attempts": 1}, "$unset": {"request": ""}}
        await self._rows.update_one({"_id": row["_id"]}, again)

    async def forget(self, row: Mapping[str, Any]) -> None:
        """A record was let go, or handed on."""
        await self._rows.delete_one({"_id": row["_id"]})


def _comes_back(row: Mapping[str, Any]) -> dt.datetime:
    tried: dt.datetime = row.get("tried_at", row["at"])
    return tried + dt.timedelta(seconds=min(2.0 ** row.get("attempts", 1), LONGEST))
