"""Where the vault's wrapped keys lie: in a database of its own, or in memory."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Protocol

from shared.mongo import DUPLICATE_KEY, BulkWriteError, Client, ReplaceOne


class KeyStore(Protocol):
    """Where wrapped keys lie. A row: {_id, wrapped, made_at?} or, once destroyed, {_id, destroyed_at, followed_by?}."""

    async def load(self, refs: Collection[str]) -> list[dict[str, Any]]:
        """The rows of these keys, as far as they exist."""
        ...

    async def add(self, rows: Sequence[dict[str, Any]]) -> set[str]:
        """Store new rows; the names of those that were there already, and stay as they are."""
        ...

    async def destroy(self, refs: Collection[str], at: dt.datetime) -> None:
        """Forget these keys for ever, and remember that they were destroyed, even if they never existed."""
        ...

    async def follow(self, ref: str, following: str) -> None:
        """Remember which key came after a destroyed one."""
        ...


class MemoryKeyStore:
    """Rows in a dict."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}

    async def load(self, refs: Collection[str]) -> list[dict[str, Any]]:
        return [self.rows[ref] for ref in refs if ref in self.rows]

    async def add(self, rows: Sequence[dict[str, Any]]) -> set[str]:
        return {row["_id"] for row in rows if self.rows.setdefault(row["_id"], row) is not row}

    async def destroy(self, refs: Collection[str], at: dt.datetime) -> None:
        self.rows |= {ref: {"_id": ref, "destroyed_at": at} for ref in refs}

    async def follow(self, ref: str, following: str) -> None:
        self.rows[ref] = {**self.rows[ref], "followed_by": following}


class MongoKeyStore:
    """Rows in the `keys` database: a vault of all services, backed up apart from the events."""

    def __init__(self, client: Client, database: str = "keys") -> None:
        self._rows = client[database]["keys"]

    async def load(self, refs: Collection[str]) -> list[dict[str, Any]]:
        return await self._rows.find({"_id": {"$in": list(refs)}}).to_list(None)

    async def add(self, rows: Sequence[dict[str, Any]]) -> set[str]:
        try:
            await self._rows.insert_many(rows, ordered=False)
        except BulkWriteError as error:
            if any(one["code"] != DUPLICATE_KEY for one in error.details["writeErrors"]):
                raise
            return {rows[one["index"]]["_id"] for one in error.details["writeErrors"]}
        return set()

    async def destroy(self, refs: Collection[str], at: dt.datetime) -> None:
        await self._rows.bulk_write([ReplaceOne({"_id": ref}, {"destroyed_at": at}, upsert=True) for ref in refs])

    async def follow(self, ref: str, following: str) -> None:
        await self._rows.update_one({"_id": ref}, {"$set": {"followed_by": following}})
