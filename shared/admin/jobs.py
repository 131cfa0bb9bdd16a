"""/internal/ops/jobs: what operations ask of a service's worker, and what came of it. Whoever asked may be gone."""

import uuid
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Depends, Header
from pydantic import Field

from shared.admin.callers import operations_caller
from shared.admin.map import named
from shared.canonical import iso
from shared.clock import Clock
from shared.jobs import JobState
from shared.kernel import Rejected, Value, require
from shared.mongo import Database, DuplicateKeyError
from shared.rebuild import Rebuild
from shared.scopes import Scope
from shared.security import Caller

if TYPE_CHECKING:
    from shared.service.running import Service

OPEN: Final = (JobState.WAITING.value, JobState.RUNNING.value)
SHOWN: Final = 30
TIMES: Final = ("at", "asked_at", "ended_at")
Operator = Annotated[Caller, Depends(operations_caller)]


Limit = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class Kind(StrEnum):
    """What a job does. All but `fill` only look."""

    PLAN = "plan"
    FILL = "fill"
    COMPARE = "compare"
    RECONCILE = "reconcile"


class Ask(Value):
    """A job. `person` and `since`: see Scope; `limit`: events a second, 0: none; `again`: from the first event."""

    kind: Kind
    projection: str = ""
    person: str = ""
    since: str = ""
    limit: Limit = 0
    again: bool = False

    def scope(self) -> Scope:
        """What is covered.

        Raises:
            Rejected: `scope-invalid`.
        """
        try:
            return Scope.parse(self.person, self.since)
        except ValueError:
            raise Rejected("scope-invalid") from None


class Wish(StrEnum):
    """What may be asked of a job under way."""

    PAUSE = JobState.PAUSED.value
    CONTINUE = JobState.RUNNING.value
    CANCEL = JobState.CANCELLED.value


class Speed(Value):
    """Events a second at most; 0: none."""

    limit: Limit


class Jobs:
    """The rows `jobs/<id>`: {ask, actor, state, result, error}."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.rows = database["jobs"]
        self._clock = clock

    async def ask(self, job_id: str, wanted: Ask, actor: str) -> None:
        """File a job; the same id again is the same job."""
        row = {"_id": job_id, "ask": wanted.model_dump(mode="json"), "actor": actor, "state": JobState.WAITING.value}
        try:
            await self.rows.insert_one({**row, "asked_at": self._clock.now(), "result": None, "error": None})
        except DuplicateKeyError:
            return

    async def open(self, kinds: tuple[Kind, ...]) -> list[dict[str, Any]]:
        """What waits, or was under way when its worker went; the oldest first."""
        wanted = {"state": {"$in": list(OPEN)}, "ask.kind": {"$in": [kind.value for kind in kinds]}}
        return await self.rows.find(wanted).sort("asked_at", 1).to_list(None)

    async def set(self, job_id: str, state: JobState, **facts: Any) -> None:
        """Where it stands."""
        ended = {} if state.value in OPEN else {"ended_at": self._clock.now()}
        await self.rows.update_one({"_id": job_id}, {"$set": {"state": state.value, **ended, **facts}})

    async def newest(self) -> list[dict[str, Any]]:
        """The last ones, the newest first."""
        return await self.rows.find().sort("asked_at", -1).limit(SHOWN).to_list(SHOWN)


def rebuild_of(service: "Service", wanted: Ask, lease: Any = None) -> Rebuild:
    """The rebuild that a job of this kind runs."""
    projector = service.projector(service.definition.projections)
    return Rebuild(projector, service.store, service.database, service.clock, wanted.scope(), lease=lease)


def add_jobs(router: APIRouter, service: "Service") -> None:
    """The routes under /jobs."""
    jobs = Jobs(service.database, service.clock)
    _add_looking(router, service, jobs)

    @router.post("/jobs", status_code=202)
    async def ask(wanted: Ask, operator: Operator, idempotency_key: Annotated[uuid.UUID, Header()]) -> dict[str, str]:
        wanted.scope()
        if wanted.kind is Kind.COMPARE:
            named(service, wanted.projection)
        await jobs.ask(str(idempotency_key), wanted, operator.actor)
        return {"id": str(idempotency_key)}

    @router.post("/jobs/{job_id}/limit", status_code=202)
    async def throttle(job_id: str, speed: Speed, _: Operator) -> dict[str, str]:
        wanted = await _running_fill(jobs, job_id)
        await rebuild_of(service, wanted).throttle(speed.limit)
        return {"requested": "limit"}

    @router.post("/jobs/{job_id}/{wish}", status_code=202)
    async def wish(job_id: str, wish: Wish, _: Operator) -> dict[str, str]:
        row = await _found(jobs, job_id)
        require(row["state"] in OPEN, otherwise="job-over")
        wanted = Ask.model_validate(row["ask"])
        if wanted.kind is Kind.FILL and row["state"] == JobState.RUNNING.value:
            await rebuild_of(service, wanted).ask(JobState(wish.value))
        else:
            require(wish is Wish.CANCEL, otherwise="job-not-running")
            await jobs.set(job_id, JobState.CANCELLED)
        return {"requested": wish.value}


def _add_looking(router: APIRouter, service: "Service", jobs: Jobs) -> None:
    @router.get("/jobs")
    async def listed() -> list[dict[str, Any]]:
        return [await _shown(service, row) for row in await jobs.newest()]

    @router.get("/jobs/{job_id}")
    async def one(job_id: str) -> dict[str, Any]:
        return await _shown(service, await _found(jobs, job_id))


async def _shown(service: "Service", row: dict[str, Any]) -> dict[str, Any]:
    wanted = Ask.model_validate(row["ask"])
    progress = await rebuild_of(service, wanted).status() if wanted.kind is Kind.FILL else None
    head = (await service.store.head()).position
    return {"id": row.pop("_id"), **_times(row), "progress": _times(progress), "head": head}


async def _found(jobs: Jobs, job_id: str) -> dict[str, Any]:
    row: dict[str, Any] | None = await jobs.rows.find_one({"_id": job_id})
    if row is None:
        raise Rejected("job-unknown")
    return row


async def _running_fill(jobs: Jobs, job_id: str) -> Ask:
    row = await _found(jobs, job_id)
    require(row["state"] in OPEN, otherwise="job-over")
    wanted = Ask.model_validate(row["ask"])
    require(wanted.kind is Kind.FILL and row["state"] == JobState.RUNNING.value, otherwise="job-not-running")
    return wanted


def _times(row: dict[str, Any] | None) -> dict[str, Any]:
    return {name: iso(value) if name in TIMES and value else value for name, value in (row or {}).items()}
