"""What a member did himself, told from the log: who acted stands in an event's envelope, and in no read model."""

from collections.abc import Collection, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime

from shared.event_store.protocol import Commit, EventStore
from shared.kernel import Value
from shared.security import Caller, gateway_caller

LIMIT: Final = 200


class OwnAct(Value):
    """One event, by its public name: never a value of it."""

    what: str
    at: AwareDatetime
    by: str
    """`member`; `visitor`: with a link or before he had signed in; `other`: somebody who acts for him."""
    acting_for: str | None = None
    """The person whom he acted for, where that was not himself."""
    by_program: bool = False


class OwnActs(Value):
    """The newest first."""

    acts: tuple[OwnAct, ...] = ()


def own_acts_router(store: EventStore, dependencies: Sequence[Any] = (), *, only: Collection[str] = ()) -> APIRouter:
    """`GET /own-acts`; `dependencies` are what opens a member's services, `only` the events that count (none: all)."""
    routes = APIRouter(dependencies=list(dependencies))

    @routes.get("/own-acts")
    async def own_acts(known: Annotated[Caller, Depends(gateway_caller)]) -> OwnActs:
        commits = await store.acts_of(known.member, LIMIT, only)
        return OwnActs(acts=tuple(act for commit in commits for act in acts_of(known.member, commit)))

    return routes


def acts_of(member: str, commit: Commit) -> list[OwnAct]:
    """Its events, the last first."""
    meta = commit["meta"]
    for_whom = meta.get("acting_for")
    by = "member" if meta["actor"] == member else "visitor" if meta["actor_kind"] == "visitor" else "other"
    return [
        OwnAct(
            what=event["type"],
            at=commit["at"],
            by=by,
            acting_for=None if for_whom == member else for_whom,
            by_program=meta.get("channel") == "api",
        )
        for event in reversed(commit["ev"])
    ]
