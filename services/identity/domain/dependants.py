"""Who may see whom: a minor is seen by the parents he is attached to, until he is 18, or 16 with cover of his own.

An adult is seen by himself alone, whoever's account his care is paid to (L161-1 gives cover at 16, majority at 18).
"""

import datetime as dt
from enum import StrEnum

from services.identity.domain.ages import MAJORITY, OWN_COVER, turns
from services.identity.domain.ids import PersonId
from services.identity.domain.register import RegisterFacts


class ViewReason(StrEnum):
    """Why a view begins or ends."""

    PARENT = "parent"
    MAJORITY = "majority"
    OWN_COVER = "own-cover"
    LINK_ENDED = "link-ended"
    """The register no longer attaches the child to this parent."""
    ERASED = "erased"


def views_end_on(facts: RegisterFacts) -> dt.date | None:
    """The first day on which no parent sees this person any more; None where the birth date is not known."""
    if not isinstance(facts.birth_date, dt.date):
        return None
    return turns(OWN_COVER if facts.own_cover is True else MAJORITY, facts.birth_date)


def viewers_on(facts: RegisterFacts, day: dt.date) -> frozenset[PersonId]:
    """The parents who see this person on this day."""
    end = views_end_on(facts)
    if end is None or day >= end or not isinstance(facts.parents, tuple):
        return frozenset()
    return frozenset(facts.parents) - {facts.person_id}


def reason_of_end(facts: RegisterFacts, viewer: PersonId, day: dt.date) -> ViewReason:
    """Why this viewer sees the person no longer on this day."""
    end = views_end_on(facts)
    if end is None:
        return ViewReason.ERASED
    if day < end or not isinstance(facts.parents, tuple) or viewer not in facts.parents:
        return ViewReason.LINK_ENDED
    return ViewReason.OWN_COVER if day < turns(MAJORITY, _born(facts)) else ViewReason.MAJORITY


def _born(facts: RegisterFacts) -> dt.date:
    assert isinstance(facts.birth_date, dt.date)
    return facts.birth_date
