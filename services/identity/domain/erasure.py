"""Forgetting a person: asked for, held for some days, decided for good, answered by every service."""

from typing import Any, assert_never

from services.identity.domain import erasure_commands as c
from services.identity.domain import erasure_events as e
from services.identity.domain import legal_holds
from services.identity.domain.ages import day_of
from services.identity.domain.erasure_state import Erasure, Status
from services.identity.domain.retention import ERASED_CLASSES, SERVICES, kept_from, recounted
from shared.kernel import Decider, Erased, require


def decide(erasure: Erasure, command: c.ErasureCommand) -> list[e.ErasureEvent]:  # noqa: C901, PLR0911, PLR0912 - one for each command
    match command:
        case c.RequestErasure():
            require(not erasure.is_erased, otherwise="person-erased")
            require(erasure.status is not Status.REQUESTED, otherwise="erasure-already-requested")
            return [e.ErasureRequested(**command.model_dump())]

        case c.CancelErasure(erasure_id=erasure_id):
            if erasure_id in erasure.cancelled:
                return []
            require(erasure_id == erasure.erasure_id, otherwise="erasure-unknown")
            require(erasure.status is Status.REQUESTED, otherwise="erasure-done")
            return [e.ErasureCancelled(**command.model_dump())]

        case c.ErasePerson():
            return _erase(erasure, command)

        case c.RecordErasureCompletion():
            return _answered(erasure, command)

        case c.ReturnPerson(person_id=person_id):
            require(erasure.status is not Status.ERASED, otherwise="erasure-under-way")
            if erasure.status is not Status.COMPLETED or erasure.erasure_id is None:
                return []
            return [e.PersonReturned(at=command.at, person_id=person_id, erasure_id=erasure.erasure_id)]

        case c.RecordCover(covered_until=covered_until):
            if not erasure.is_erased or isinstance(covered_until, Erased) or erasure.erasure_id is None:
                return []
            kept, of = recounted(erasure.kept, covered_until), erasure.erasure_id
            changed = e.RetentionChanged(at=command.at, person_id=command.person_id, erasure_id=of, kept=kept)
            return [] if kept == erasure.kept else [changed]

        case c.EndRetention(retention=retention):
            due = next((one for one in erasure.kept if one.retention == retention), None)
            if not erasure.is_erased or command.erasure_id != erasure.erasure_id or due is None:
                return []
            require(due.until is not None and day_of(command.at) >= due.until, otherwise="retention-not-over")
            require(not erasure.held, otherwise="legal-hold")
            return [e.RetentionEnded(**command.model_dump(exclude={"retention"}), classes=(retention,))]

        case (
            c.RequestLegalHold()
            | c.ApproveLegalHold()
            | c.WithdrawLegalHold()
            | c.RequestLegalHoldLift()
            | c.ApproveLegalHoldLift()
        ):
            return [*legal_holds.decide(erasure, command)]
        case _:
            assert_never(command)


def _erase(erasure: Erasure, command: c.ErasePerson) -> list[e.ErasureEvent]:
    if erasure.status is not Status.REQUESTED or command.erasure_id != erasure.erasure_id:
        return []  # taken back meanwhile, or done
    assert erasure.due_at is not None
    assert erasure.requested_at is not None
    require(command.at >= erasure.due_at, otherwise="erasure-hold-not-over")
    require(not erasure.held, otherwise="legal-hold")
    covered_until = None if isinstance(erasure.covered_until, Erased) else erasure.covered_until
    erased = e.PersonErased(
        **command.model_dump(),
        reference=erasure.reference,
        requested_at=erasure.requested_at,
        classes=ERASED_CLASSES,
        services=SERVICES,
        kept=kept_from(day_of(command.at), covered_until),
    )
    return [erased]


def _answered(erasure: Erasure, command: c.RecordErasureCompletion) -> list[e.ErasureEvent]:
    answer = (command.classes, command.service)
    if command.erasure_id != erasure.erasure_id or answer in erasure.confirmed:
        return []
    confirmed = e.ErasureConfirmed(**command.model_dump())
    answered = {service for classes, service in {*erasure.confirmed, answer} if classes == ERASED_CLASSES}
    if erasure.status is not Status.ERASED or not answered >= erasure.services:
        return [confirmed]
    whose = command.model_dump(include={"at", "person_id", "erasure_id"})
    return [confirmed, e.ErasureCompleted(**whose)]


def evolve(erasure: Erasure, event: e.ErasureEvent) -> Erasure:
    return erasure.model_copy(update=_changes(erasure, event))


def _changes(erasure: Erasure, event: e.ErasureEvent) -> dict[str, Any]:  # noqa: PLR0911 - one for each event
    match event:
        case e.ErasureRequested():
            known = event.model_dump(include={"erasure_id", "reference", "due_at", "covered_until"})
            return {**known, "status": Status.REQUESTED, "requested_at": event.at}
        case e.ErasureCancelled(erasure_id=erasure_id):
            return {"status": Status.NONE, "cancelled": erasure.cancelled | {erasure_id}}
        case e.PersonErased():
            answers = {"services": frozenset(event.services), "confirmed": frozenset()}
            return {
                "status": Status.ERASED,
                "erasure_id": event.erasure_id,
                "kept": event.kept,
                **answers,
                "returned_at": None,
            }
        case e.ErasureConfirmed():
            return {"confirmed": erasure.confirmed | {(event.classes, event.service)}}
        case e.ErasureCompleted():
            return {"status": Status.COMPLETED}
        case e.PersonReturned():
            return {"status": Status.NONE, "kept": (), "returned_at": event.at}
        case e.RetentionChanged(kept=kept):
            return {"kept": kept}
        case e.RetentionEnded(classes=classes):
            return {"kept": tuple(one for one in erasure.kept if one.retention not in classes)}
        case (
            e.LegalHoldRequested()
            | e.LegalHoldPlaced()
            | e.LegalHoldWithdrawn()
            | e.LegalHoldLiftRequested()
            | e.LegalHoldLifted()
        ):
            return legal_holds.evolve(erasure, event)
        case _:
            assert_never(event)


erasure = Decider(category="erasure", retention="access", initial=Erasure(), decide=decide, evolve=evolve)
"""One stream per person."""
