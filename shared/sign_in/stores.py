"""Where wrong tries are counted: outside the log, under keyed hashes. What expires is dropped by the database."""

import datetime as dt
from typing import Protocol

from shared.mongo import Database, DuplicateKeyError
from shared.sign_in.tries import Policy, Tries


class TriesStore(Protocol):
    """Wrong tries, by gate."""

    async def load(self, gate: str) -> Tries:
        """What is known of this gate."""
        ...

    async def swap(self, gate: str, before: Tries, after: Tries, expires_at: dt.datetime) -> bool:
        """Put `after` where `before` still stands; False if somebody else was faster."""
        ...

    async def add(self, gate: str, policy: Policy, now: dt.datetime) -> bool:
        """One more in the window that runs, in one step; False where none runs, or it is full."""
        ...

    async def give_back(self, gate: str) -> None:
        """One less."""
        ...

    async def clear(self, gate: str) -> None:
        """Forget the gate's tries."""
        ...


class MemoryTries:
    """Tries in a dict."""

    def __init__(self) -> None:
        self.rows: dict[str, Tries] = {}

    async def load(self, gate: str) -> Tries:
        return self.rows.get(gate, Tries())

    async def swap(self, gate: str, before: Tries, after: Tries, expires_at: dt.datetime) -> bool:  # noqa: ARG002
        if self.rows.get(gate, Tries()) != before:
            return False
        self.rows[gate] = after
        return True

    async def add(self, gate: str, policy: Policy, now: dt.datetime) -> bool:
        running = self.rows.get(gate, Tries()).fresh(policy, now)
        if running.first_at is None or running.count >= policy.failures:
            return False
        self.rows[gate] = running.another(policy, now)
        return True

    async def give_back(self, gate: str) -> None:
        known = self.rows.get(gate)
        if known is not None and known.count > 0:
            self.rows[gate] = known.model_copy(update={"count": known.count - 1})

    async def clear(self, gate: str) -> None:
        self.rows.pop(gate, None)


class MongoTries:
    """`tries {_id: gate, count, first_at, last_at, expires_at}`."""

    def __init__(self, database: Database) -> None:
        self.rows = database["tries"]

    async def prepare(self) -> None:
        """Let the database drop what has expired."""
        await self.rows.create_index("expires_at", expireAfterSeconds=0)

    async def load(self, gate: str) -> Tries:
        row = await self.rows.find_one({"_id": gate}, {"_id": 0, "expires_at": 0})
        return Tries.model_validate(row) if row else Tries()

    async def swap(self, gate: str, before: Tries, after: Tries, expires_at: dt.datetime) -> bool:
        row = after.model_dump() | {"_id": gate, "expires_at": expires_at}
        if before == Tries():
            try:
                await self.rows.insert_one(row)
            except DuplicateKeyError:
                return False
            return True
        held = {"_id": gate, "count": before.count, "last_at": before.last_at}
        return (await self.rows.replace_one(held, row)).matched_count == 1

    async def add(self, gate: str, policy: Policy, now: dt.datetime) -> bool:
        running = {"_id": gate, "first_at": {"$gt": now - policy.window}, "count": {"$lt": policy.failures}}
        change = {"$inc": {"count": 1}, "$set": {"last_at": now}}
        return (await self.rows.update_one(running, change)).matched_count == 1

    async def give_back(self, gate: str) -> None:
        await self.rows.update_one({"_id": gate, "count": {"$gt": 0}}, {"$inc": {"count": -1}})

    async def clear(self, gate: str) -> None:
        await self.rows.delete_one({"_id": gate})
