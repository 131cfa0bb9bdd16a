"""Whom a member may see besides himself: one document per pair, found by the viewer."""

from typing import assert_never

from services.identity.domain import events as e
from services.identity.domain.ids import PersonId
from shared.kernel import Projection, Value, members

Shown = e.ViewGranted | e.ViewEnded


class SeenPerson(Value):
    """Read model: the pair is there as long as the view holds."""

    viewer_id: PersonId
    person_id: PersonId


def evolve(_: SeenPerson | None, event: Shown) -> SeenPerson | None:
    match event:
        case e.ViewGranted():
            return SeenPerson(viewer_id=event.viewer_id, person_id=event.person_id)
        case e.ViewEnded():
            return None
        case _:
            assert_never(event)


seen_persons = Projection(
    name="identity.seen_persons",
    screen="Personnes que je vois",
    version=1,
    document=SeenPerson,
    handles=members(Shown),
    key=lambda event: pair(event.viewer_id, event.person_id),
    evolve=evolve,
    indexes=("viewer_id",),
)


def pair(viewer_id: str, person_id: str) -> str:
    """The key of a pair."""
    return f"{viewer_id}|{person_id}"
