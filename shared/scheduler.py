"""The one scheduler of a service: it fires the deadlines that are due."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from shared.clock import Clock
from shared.deadlines import Deadline
from shared.envelope import Metadata
from shared.kernel import Command, Issued, Projection
from shared.leases import Lease, LeaseLost
from shared.metrics import DEADLINES
from shared.mongo import Database, PyMongoError
from shared.projections.documents import DocumentCodec
from shared.projections.pointers import Pointers
from shared.reactions import Execute
from shared.telemetry import logger

TICK = 2.0
BATCH = 100
LONGEST = 600.0


class Scheduler:
    """Fires what is due while it holds the lease. `fired` remembers: backed up, and never rebuilt."""

    def __init__(
        self,
        service: str,
        projections: Sequence[Projection[Deadline, Any]],
        commands: Mapping[str, type[Command]],
        database: Database,
        documents: DocumentCodec,
        pointers: Pointers,
        execute: Execute,
        lease: Lease,
        clock: Clock,
    ) -> None:
        self._service = service
        self._projections = projections
        self._commands = commands
        self._database = database
        self._fired = database["fired"]
        self._documents = documents
        self._pointers = pointers
        self._execute = execute
        self._lease = lease
        self._clock = clock
        self._log = logger("scheduler")

    async def run(self) -> None:
        """Lead whenever the lease allows it, until cancelled."""
        try:
            while True:
                try:
                    if await self._lease.acquire():
                        await self.fire_due()
                except (PyMongoError, LeaseLost) as error:
                    self._log.warning("scheduler waits", error=type(error).__name__)
                await asyncio.sleep(TICK)
        finally:
            with contextlib.suppress(PyMongoError):
                await self._lease.release()

    async def fire_due(self) -> None:
        """Fire every deadline that is due and not fired yet."""
        for projection in self._projections:
            async for batch in self._due(projection):
                await self._lease.keep()
                rows = {row["_id"]: row async for row in self._fired.find({"_id": {"$in": [one.cmd for one in batch]}})}
                now = self._clock.now()
                todo = [(one, rows.get(one.cmd, {})) for one in batch if _is_open(rows.get(one.cmd), now)]
                await asyncio.gather(*(self._fire(projection.name, one, row) for one, row in todo))

    async def _due(self, projection: Projection[Deadline, Any]) -> AsyncIterator[list[Deadline]]:
        """Times are stored as text, of seconds or finer: take all up to this second, then look closely."""
        now = self._clock.now()
        name = await self._pointers.live(projection)
        cursor = self._database[name].find({"due_at": {"$lt": f"{now:%Y-%m-%dT%H:%M:%S}~"}}, batch_size=BATCH)
        while rows := await cursor.to_list(BATCH):
            held = await self._documents.load(projection.at(name), rows)
            found = [one.document for one in held if isinstance(one.document, Deadline)]
            yield [one for one in found if one.due_at <= now]

    async def _fire(self, name: str, deadline: Deadline, before: Mapping[str, Any]) -> None:
        """Killed before it is noted, it fires again under the same id, which has the same answer."""
        now = self._clock.now()
        note: dict[str, Any] = {"outcome": "failed", "at": now, "tries": before.get("tries", 0) + 1}
        try:
            command = self._commands[deadline.command].model_validate({**deadline.data, "at": now})
            accepted = await self._execute(Issued(deadline.stream, command), deadline.cmd, _meta(name, deadline))
            note["outcome"] = "accepted" if accepted else "refused"
        except PyMongoError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the others fire
            note["error"] = type(error).__name__
            self._log.error("deadline fails", command=deadline.command, error=note["error"], cmd=deadline.cmd)
        await self._fired.replace_one({"_id": deadline.cmd}, note, upsert=True)
        DEADLINES.labels(self._service, deadline.command, note["outcome"]).inc()


def _is_open(row: Mapping[str, Any] | None, now: dt.datetime) -> bool:
    """Never fired, or it failed (no rule refused it) some time ago."""
    if row is None:
        return True
    pause = dt.timedelta(seconds=min(2.0 ** row["tries"], LONGEST))
    return bool(row["outcome"] == "failed" and row["at"] + pause <= now)


def _meta(name: str, deadline: Deadline) -> Metadata:
    return Metadata(
        pk=deadline.stream.partition(":")[2],
        actor=name,
        actor_kind="process",
        correlation_id=deadline.cmd,
        member_id=deadline.member_id,
        person_id=deadline.person_id,
    )
