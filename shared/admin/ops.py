"""/internal/ops: how far the relay and each read model are, what is parked, and the blue/green moves of a rebuild."""

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends
from pydantic import AwareDatetime

from shared.admin.map import map_of, state_of
from shared.admin.masking import masked
from shared.admin.parked import add_parked
from shared.canonical import iso
from shared.comparison import compare
from shared.kernel import Rejected, Value
from shared.projections.documents import AnyProjection
from shared.projections.explain import Step, explain
from shared.rebuild import JobState, Rebuild
from shared.scopes import Scope
from shared.security import console_caller

if TYPE_CHECKING:
    from shared.service.running import Service


def scope(person: str = "", since: str = "") -> Scope:
    """What a rebuild covers: everything, a person, or everybody touched since a position or a date."""
    try:
        return Scope.parse(person, since)
    except ValueError:
        raise Rejected("scope-invalid") from None


Scoped = Annotated[Scope, Depends(scope)]


class Ask(StrEnum):
    """What may be asked of a running rebuild."""

    PAUSE = "paused"
    CONTINUE = "running"
    CANCEL = "cancelled"


def ops_router(service: "Service") -> APIRouter:
    """The routes; only tokens of the console open them, and each act carries its actor."""
    router = APIRouter(prefix="/internal/ops", dependencies=[Depends(console_caller)])
    _add_state(router, service)
    add_parked(router, service)
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
        return map_of(service)


def _add_rebuild(router: APIRouter, service: "Service") -> None:
    def rebuild(scope: Scope) -> Rebuild:
        projector = service.projector(service.definition.projections)
        return Rebuild(projector, service.store, service.database, service.clock, scope)

    @router.get("/rebuild/plan")
    async def plan(scope: Scoped) -> dict[str, Any]:
        return asdict(await rebuild(scope).plan())

    @router.get("/rebuild")
    async def status(scope: Scoped) -> dict[str, Any]:
        return {**(await rebuild(scope).status() or {}), "head": (await service.store.head()).position}

    @router.post("/rebuild", status_code=202)
    async def start(background: BackgroundTasks, scope: Scoped, limit: float = 0) -> dict[str, str]:
        background.add_task(rebuild(scope).fill, limit=limit)
        return {"requested": JobState.RUNNING.value}

    @router.post("/rebuild/{wish}", status_code=202)
    async def ask(wish: Ask, scope: Scoped) -> dict[str, str]:
        await rebuild(scope).ask(JobState(wish.value))
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
