"""Sessions in a site's own database."""

import contextlib
import datetime as dt
from typing import Final

from shared.mongo import Database, PyMongoError
from shared.web.sessions import Row

COLLECTION: Final = "sessions"


class MongoSessions:
    """One document a session; the newest write counts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sessions = database[COLLECTION]

    async def prepare(self) -> None:
        """Create what `purge` and the revocation of somebody's sessions search by."""
        await self._sessions.create_index([("expires", 1)])
        await self._sessions.create_index([("holder", 1)])

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

    async def remove_of(self, holder: str, reference: str) -> None:
        await self._sessions.delete_many({"holder": holder, "reference": reference})

    async def remove_others(self, holder: str, but: str) -> None:
        await self._sessions.delete_many({"holder": holder, "_id": {"$ne": but}})

    async def purge(self, now: dt.datetime) -> None:
        await self._sessions.delete_many({"expires": {"$lte": now}})

    async def ready(self) -> bool:
        with contextlib.suppress(PyMongoError):
            await self._database.command("ping")
            return True
        return False
