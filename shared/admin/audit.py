"""/internal/audit: what happened, by stream, correlation or position: types, times, actors, hashes, never a value."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from shared.admin.callers import looking_caller
from shared.canonical import iso
from shared.event_store import FARTHEST, Commit, EventStore

MOST = 1000


def audit_router(store: EventStore) -> APIRouter:
    """The routes, for who runs the services, supervises that or audits it."""
    router = APIRouter(prefix="/internal/audit", dependencies=[Depends(looking_caller)])

    @router.get("/head")
    async def head() -> dict[str, Any]:
        last = await store.head()
        return {"position": last.position, "hash": last.hash.hex(), "at": iso(last.at)}

    @router.get("/streams/{stream}")
    async def stream(stream: str) -> list[dict[str, Any]]:
        return _facts(await store.stream(stream))

    @router.get("/correlations/{correlation_id}")
    async def correlation(correlation_id: str) -> list[dict[str, Any]]:
        return _facts(await store.correlated(correlation_id))

    @router.get("/persons/{person_id}")
    async def person(person_id: str) -> list[str]:
        return await store.streams_of(person_id)

    @router.get("/commits")
    async def commits(
        after: Annotated[int, Query(ge=0, le=FARTHEST)] = 0, limit: Annotated[int, Query(ge=1, le=MOST)] = 100
    ) -> list[dict[str, Any]]:
        return _facts(await store.window(after, limit))

    return router


def _facts(commits: Sequence[Commit]) -> list[dict[str, Any]]:
    return [
        {
            "position": commit["_id"],
            "stream": commit["s"],
            "version": commit["v0"] + index,
            "event_id": event["id"],
            "type": event["type"],
            "schema": event["sv"],
            "fields": sorted([*event["data"], *event.get("pii", {})]),
            "recorded_at": iso(commit["at"]),
            "command_id": commit["cmd"],
            "hash": commit["h"].hex(),
            "previous_hash": commit["ph"].hex(),
            **{name: value for name, value in commit["meta"].items() if name != "pk"},
        }
        for commit in commits
        for index, event in enumerate(commit["ev"])
    ]
