"""The list of oppositions as strangers read it: dense numbers, a serial number and a time, never a person or a reason.

Rows are memory of what was published: backed up, never rebuilt. An erased person's serial stays on the list for ever.
"""

import datetime as dt
import hashlib
from collections.abc import AsyncIterator
from typing import Any, Final

from pydantic import AwareDatetime

from shared.canonical import canonical
from shared.event_store.protocol import Corrupted
from shared.kernel import Value
from shared.mongo import Database

PAGE: Final = 1000
SCANNED, SENT = "scanned", "sent"
"""How far the log was looked through, and up to which number the topic has the list."""
LISTED_DAYS: Final = 400
"""Older snapshots are found by their day."""


class Entry(Value):
    """One opposed card."""

    sequence: int
    serial: str
    opposed_at: AwareDatetime

    def line(self) -> bytes:
        """As it stands in a snapshot and on the topic."""
        return canonical(self.model_dump(mode="json"))


class Snapshot(Value):
    """The whole list up to a sequence number, as it stood when a day began."""

    day: dt.date
    sequence: int
    sha256: str


class OppositionList:
    """`opposition_list` {_id: sequence, serial, at, position, index, commit} and `opposition_snapshots`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prepare(self) -> None:
        """Indexes; safe to repeat."""
        await self._database["opposition_list"].create_index("serial")
        await self._database["opposition_list"].create_index([("position", 1), ("index", 1)], unique=True)

    async def last(self) -> dict[str, Any] | None:
        """The newest row, looked for from the newest that was sent on, a page at a time.

        Raises:
            Corrupted: what was sent is not on the list any more.
        """
        sent = await self.reached(SENT)
        found, start = None, max(sent, 1)
        while row := await self._newest(start, start + PAGE):
            found, start = row, row["_id"] + 1
        if sent and found is None:
            raise Corrupted(f"opposition {sent} was published, and the list does not hold it")
        return found

    async def _newest(self, start: int, end: int) -> dict[str, Any] | None:
        rows = self._database["opposition_list"].find({"_id": {"$gte": start, "$lt": end}}).sort("_id", -1).limit(1)
        found: list[dict[str, Any]] = await rows.to_list(1)
        return found[0] if found else None

    async def add(self, row: dict[str, Any]) -> None:
        """The next row.

        Raises:
            DuplicateKeyError: another worker has numbered it already.
        """
        await self._database["opposition_list"].insert_one(row)

    async def after(self, sequence: int, limit: int = PAGE, *, upto: int | None = None) -> list[Entry]:
        """Entries behind a sequence number, in order."""
        last = sequence + limit if upto is None else min(sequence + limit, upto)
        wanted = {"_id": {"$gt": sequence, "$lte": last}}
        rows = await self._database["opposition_list"].find(wanted).sort("_id", 1).to_list(None)
        return [Entry(sequence=row["_id"], serial=row["serial"], opposed_at=row["at"]) for row in rows]

    async def holds(self, serial: str) -> bool:
        """Whether this number is on the list."""
        return await self._database["opposition_list"].find_one({"serial": serial}, {"_id": 1}) is not None

    async def reached(self, name: str) -> int:
        """How far a reader of ours has come."""
        row = await self._database["opposition_checkpoints"].find_one({"_id": name})
        return int(row["reached"]) if row else 0

    async def reach(self, name: str, value: int) -> None:
        """Remember it; never backwards."""
        change = {"$max": {"reached": value}}
        await self._database["opposition_checkpoints"].update_one({"_id": name}, change, upsert=True)

    async def snapshots(self, today: dt.date) -> list[Snapshot]:
        """Those of the last year and some days, the newest first."""
        days = {"$gt": (today - dt.timedelta(days=LISTED_DAYS)).isoformat(), "$lte": today.isoformat()}
        rows = self._database["opposition_snapshots"].find({"_id": days}).sort("_id", -1).limit(LISTED_DAYS)
        return [_snapshot(row) for row in await rows.to_list(LISTED_DAYS)]

    async def snapshot(self, day: dt.date) -> Snapshot | None:
        """The one of a day."""
        row = await self._database["opposition_snapshots"].find_one({"_id": day.isoformat()})
        return _snapshot(row) if row else None

    async def take_snapshot(self, day: dt.date) -> None:
        """Remember where the list stands, and what it says up to there; once a day, however often it is asked."""
        row = await self.last()
        sequence = row["_id"] if row else 0
        digest = hashlib.sha256()
        async for line in self.content(sequence):
            digest.update(line)
        kept = {"sequence": sequence, "sha256": digest.hexdigest()}
        snapshots = self._database["opposition_snapshots"]
        await snapshots.update_one({"_id": day.isoformat()}, {"$setOnInsert": kept}, upsert=True)

    async def content(self, sequence: int) -> AsyncIterator[bytes]:
        """The lines of the list up to a sequence number."""
        done = 0
        while done < sequence:
            for entry in await self.after(done, upto=sequence):
                yield entry.line() + b"\n"
            done += PAGE


def _snapshot(row: dict[str, Any]) -> Snapshot:
    return Snapshot(day=dt.date.fromisoformat(row["_id"]), sequence=row["sequence"], sha256=row["sha256"])
