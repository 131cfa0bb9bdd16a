"""Who may see whom: one service decides and publishes it, every other keeps its own copy and obeys it.

A service lists `GRANT_EVENTS`, `Aggregate(grants)`, `grants_reaction(source)` and `views_of(name)` in its definition,
and asks `may_see` before it shows anything of a person. Everybody sees himself.
"""

import datetime as dt
from typing import Any, Final, assert_never

from shared.kernel import Command, Decider, Event, Issued, Projection, Value
from shared.messaging import Delivered
from shared.projections.queries import ReadModels
from shared.reactions import Incoming, On, Reaction

ALWAYS: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""A service that is born later must know every view that was granted before."""


class OpenView(Command):
    """Let the viewer see a person."""

    viewer_id: str
    person_id: str


class CloseView(Command):
    """Show nothing of this person to the viewer any more."""

    viewer_id: str
    person_id: str


class ViewOpened(Event, name="ViewOpened"):
    """This service shows the person to the viewer from now on."""

    viewer_id: str
    person_id: str


class ViewClosed(Event, name="ViewClosed"):
    """This service no longer shows the person to the viewer."""

    viewer_id: str
    person_id: str


GRANT_EVENTS: Final[tuple[type[Event], ...]] = (ViewOpened, ViewClosed)
GrantCommand = OpenView | CloseView
GrantEvent = ViewOpened | ViewClosed


def _decide(seen: frozenset[str], command: GrantCommand) -> list[GrantEvent]:
    match command:
        case OpenView():
            return [] if command.person_id in seen else [ViewOpened(**command.model_dump())]
        case CloseView():
            return [ViewClosed(**command.model_dump())] if command.person_id in seen else []
        case _:
            assert_never(command)


def _evolve(seen: frozenset[str], event: GrantEvent) -> frozenset[str]:
    match event:
        case ViewOpened():
            return seen | {event.person_id}
        case ViewClosed():
            return seen - {event.person_id}
        case _:
            assert_never(event)


grants: Decider[frozenset[str], GrantCommand, GrantEvent] = Decider(
    category="views", retention="access", initial=frozenset(), decide=_decide, evolve=_evolve
)
"""One stream per viewer, `views:<viewer id>`."""


class Views(Value):
    """Whom a viewer may see besides himself, in no order that says anything."""

    viewer_id: str
    persons: tuple[str, ...] = ()


def views_of(service: str) -> Projection[Views, GrantEvent]:
    """The read model that `may_see` asks: one document per viewer."""

    def evolve(views: Views | None, event: GrantEvent) -> Views:
        seen = _evolve(frozenset(views.persons if views else ()), event)
        return Views(viewer_id=event.viewer_id, persons=tuple(sorted(seen)))

    return Projection(
        name=f"{service}.views",
        version=1,
        document=Views,
        handles=(ViewOpened, ViewClosed),
        key=lambda event: event.viewer_id,
        evolve=evolve,
    )


class _Change(Incoming):
    viewer_id: str
    person_id: str


def grants_reaction(source: str, *, granted: str = "ViewGranted", ended: str = "ViewEnded") -> Reaction:
    """Follows what the deciding service publishes; `granted` and `ended` are its events' names."""

    def opened(change: _Change, delivery: Delivered) -> list[Issued]:
        return [_issued(OpenView(at=delivery.recorded_at, **change.model_dump()))]

    def closed(change: _Change, delivery: Delivered) -> list[Issued]:
        return [_issued(CloseView(at=delivery.recorded_at, **change.model_dump()))]

    return Reaction("views", source, ALWAYS, {granted: On(_Change, opened), ended: On(_Change, closed)})


def _issued(command: GrantCommand) -> Issued:
    return Issued(f"views:{command.viewer_id}", command)


async def persons_seen_by(queries: ReadModels, projection: Projection[Views, Any], viewer_id: str) -> tuple[str, ...]:
    """Everybody whom a viewer may see, himself first."""
    views = await queries.get(projection, viewer_id)
    return (viewer_id, *(views.persons if views else ()))


async def may_see(queries: ReadModels, projection: Projection[Views, Any], viewer_id: str, person_id: str) -> bool:
    """Whether the viewer may see this person now; a person whom he may not see does not exist for him (404)."""
    return viewer_id == person_id or person_id in await persons_seen_by(queries, projection, viewer_id)
