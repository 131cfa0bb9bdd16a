"""/internal/ops: how far the relay and each read model are, what is parked, and the blue/green moves of a rebuild."""

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime

from shared.admin.callers import looking_caller
from shared.admin.jobs import Operator, add_jobs
from shared.admin.map import checks_of, map_of, named, state_of
from shared.admin.masking import Show, masked, plain
from shared.admin.parked import add_parked
from shared.admin.samples import series
from shared.canonical import iso
from shared.kernel import Value
from shared.messaging import Delivered
from shared.problems import Refused
from shared.projections.explain import Failure, Step, differing, explain
from shared.projections.pulse import STALLED
from shared.security import Caller

if TYPE_CHECKING:
    from shared.service.running import Service


Looking = Annotated[Caller, Depends(looking_caller)]
SEES_VALUES: Final = frozenset({"supervisor", "auditor"})


def ops_router(service: "Service") -> APIRouter:
    """The routes; only tokens of the console open them, and each act carries its actor."""
    router = APIRouter(prefix="/internal/ops", dependencies=[Depends(looking_caller)])
    _add_state(router, service)
    add_parked(router, service)
    add_jobs(router, service)
    _add_versions(router, service)
    _add_explanation(router, service)
    return router


def _add_state(router: APIRouter, service: "Service") -> None:
    @router.get("/relay")
    async def relay() -> dict[str, Any]:
        head = await service.store.head()
        row = await service.database["relay_checkpoints"].find_one({"_id": "relay"}) or {"position": 0, "epoch": 0}
        first = await service.store.window(row["position"], 1)
        seconds = (service.clock.now() - first[0]["at"]).total_seconds() if first else 0.0
        return {
            "head": head.position,
            "head_at": iso(head.at),
            "position": row["position"],
            "lag": head.position - row["position"],
            "lag_seconds": seconds,
            "stalled": seconds > STALLED,
        }

    @router.get("/projections")
    async def projections() -> list[dict[str, Any]]:
        checks = await checks_of(service)
        return [await state_of(service, one, checks.get(one.name)) for one in service.definition.projections]

    @router.get("/samples")
    async def samples() -> list[dict[str, Any]]:
        return await series(service)

    @router.get("/map")
    async def parts() -> dict[str, Any]:
        return map_of(service)


def _add_versions(router: APIRouter, service: "Service") -> None:
    @router.post("/flip/{name}")
    async def flip(name: str, _: Operator) -> dict[str, bool]:
        return {"flipped": await service.pointers.flip(named(service, name))}

    @router.post("/rollback/{name}")
    async def roll_back(name: str, _: Operator) -> dict[str, bool]:
        return {"rolled_back": await service.pointers.roll_back(name)}


def _add_explanation(router: APIRouter, service: "Service") -> None:
    _, secret = service.settings.hash_key("fingerprint")

    @router.get("/explanations/{name}/{key}")
    async def explanation(
        name: str, key: str, caller: Looking, until: AwareDatetime | None = None, *, values: bool = False
    ) -> dict[str, Any]:
        """`values`: for whoever the console has recorded as shown them; all others see shapes and hashes."""
        if values and caller.actor_kind not in SEES_VALUES:
            raise Refused("issuer-refused")
        show: Show = plain if values else lambda value: masked(value, secret)
        projection = named(service, name)
        found = await explain(service.store, service.codec, projection, key, until=until)
        live = await service.queries.get(projection, key)
        return {
            "document": {field: show(value) for field, value in _json(found.document).items()},
            "as_live": None if until else not differing(found.document, live),
            "steps": [_step(step, show) for step in found.steps],
            "failure": _failure(found.failure),
        }


def _json(document: Value | None) -> dict[str, Any]:
    return document.model_dump(mode="json") if document else {}


def _failure(failure: Failure | None) -> dict[str, Any] | None:
    return {**_event(failure.delivery), "error": failure.error} if failure else None


def _step(step: Step, show: Show) -> dict[str, Any]:
    return {
        **_event(step.delivery),
        "fields": {
            name: {"before": show(change.before), "after": show(change.after)} for name, change in step.changes.items()
        },
    }


def _event(entry: Delivered) -> dict[str, Any]:
    return {
        "position": entry.position,
        "stream": entry.stream,
        "version": entry.version,
        "event_id": entry.stored["id"],
        "type": entry.stored["type"],
        "recorded_at": iso(entry.recorded_at),
        "actor": entry.meta.actor,
        "actor_kind": entry.meta.actor_kind,
    }
