"""Sessions in the gateway's own database."""

import contextlib
import datetime as dt
from typing import Final

from services.gateway.sessions import Row
from shared.mongo import Database, PyMongoError

COLLECTION: Final = "sessions"


class MongoSessions:
    """One document a session; the newest write counts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sessions = database[COLLECTION]

    async def prepare(self) -> None:
        """Create what `purge` and the revocation of a member's sessions search by."""
        await self._sessions.create_index([("expires", 1)])
        await self._sessions.create_index([("member_id", 1)])

    async def get(self, session_id: str) -> Row | None:
        found = await self._sessions.find_one({"_id": session_id})
        return Row(id=found.pop("_id"), **found) if found else None

    async def put(self, row: Row) -> None:
        document = row.model_dump(exclude={"id"})
        await self._sessions.replace_one({"_id": row.id}, {"_id": row.id, **document}, upsert=True)

    async def touch(self, session_id: str, seen: dt.datetime) -> None:
        await self._sessions.update_one({"_id": session_id}, {"$set": {"seen": seen}})

    async def remove(self, session_id: str) -> None:
        await self._sessions.delete_one({"_id": session_id})

    async def remove_of(self, member_id: str, reference: str) -> None:
        await self._sessions.delete_many({"member_id": member_id, "reference": reference})

    async def remove_others(self, member_id: str, but: str) -> None:
        await self._sessions.delete_many({"member_id": member_id, "_id": {"$ne": but}})

    async def purge(self, now: dt.datetime) -> None:
        await self._sessions.delete_many({"expires": {"$lte": now}})

    async def ready(self) -> bool:
        with contextlib.suppress(PyMongoError):
            await self._database.command("ping")
            return True
        return False
