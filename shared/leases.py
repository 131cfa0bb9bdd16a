"""Leases: one active worker of a kind per service, judged by the database's clock, told apart by an epoch."""

import time
from dataclasses import dataclass, field
from typing import Any

from shared.mongo import Database, DuplicateKeyError, ReturnDocument


class LeaseLost(Exception):  # noqa: N818 - said as it is
    """Somebody else holds the lease now, or it ran out: stop what it allowed."""


@dataclass
class Lease:
    """The document `leases/<name>`: {owner, epoch, until}. Each change of owner has a higher epoch."""

    database: Database
    name: str
    owner: str
    seconds: float = 10.0
    epoch: int = field(default=0, init=False)
    _valid_until: float = field(default=0.0, init=False)
    _there: bool = field(default=False, init=False)

    async def acquire(self) -> bool:
        """Take the lease if it is free, has run out, or is ours already; whether we hold it.

        In the first half of its time nobody else can have it, and nobody is asked.
        """
        return self._fresh or await self._take()

    @property
    def _fresh(self) -> bool:
        return time.monotonic() < self._valid_until - self.seconds / 2

    async def _take(self) -> bool:
        if not self._there:
            await self._create()
        started = time.monotonic()
        free = {"$or": [{"$lte": ["$until", "$$NOW"]}, {"$eq": ["$owner", self.owner]}]}
        epoch = {"$cond": [{"$eq": ["$owner", self.owner]}, "$epoch", {"$add": ["$epoch", 1]}]}
        milliseconds = int(self.seconds * 1000)
        until = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": milliseconds}}
        row = await self.database["leases"].find_one_and_update(
            {"_id": self.name},
            [
                {"$set": {"free": free}},
                {
                    "$set": {
                        "epoch": {"$cond": ["$free", epoch, "$epoch"]},
                        "until": {"$cond": ["$free", until, "$until"]},
                        "owner": {"$cond": ["$free", self.owner, "$owner"]},
                    }
                },
            ],
            return_document=ReturnDocument.AFTER,
        )
        self._there = row is not None
        if row is None or row["owner"] != self.owner:
            return False
        self.epoch = row["epoch"]
        self._valid_until = started + self.seconds
        return True

    async def keep(self) -> None:
        """Renew when half of the time has gone.

        Raises:
            LeaseLost: it belongs to another epoch now.
        """
        if self._fresh:
            return
        before = self.epoch
        if not await self._take() or self.epoch != before:
            raise LeaseLost(self.name)

    async def release(self) -> None:
        """Let the next one in at once."""
        self._valid_until = 0.0
        await self.database["leases"].update_one(
            {"_id": self.name, "owner": self.owner}, [{"$set": {"owner": None, "until": "$$NOW"}}]
        )

    async def _create(self) -> None:
        first: dict[str, Any] = {"_id": self.name, "owner": None, "epoch": 0}
        if await self.database["leases"].find_one({"_id": self.name}) is None:
            try:
                await self.database["leases"].insert_one(first)
                await self.database["leases"].update_one(
                    {"_id": self.name, "owner": None}, [{"$set": {"until": "$$NOW"}}]
                )
            except DuplicateKeyError:
                return
