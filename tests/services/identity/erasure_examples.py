"""One erasure and its days, used by the tests of identity."""

import datetime as dt
from typing import Any

from services.identity.domain import erasure_commands as c
from services.identity.domain import erasure_events as e
from services.identity.domain.ids import ErasureId, HoldId
from services.identity.domain.retention import ERASED_CLASSES, SERVICES, kept_from, reference_of
from tests.services.identity.examples import CLAIRE, NOW

ERASURE = ErasureId("66666666-6666-4666-8666-666666666666")
OTHER = ErasureId("77777777-7777-4777-8777-777777777777")
HOLD_ID = HoldId("88888888-8888-4888-8888-888888888888")
NEXT_HOLD = HoldId("99999999-9999-4999-8999-999999999999")
WAIT = dt.timedelta(days=14)
DUE = NOW + WAIT
ENDS = dt.date(2027, 6, 30)
OF: dict[str, Any] = {"person_id": CLAIRE, "erasure_id": ERASURE}
CASE = "TJ Toulon 26/01234"
ANN, BOB = "agent-1", "agent-2"

REFERENCE = reference_of(ERASURE)
KEPT = kept_from(DUE.date(), ENDS)


def request(**changes: Any) -> c.RequestErasure:
    known = {"at": NOW, "by": e.RequestedBy.MEMBER, "reference": REFERENCE, "due_at": DUE, "covered_until": ENDS}
    return c.RequestErasure(**OF | known | changes)


REQUESTED = e.ErasureRequested(**request().model_dump())
ERASED = e.PersonErased(
    at=DUE, **OF, reference=REFERENCE, requested_at=NOW, classes=ERASED_CLASSES, services=SERVICES, kept=KEPT
)


def cancel(by: e.CancelledBy = e.CancelledBy.ACCOUNT, erasure_id: ErasureId = ERASURE) -> c.CancelErasure:
    return c.CancelErasure(at=NOW, person_id=CLAIRE, erasure_id=erasure_id, by=by)


CANCELLED = e.ErasureCancelled(at=NOW, **OF, by=e.CancelledBy.ACCOUNT)


def erase(at: dt.datetime = DUE, erasure_id: ErasureId = ERASURE) -> c.ErasePerson:
    return c.ErasePerson(at=at, person_id=CLAIRE, erasure_id=erasure_id)


def answer(service: str, classes: tuple[str, ...] = ERASED_CLASSES) -> c.RecordErasureCompletion:
    reached = (e.Dropped(what="devices", count=2),)
    return c.RecordErasureCompletion(at=DUE, **OF, service=service, classes=classes, reached=reached)


def answered(service: str, classes: tuple[str, ...] = ERASED_CLASSES) -> e.ErasureConfirmed:
    return e.ErasureConfirmed(**answer(service, classes).model_dump())


COMPLETED = e.ErasureCompleted(at=DUE, **OF)
ALL_ANSWERED = (*map(answered, SERVICES), COMPLETED)
BACK = e.PersonReturned(at=DUE, **OF)
HOLD: dict[str, Any] = {"at": NOW, "person_id": CLAIRE, "hold_id": HOLD_ID}
HOLD_ASKED = e.LegalHoldRequested(**HOLD, agent_id=ANN, case=CASE)
HOLD_PLACED = e.LegalHoldPlaced(**HOLD, agent_id=BOB)
LIFT_ASKED = e.LegalHoldLiftRequested(**HOLD, agent_id=ANN)


def lifted(due_at: dt.datetime | None, kept: Any = (), erasure_id: ErasureId | None = ERASURE) -> e.LegalHoldLifted:
    return e.LegalHoldLifted(**HOLD, agent_id=BOB, erasure_id=erasure_id, due_at=due_at, kept=kept)
