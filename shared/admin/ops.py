"""/internal/ops: how far the relay and each read model are, what is parked, and the blue/green moves of a rebuild."""

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends
from pydantic import AwareDatetime

from shared.admin.map import map_of, state_of
from shared.admin.masking import masked
from shared.canonical import iso
from shared.comparison import compare
from shared.kernel import Rejected, Value
from shared.projections.documents import AnyProjection
from shared.projections.explain import Step, explain
from shared.rebuild import JobState, Rebuild
from shared.security import Caller, console_caller

if TYPE_CHECKING:
    from shared.service.running import Service

Console = Annotated[Caller, Depends(console_caller)]


class Ask(StrEnum):
    """What may be asked of a running rebuild."""

    PAUSE = "paused"
    CONTINUE = "running"
    CANCEL = "cancelled"


class Reason(Value):
    """Why somebody acts on a parked key."""

    action: str
    reason: str


def ops_router(service: "Service") -> APIRouter:
    """The routes; only tokens of the console open them, and each act carries its actor."""
    router = APIRouter(prefix="/internal/ops", dependencies=[Depends(console_caller)])
    _add_state(router, service)
    _add_parked(router, service)
    _add_rebuild(router, service)
    _add_explanation(router, service)
    return router


def _add_state(router: APIRouter, service: "Service") -> None:
    @router.get("/relay")
    async def relay() -> dict[str, Any]:
        head = await service.store.head()
        row = await service.database["relay_checkpoints"].find_one({"_id": "relay"}) or {"position": 0, "epoch": 0}
        lag = head.position - row["position"]
        return {"head": head.position, "head_at": iso(head.at), "position": row["position"], "lag": lag}

    @router.get("/projections")
    async def projections() -> list[dict[str, Any]]:
        return [await state_of(service, projection) for projection in service.definition.projections]

    @router.get("/map")
    async def parts() -> dict[str, Any]:
        return map_of(service.definition)


def _add_parked(router: APIRouter, service: "Service") -> None:
    @router.get("/parked")
    async def parked() -> list[dict[str, Any]]:
        rows = await service.parking.rows()
        return [{**row, "at": iso(row["at"]), "waiting": len(row.get("waiting", []))} for row in rows]

    @router.post("/parked/{row_id:path}", status_code=202)
    async def act(row_id: str, wish: Reason, caller: Console) -> dict[str, str]:
        if wish.action not in ("retry", "skip"):
            raise Rejected("action-unknown")
        if not await service.parking.ask(row_id, wish.action, caller.actor, wish.reason):
            raise Rejected("not-parked")
        return {"requested": wish.action}


def _add_rebuild(router: APIRouter, service: "Service") -> None:
    def rebuild() -> Rebuild:
        projector = service.projector(service.definition.projections)
        return Rebuild(projector, service.store, service.database, service.clock)

    @router.get("/rebuild/plan")
    async def plan() -> dict[str, Any]:
        return asdict(await rebuild().plan())

    @router.get("/rebuild")
    async def status() -> dict[str, Any]:
        return {**(await rebuild().status() or {}), "head": (await service.store.head()).position}

    @router.post("/rebuild", status_code=202)
    async def start(background: BackgroundTasks, limit: float = 0) -> dict[str, str]:
        background.add_task(rebuild().fill, limit=limit)
        return {"requested": JobState.RUNNING.value}

    @router.post("/rebuild/{wish}", status_code=202)
    async def ask(wish: Ask) -> dict[str, str]:
        await rebuild().ask(JobState(wish.value))
        return {"requested": wish.value}

    @router.get("/comparison/{name}")
    async def comparison(name: str) -> dict[str, Any]:
        projection = _named(service, name)
        live = projection.at(await service.pointers.live(projection))
        return asdict(await compare(service.database, service.documents, live, projection))

    @router.post("/flip/{name}")
    async def flip(name: str) -> dict[str, bool]:
        return {"flipped": await service.pointers.flip(_named(service, name))}

    @router.post("/rollback/{name}")
    async def roll_back(name: str) -> dict[str, bool]:
        return {"rolled_back": await service.pointers.roll_back(name)}


def _add_explanation(router: APIRouter, service: "Service") -> None:
    _, secret = service.settings.hash_key("fingerprint")

    @router.get("/explanations/{name}/{key}")
    async def explanation(name: str, key: str, until: AwareDatetime | None = None) -> dict[str, Any]:
        projection = _named(service, name)
        found = await explain(service.store, service.codec, projection, key, until=until)
        live = await service.queries.get(projection, key)
        return {
            "document": {field: masked(value, secret) for field, value in _json(found.document).items()},
            "as_live": None if until else found.document == live,
            "steps": [_step(step, secret) for step in found.steps],
        }


def _json(document: Value | None) -> dict[str, Any]:
    return document.model_dump(mode="json") if document else {}


def _step(step: Step, secret: bytes) -> dict[str, Any]:
    entry = step.recorded
    return {
        "position": entry.position,
        "stream": entry.stream,
        "version": entry.version,
        "event_id": entry.id,
        "type": entry.type,
        "recorded_at": iso(entry.recorded_at),
        "actor": entry.meta.actor,
        "actor_kind": entry.meta.actor_kind,
        "fields": {
            name: {"before": masked(change.before, secret), "after": masked(change.after, secret)}
            for name, change in step.changes.items()
        },
    }


def _named(service: "Service", name: str) -> AnyProjection:
    found = [projection for projection in service.definition.projections if projection.name == name]
    if not found:
        raise Rejected("projection-unknown")
    return found[0]
