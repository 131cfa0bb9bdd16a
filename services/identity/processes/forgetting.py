"""What follows when a person is forgotten or dies, and until when the fund covers him who was forgotten."""

import datetime as dt
import uuid
from typing import Final, assert_never

from services.identity.domain import account_commands as standing
from services.identity.domain import erasure_commands as c
from services.identity.domain import erasure_events as e
from services.identity.domain.account_events import CloseReason
from services.identity.domain.events import PersonDied, PersonUpdated
from services.identity.domain.ids import ErasureId
from services.identity.domain.register import facts_of
from services.identity.domain.retention import cover_end, reference_of
from shared.kernel import Issued, Process, Value, members

AFTER_DEATH: Final = dt.timedelta(days=730)
"""The time in which heirs may still claim (L160-11), in which they may need what the account holds."""
NAMESPACE: Final = uuid.UUID("7d0c8a52-36d1-5c0e-9b7c-1f2a4de0a911")

Heard = PersonDied | PersonUpdated | e.ErasureCancelled | e.PersonErased | e.PersonReturned


class Forgotten(Value):
    """Whether the person is, and until when the fund covers him as far as the register has said since."""

    is_erased: bool = False
    heard: bool = False
    covered_until: dt.date | None = None


def decide(state: Forgotten, event: Heard) -> list[Issued]:
    account, erasure = f"account:{event.person_id}", f"erasure:{event.person_id}"
    match event:
        case PersonDied():
            return [Issued(erasure, _of_the_dead(event))]
        case e.ErasureCancelled(by=by):
            return [Issued(account, standing.EndSessions(at=event.at))] if by is e.CancelledBy.LINK else []
        case e.PersonErased(person_id=person_id):
            closed = Issued(account, standing.CloseAccount(at=event.at, reason=CloseReason.ERASURE))
            cover = c.RecordCover(at=event.at, person_id=person_id, covered_until=state.covered_until)
            return [closed, Issued(erasure, cover)] if state.heard else [closed]
        case PersonUpdated(person_id=person_id):
            cover = c.RecordCover(at=event.at, person_id=person_id, covered_until=cover_end(facts_of(event)))
            return [Issued(erasure, cover)] if state.is_erased else []
        case e.PersonReturned():
            return []
        case _:
            assert_never(event)


def _of_the_dead(event: PersonDied) -> c.RequestErasure:
    erasure_id = ErasureId(str(uuid.uuid5(NAMESPACE, f"{event.person_id}|{event.at.isoformat()}")))
    return c.RequestErasure(
        at=event.at,
        person_id=event.person_id,
        erasure_id=erasure_id,
        reference=reference_of(erasure_id),
        by=e.RequestedBy.DEATH,
        due_at=event.at + AFTER_DEATH,
        covered_until=event.died_on,
    )


def evolve(state: Forgotten, event: Heard) -> Forgotten:
    match event:
        case PersonUpdated():
            return state.model_copy(update={"heard": True, "covered_until": cover_end(facts_of(event))})
        case e.PersonErased():
            return state.model_copy(update={"is_erased": True})
        case e.PersonReturned():
            return state.model_copy(update={"is_erased": False})
        case PersonDied() | e.ErasureCancelled():
            return state
        case _:
            assert_never(event)


forgetting: Process[Forgotten, Heard] = Process(
    name="forgetting",
    initial=Forgotten(),
    handles=members(Heard),
    key=lambda event: event.person_id,
    decide=decide,
    evolve=evolve,
)
