"""Carries out the jobs of operations in a service's worker: one at a time of each lane, under a lease with an epoch."""

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from shared.admin.checks import models_against_store
from shared.admin.jobs import Ask, Jobs, Kind, rebuild_of
from shared.admin.map import named
from shared.admin.masking import masked
from shared.comparison import compare
from shared.jobs import JobState
from shared.kafka import KafkaError, topic_of
from shared.leases import Lease, LeaseLost
from shared.mongo import Database, PyMongoError
from shared.projections.documents import AnyProjection
from shared.telemetry import logger
from shared.topics import reconcile

if TYPE_CHECKING:
    from shared.service.running import Service

WRITES: Final = (Kind.FILL,)
LOOKS: Final = (Kind.PLAN, Kind.COMPARE, Kind.RECONCILE)
EVERY: Final = 2.0
KEEP: Final = 2.0
"""Seconds between two looks at the lease while a job runs."""


class JobRunner:
    """One lane. Whatever kills its process, the next holder of the lease goes on with what was under way."""

    def __init__(self, service: "Service", kinds: tuple[Kind, ...], lease: Lease) -> None:
        self._service = service
        self._kinds = kinds
        self._lease = lease
        self._jobs = Jobs(service.database, service.clock)
        self._log = logger("jobs")

    async def run(self) -> None:
        """Look every two seconds, for ever."""
        while True:
            try:
                if await self._lease.acquire():
                    await self.turn()
            except (PyMongoError, KafkaError, LeaseLost) as error:
                self._log.warning("jobs wait", error=type(error).__name__)
            await asyncio.sleep(EVERY)

    async def turn(self) -> None:
        """Carry out what waits now.

        Raises:
            LeaseLost: another process goes on with it.
        """
        for row in await self._jobs.open(self._kinds):
            await self._carry_out(row["_id"], row["state"], Ask.model_validate(row["ask"]))

    async def _carry_out(self, job_id: str, state: str, wanted: Ask) -> None:
        work = asyncio.create_task(self._work(job_id, wanted, fresh=state == JobState.WAITING.value))
        try:
            while not (await asyncio.wait({work}, timeout=KEEP))[0]:
                await self._lease.keep()
            end, result = work.result()
        except (PyMongoError, KafkaError, LeaseLost):
            raise
        except Exception as error:  # noqa: BLE001 - a job that cannot be done must not end the worker
            self._log.error("job failed", kind=wanted.kind.value, error=type(error).__name__)
            await self._jobs.set(job_id, JobState.FAILED, error=type(error).__name__)
        else:
            await self._jobs.set(job_id, end, result=result)
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def _work(self, job_id: str, wanted: Ask, *, fresh: bool) -> tuple[JobState, dict[str, Any]]:
        match wanted.kind:
            case Kind.FILL:
                return await self._fill(job_id, wanted, fresh=fresh)
            case Kind.PLAN:
                plan = await rebuild_of(self._service, wanted).plan()
                return JobState.DONE, {**asdict(plan), "head": (await self._service.store.head()).position}
            case Kind.COMPARE:
                return JobState.DONE, await self._compare(wanted.projection)
            case Kind.RECONCILE:
                return JobState.DONE, await self._reconcile()

    async def _fill(self, job_id: str, wanted: Ask, *, fresh: bool) -> tuple[JobState, dict[str, Any]]:
        rebuild = rebuild_of(self._service, wanted, self._lease)
        if fresh and wanted.again:
            await rebuild.restart()
        before = await rebuild.status() or {}
        if not fresh and before.get("state") == JobState.PAUSED.value:  # its worker was killed while it waited
            await rebuild.wait()
        await self._jobs.set(job_id, JobState.RUNNING)
        limit = wanted.limit if fresh else float(before.get("limit", wanted.limit))
        position = await rebuild.fill(limit=limit)
        row = await rebuild.status() or {}
        state = JobState(row.get("state", JobState.CANCELLED.value))
        facts = {name: row.get(name) for name in ("events", "seconds", "memory_mib")}
        return state, {"position": position, **facts}

    async def _compare(self, name: str) -> dict[str, Any]:
        service = self._service
        projection = named(service, name)
        live = projection.at(await service.pointers.live(projection))
        versions = {"from": live.version, "to": projection.version}
        if unready := await _unready(service.database, live, projection):
            return {**versions, "unready": unready}
        _, secret = service.settings.hash_key("fingerprint")
        try:
            found = await compare(
                service.database, service.documents, live, projection, show=lambda value: masked(value, secret)
            )
        except ValidationError:  # its version was made by other code
            return {**versions, "unready": "shape"}
        facts = asdict(found) | {"fields": dict(found.fields)}  # asdict takes a Counter's items for keys
        return {**versions, "equal": found.equal, **facts}

    async def _reconcile(self) -> dict[str, Any]:
        service = self._service
        checkpoint = await service.database["relay_checkpoints"].find_one({"_id": "relay"}) or {"position": 0}
        read = service.provenance.read
        topic = await reconcile(service.kafka, topic_of(service.name), service.store, checkpoint["position"], read)
        models = [asdict(await models_against_store(service, one)) for one in service.definition.projections]
        return {"upto": checkpoint["position"], "topic": asdict(topic), "models": models}


async def _unready(database: Database, live: AnyProjection, candidate: AnyProjection) -> str | None:
    """What keeps two versions from being compared: there is one alone, or one of them is empty."""
    if live.version == candidate.version:
        return "same"
    sides = {"live": live, "candidate": candidate}
    empty = [name for name, one in sides.items() if await database[one.id].find_one({}, {"_id": 1}) is None]
    return empty[0] if len(empty) == 1 else None


def runners(service: "Service") -> list[JobRunner]:
    """A paused replay holds up nobody who only wants to look: two lanes."""
    lanes = {"replays": WRITES, "checks": LOOKS}
    return [JobRunner(service, kinds, service.lease(name)) for name, kinds in lanes.items()]
