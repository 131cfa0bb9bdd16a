"""What was destroyed, of whom, when, and whether every service has answered: for auditors; one for each decision."""

from typing import Final, assert_never

from pydantic import AwareDatetime

from services.identity.domain import erasure_events as e
from services.identity.domain.ids import ErasureId, PersonId
from services.identity.domain.retention import SERVICES, reference_of
from shared.kernel import Projection, Value, members

Destroying = e.PersonErased | e.RetentionEnded | e.ErasureConfirmed
ERASURE: Final = "erasure"


class Destruction(Value):
    """Read model: nothing personal. `what`: `erasure`, or the class whose time was over."""

    person_id: PersonId
    erasure_id: ErasureId
    reference: str
    what: str
    classes: tuple[str, ...]
    at: AwareDatetime
    waits_for: tuple[str, ...]
    """Services that have not answered yet."""
    answered_at: AwareDatetime | None = None
    """When the last one has."""


def key(event: Destroying) -> str:
    """Of one decision: an erasure, and later each class that the law kept."""
    return f"{event.erasure_id}|{','.join(event.classes)}"


def evolve(one: Destruction | None, event: Destroying) -> Destruction | None:
    match event:
        case e.PersonErased():
            return _decided(event, ERASURE, event.services)
        case e.RetentionEnded():
            return _decided(event, ",".join(event.classes), SERVICES)
        case e.ErasureConfirmed(service=service):
            left = tuple(name for name in one.waits_for if name != service) if one else ()
            return one and one.model_copy(update={"waits_for": left, "answered_at": event.at})
        case _:
            assert_never(event)


def _decided(event: e.PersonErased | e.RetentionEnded, what: str, asked: tuple[str, ...]) -> Destruction:
    facts = event.model_dump(include={"person_id", "erasure_id", "classes", "at"})
    return Destruction(**facts, what=what, waits_for=asked, reference=reference_of(event.erasure_id))


destructions = Projection(
    name="identity.destructions",
    version=1,
    document=Destruction,
    handles=members(Destroying),
    key=key,
    evolve=evolve,
    indexes=("what,at", "what"),
)
