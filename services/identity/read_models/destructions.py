"""What was destroyed, of whom, when, and whether every service has answered: for auditors; one document per decision."""

from typing import Final, assert_never

from pydantic import AwareDatetime

from services.identity.domain import erasure_events as e
from services.identity.domain.ids import ErasureId, PersonId
from services.identity.domain.retention import reference_of
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
    answered: tuple[str, ...] = ()
    """Services that have answered."""
    answered_at: AwareDatetime | None = None
    """The last of them."""


def key(event: Destroying) -> str:
    """Of one decision: an erasure, and later each class that the law kept."""
    return f"{event.erasure_id}|{','.join(event.classes)}"


def evolve(one: Destruction | None, event: Destroying) -> Destruction | None:
    match event:
        case e.PersonErased():
            return _decided(event, ERASURE)
        case e.RetentionEnded():
            return _decided(event, ",".join(event.classes))
        case e.ErasureConfirmed(service=service):
            return one and one.model_copy(update={"answered": (*one.answered, service), "answered_at": event.at})
        case _:
            assert_never(event)


def _decided(event: e.PersonErased | e.RetentionEnded, what: str) -> Destruction:
    facts = event.model_dump(include={"person_id", "erasure_id", "classes", "at"})
    return Destruction(**facts, what=what, reference=reference_of(event.erasure_id))


destructions = Projection(
    name="identity.destructions",
    version=1,
    document=Destruction,
    handles=members(Destroying),
    key=key,
    evolve=evolve,
    indexes=("what,at", "what"),
)
