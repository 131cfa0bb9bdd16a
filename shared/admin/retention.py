"""/internal/audit/retention: which retention classes a service holds, and where, as its own code declares them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from shared.admin.callers import controlling_caller
from shared.kernel import Value
from shared.personal_data.fields import personal_fields

if TYPE_CHECKING:
    from shared.service.running import Service


class ClassHeld(Value):
    """Event types and read models with personal fields of one class, and how many fields that are."""

    retention: str
    events: tuple[str, ...]
    read_models: tuple[str, ...]
    fields: int


class ClassesHeld(Value):
    """By name."""

    service: str
    classes: tuple[ClassHeld, ...]


def retention_router(service: "Service") -> APIRouter:
    """The route, for auditors and supervisors."""
    router = APIRouter(prefix="/internal/audit", dependencies=[Depends(controlling_caller)])

    @router.get("/retention")
    async def retention() -> ClassesHeld:
        events = [(event.NAME, event) for event in service.definition.events]
        models = [(one.name, one.document) for one in service.definition.projections]
        return ClassesHeld(service=service.name, classes=classes_held(events, models))

    return router


def classes_held(
    events: Iterable[tuple[str, type[BaseModel]]], read_models: Iterable[tuple[str, type[BaseModel]]]
) -> tuple[ClassHeld, ...]:
    """What the personal fields of these say."""
    named: dict[str, tuple[set[str], set[str]]] = {}
    counts: dict[str, int] = {}
    for place, several in enumerate((events, read_models)):
        for name, model in several:
            for mark in personal_fields(model).values():
                named.setdefault(mark.retention, (set(), set()))[place].add(name)
                counts[mark.retention] = counts.get(mark.retention, 0) + 1
    return tuple(
        ClassHeld(retention=one, events=tuple(sorted(found)), read_models=tuple(sorted(shown)), fields=counts[one])
        for one, (found, shown) in sorted(named.items())
    )
