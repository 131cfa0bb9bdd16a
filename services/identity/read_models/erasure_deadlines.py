"""Deadlines: when a person who asked for it is forgotten, and when what the law kept of him goes; one per person."""

import uuid
from collections.abc import Sequence
from typing import Final, assert_never

from services.identity.domain import erasure_events as e
from services.identity.domain.ages import midnight
from services.identity.domain.ids import ErasureId, PersonId
from services.identity.domain.retention import RULES, Kept
from shared.deadlines import Deadline, deadlines
from shared.kernel import Projection, members

Waiting = e.ErasureRequested | e.ErasureCancelled | e.PersonErased | e.LegalHoldPlaced | e.LegalHoldLifted
Keeping = (
    e.PersonErased | e.RetentionChanged | e.RetentionEnded | e.PersonReturned | e.LegalHoldPlaced | e.LegalHoldLifted
)


def _wait(_: Deadline | None, event: Waiting) -> Deadline | None:
    match event:
        case e.ErasureRequested():
            return _erase(event.person_id, event.erasure_id, event.erasure_id, event)
        case e.LegalHoldLifted(erasure_id=erasure_id) if erasure_id is not None and event.due_at is not None:
            return _erase(event.person_id, erasure_id, event.hold_id, event)
        case e.ErasureCancelled() | e.PersonErased() | e.LegalHoldPlaced() | e.LegalHoldLifted():
            return None
        case _:
            assert_never(event)


def _erase(
    person_id: PersonId, erasure_id: ErasureId, cause: str, event: e.ErasureRequested | e.LegalHoldLifted
) -> Deadline:
    assert event.due_at is not None
    return Deadline(
        due_at=event.due_at,
        stream=f"erasure:{person_id}",
        command="ErasePerson",
        data={"person_id": person_id, "erasure_id": erasure_id},
        cmd=str(uuid.uuid5(uuid.UUID(cause), "erase")),
        person_id=person_id,
    )


erasure_waits = deadlines(
    "identity.erasure_waits", 1, handles=members(Waiting), key=lambda event: event.person_id, evolve=_wait
)


def _retention_end(retention: str) -> Projection[Deadline, Keeping]:
    def evolve(before: Deadline | None, event: Keeping) -> Deadline | None:
        match event:
            case e.PersonErased() | e.RetentionChanged():
                return _end(event.person_id, event.erasure_id, event.erasure_id, event.kept)
            case e.LegalHoldLifted(erasure_id=erasure_id) if erasure_id is not None:
                return _end(event.person_id, erasure_id, event.hold_id, event.kept)
            case e.RetentionEnded(classes=classes):
                return None if retention in classes else before
            case e.PersonReturned() | e.LegalHoldPlaced() | e.LegalHoldLifted():
                return None
            case _:
                assert_never(event)

    def _end(person_id: PersonId, erasure_id: ErasureId, cause: str, kept: Sequence[Kept]) -> Deadline | None:
        until = next((one.until for one in kept if one.retention == retention), None)
        if until is None:
            return None
        return Deadline(
            due_at=midnight(until),
            stream=f"erasure:{person_id}",
            command="EndRetention",
            data={"person_id": person_id, "erasure_id": erasure_id, "retention": retention},
            cmd=str(uuid.uuid5(uuid.UUID(cause), f"{retention}|{until}")),
            person_id=person_id,
        )

    return deadlines(
        f"identity.{retention}_ends", 1, handles=members(Keeping), key=lambda event: event.person_id, evolve=evolve
    )


_ENDS: Final = {rule.retention: _retention_end(rule.retention) for rule in RULES}
ERASURE_DEADLINES = (erasure_waits, *_ENDS.values())


def retention_ends(retention: str) -> Projection[Deadline, Keeping]:
    """When what the law kept of this class goes."""
    return _ENDS[retention]
