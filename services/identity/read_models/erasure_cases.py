"""Who is being forgotten, who was, and what is held: for the desk and for auditors; one document per person."""

import datetime as dt
from typing import Any, assert_never

from pydantic import AwareDatetime

from services.identity.domain import erasure_events as e
from services.identity.domain.erasure_state import HoldStatus, Status
from services.identity.domain.ids import ErasureId, HoldId, PersonId
from services.identity.domain.retention import Kept
from shared.kernel import Projection, Value, members


class Confirmation(Value):
    """A service's answer."""

    service: str
    at: AwareDatetime
    classes: tuple[str, ...]
    reached: tuple[e.Dropped, ...]


class HoldShown(Value):
    """A legal hold that is asked for or stands, and who has done the last step."""

    hold_id: HoldId
    case: str
    status: HoldStatus
    since: AwareDatetime
    agent_id: str


class Ended(Value):
    """A class whose time was over."""

    classes: tuple[str, ...]
    on: dt.date


class ErasureCase(Value):
    """Read model: nothing personal."""

    person_id: PersonId
    status: Status = Status.NONE
    held: bool = False
    erasure_id: ErasureId | None = None
    reference: str | None = None
    by: e.RequestedBy | None = None
    requested_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    erased_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    classes: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    """Services that have not answered yet."""
    answers: tuple[Confirmation, ...] = ()
    kept: tuple[Kept, ...] = ()
    ended: tuple[Ended, ...] = ()
    holds: tuple[HoldShown, ...] = ()


def evolve(case: ErasureCase | None, event: e.ErasureEvent) -> ErasureCase:
    before = case or ErasureCase(person_id=event.person_id)
    after = before.model_copy(update=_changes(before, event))
    return after.model_copy(update={"held": any(one.status is not HoldStatus.REQUESTED for one in after.holds)})


def _changes(case: ErasureCase, event: e.ErasureEvent) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 - one for each event
    match event:
        case e.ErasureRequested():
            known = event.model_dump(include={"erasure_id", "reference", "by", "due_at"})
            fresh = ErasureCase(person_id=event.person_id).model_dump(exclude={"person_id", "holds", "held"})
            return {**fresh, **known, "status": Status.REQUESTED, "requested_at": event.at}
        case e.ErasureCancelled():
            return {"status": Status.NONE}
        case e.PersonErased():
            known = {"status": Status.ERASED, "erased_at": event.at, "kept": event.kept, "classes": event.classes}
            return {**known, "waits_for": event.services}
        case e.ErasureConfirmed():
            answer = Confirmation(service=event.service, at=event.at, classes=event.classes, reached=event.reached)
            left = tuple(one for one in case.waits_for if one != event.service)
            return {"answers": (*case.answers, answer), "waits_for": left}
        case e.ErasureCompleted():
            return {"status": Status.COMPLETED, "completed_at": event.at}
        case e.PersonReturned():
            return {"status": Status.NONE, "kept": ()}
        case e.RetentionChanged(kept=kept):
            return {"kept": kept}
        case e.RetentionEnded(classes=classes):
            left_kept = tuple(one for one in case.kept if one.retention not in classes)
            return {"kept": left_kept, "ended": (*case.ended, Ended(classes=classes, on=event.at.date()))}
        case e.LegalHoldRequested():
            asked = event.model_dump(include={"hold_id", "case", "agent_id"})
            return {"holds": (*case.holds, HoldShown(**asked, status=HoldStatus.REQUESTED, since=event.at))}
        case e.LegalHoldPlaced():
            return {"holds": _stepped(case, event, HoldStatus.PLACED)}
        case e.LegalHoldLiftRequested():
            return {"holds": _stepped(case, event, HoldStatus.LIFT_REQUESTED)}
        case e.LegalHoldWithdrawn() | e.LegalHoldLifted():
            return {"holds": tuple(one for one in case.holds if one.hold_id != event.hold_id)}
        case _:
            assert_never(event)


def _stepped(
    case: ErasureCase, event: e.LegalHoldPlaced | e.LegalHoldLiftRequested, status: HoldStatus
) -> tuple[HoldShown, ...]:
    step = {"status": status, "since": event.at, "agent_id": event.agent_id}
    return tuple(one.model_copy(update=step) if one.hold_id == event.hold_id else one for one in case.holds)


erasure_cases = Projection(
    name="identity.erasure_cases",
    version=1,
    document=ErasureCase,
    handles=members(e.ErasureEvent),
    key=lambda event: event.person_id,
    evolve=evolve,
    indexes=("status", "held"),
)
