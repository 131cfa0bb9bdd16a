"""The row of a long job: what it was asked, how far it has come, and whose it is (DESIGN §5)."""

import asyncio
import datetime as dt
import time
from enum import StrEnum
from pathlib import Path
from typing import Any

from shared.clock import Clock
from shared.leases import Lease, LeaseLost
from shared.mongo import Collection
from shared.pace import LOOK


def peak_memory() -> int:
    """The most memory this process has held, in MiB (Linux).

    Not `ru_maxrss`: across fork and exec it keeps the peak of whoever started the process (getrusage(2), proc(5)).
    """
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


class JobState(StrEnum):
    """What a job is doing, or was asked to do."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"
    FAILED = "failed"


class JobRow:
    """With a lease, held already, it is fenced: who takes over has a higher epoch, and the other writes no more."""

    def __init__(self, rows: Collection, name: str, clock: Clock, lease: Lease | None = None) -> None:
        self._rows, self._name, self._clock, self._lease = rows, name, clock, lease
        self._looked, self._asked = 0.0, False
        self._began = time.monotonic()
        self.events = 0
        """Folded in this run."""
        self.limit = 0.0
        """Events a second at most, as last seen; 0: none."""

    async def read(self) -> dict[str, Any] | None:
        """The row as it stands."""
        return await self._rows.find_one({"_id": self._name})

    async def ask(self, state: JobState) -> None:
        """File what a running job should do."""
        await self._rows.update_one({"_id": self._name}, {"$set": {"state": state.value}})

    async def throttle(self, limit: float) -> None:
        """File how fast a running job should go."""
        await self._rows.update_one({"_id": self._name}, {"$set": {"limit": limit}})

    async def forget(self) -> None:
        """It never was."""
        await self._rows.delete_one({"_id": self._name})

    async def begin(self, position: int, limit: float = 0) -> None:
        """The row is ours from now on."""
        self._began, self.events, self.limit = time.monotonic(), 0, limit
        await self.hold()
        if self._lease:
            epoch = {"$set": {"epoch": self._lease.epoch}}
            await self._rows.update_one({"_id": self._name}, epoch, upsert=True)
        await self.save(state=JobState.RUNNING.value, position=position, limit=limit)

    async def hold(self) -> None:
        """Renew the lease.

        Raises:
            LeaseLost: somebody else goes on with the job.
        """
        if self._lease:
            await self._lease.keep()

    async def save(self, **changes: Any) -> None:
        """Note how far it has come, how fast, and the most memory its process has held.

        Raises:
            LeaseLost: the row is somebody else's; nothing was written.
        """
        changes |= {"at": self._clock.now().astimezone(dt.UTC), "events": self.events}
        changes["seconds"] = time.monotonic() - self._began
        changes["memory_mib"] = peak_memory()
        if self._lease is None:
            await self._rows.update_one({"_id": self._name}, {"$set": changes}, upsert=True)
            return
        ours = {"_id": self._name, "epoch": self._lease.epoch}
        if not (await self._rows.update_one(ours, {"$set": changes})).matched_count:
            raise LeaseLost(self._lease.name)

    async def was_asked(self) -> bool:
        """Whether anything but going on was asked; looks twice a second at most."""
        if time.monotonic() - self._looked >= LOOK:
            self._looked = time.monotonic()
            row = await self.read()
            self._asked = row is None or row["state"] != JobState.RUNNING.value
            self.limit = float(row.get("limit", 0)) if row else self.limit
        return self._asked

    async def may_go_on(self) -> bool:
        """Whether the job goes on; waits for as long as it is paused."""
        while True:
            await self.hold()
            row = await self.read()
            state = JobState(row["state"]) if row else JobState.CANCELLED
            if state is not JobState.PAUSED:
                self._asked = False
                return state is JobState.RUNNING
            await asyncio.sleep(0.2)
