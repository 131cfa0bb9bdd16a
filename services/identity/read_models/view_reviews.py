"""Deadlines: the birthday on which a parent's view of a child ends; one per child, gone once it has ended."""

import uuid
from typing import Final, assert_never

from services.identity.domain import events as e
from services.identity.domain.ages import midnight
from services.identity.domain.dependants import views_end_on
from services.identity.domain.register import RegisterFacts, facts_of
from shared.deadlines import Deadline, deadlines
from shared.kernel import members

NAMESPACE: Final = uuid.UUID("0c5f1f7e-2d2b-5a53-9a2e-6b8f0c9d1e42")

Shown = e.PersonRegistered | e.PersonUpdated | e.ViewEnded


def evolve(before: Deadline | None, event: Shown) -> Deadline | None:
    match event:
        case e.PersonRegistered() | e.PersonUpdated():
            deadline = _review(facts_of(event))
            return deadline if deadline is not None and deadline.due_at > event.at else None
        case e.ViewEnded():
            return before if before is not None and before.due_at > event.at else None
        case _:
            assert_never(event)


def _review(facts: RegisterFacts) -> Deadline | None:
    day = views_end_on(facts)
    if day is None or not facts.parents:
        return None
    return Deadline(
        due_at=midnight(day),
        stream=f"person:{facts.person_id}",
        command="ReviewViews",
        data={"person_id": facts.person_id},
        cmd=str(uuid.uuid5(NAMESPACE, f"{facts.person_id}|{day}")),
        person_id=facts.person_id,
    )


view_reviews = deadlines(
    "identity.view_reviews",
    1,
    handles=members(Shown),
    key=lambda event: event.person_id,
    evolve=evolve,
)
