"""How long each class is kept, by which text, what is destroyed next and what was: for auditors and supervisors."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from services.identity.domain.retention import ERASED_CLASSES, RULES, SERVICES, Rule, Start
from services.identity.read_models.destructions import ERASURE, Destruction, destructions
from services.identity.read_models.erasure_deadlines import erasure_waits, retention_ends
from shared.admin.callers import controlling_caller
from shared.deadlines import Deadline
from shared.kernel import Projection, Value
from shared.service import Service

ERASURE_SOURCE: Final = "RGPD, art. 17"
COUNTED: Final = 100_000
AT_ONCE: Final = 50


class ClassShown(Value):
    """One class. `start`: what the years are counted from; `waiting`: dates that are known, the next one first."""

    retention: str
    years: int
    start: Start
    source: str
    verified: bool
    waiting: int
    next_due: AwareDatetime | None
    done: int
    last_done: AwareDatetime | None


class RetentionShown(Value):
    """The table. `days`: how long a request to be forgotten is held; `services`: who answers."""

    days: int
    services: tuple[str, ...]
    classes: tuple[ClassShown, ...]


class Destructions(Value):
    """The newest first; `more`: where the older ones begin."""

    items: tuple[Destruction, ...]
    more: str | None


def retention_router(service: Service, days: int) -> APIRouter:
    """The routes, for the console alone."""
    routes = APIRouter(prefix="/internal/retention", dependencies=[Depends(controlling_caller)])

    @routes.get("")
    async def table() -> RetentionShown:
        classes = [await row(_closing(one), erasure_waits, ERASURE) for one in ERASED_CLASSES]
        classes += [await row(rule, retention_ends(rule.retention), rule.retention) for rule in RULES]
        return RetentionShown(days=days, services=SERVICES, classes=tuple(classes))

    @routes.get("/destructions")
    async def done(
        what: Annotated[str, Query(max_length=40)] = ERASURE, after: Annotated[str, Query(max_length=200)] = ""
    ) -> Destructions:
        """Some of them; `after` is what the page before called `more`."""
        at, _, key = after.partition(" ")
        behind = (at, key) if after else None
        found = await service.queries.newest(destructions, "at", AT_ONCE, behind, what=what)
        return Destructions(items=tuple(found), more=_mark(found[-1]) if len(found) == AT_ONCE else None)

    async def row(rule: Rule, waits: Projection[Deadline, Any], what: str) -> ClassShown:
        soonest = await service.queries.soonest(waits, "due_at", 1)
        last = await service.queries.newest(destructions, "at", 1, what=what)
        return ClassShown(
            **rule.model_dump(),
            waiting=await service.queries.count(waits, COUNTED),
            next_due=soonest[0].due_at if soonest else None,
            done=await service.queries.count(destructions, COUNTED, what=what),
            last_done=last[0].at if last else None,
        )

    return routes


def _closing(retention: str) -> Rule:
    """What goes with the account."""
    return Rule(retention=retention, years=0, start=Start.ERASURE, source=ERASURE_SOURCE, verified=True)


def _mark(one: Destruction) -> str:
    return f"{one.model_dump(mode='json')['at']} {one.erasure_id}|{','.join(one.classes)}"
