"""Where a claim is before it is paid: received, waiting for something, rejected. One stream per beneficiary."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Final, NamedTuple, assert_never

from pydantic import Field

from services.reimbursements.domain.events import Care
from services.reimbursements.domain.facts import Reference
from services.reimbursements.domain.ids import HouseholdId, PersonId
from shared.kernel import Command, Decider, Erased, Event, Value, require


class Stage(StrEnum):
    """How far it is; paid is what its lines say."""

    RECEIVED = "received"
    PENDING = "pending"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why it waits or was rejected; what to do about it is the screen's to say."""

    PRESCRIPTION_MISSING = "prescription_missing"
    SIGNATURE_MISSING = "signature_missing"
    UNREADABLE = "unreadable"
    RIGHTS_UNKNOWN = "rights_unknown"
    IDENTITY_UNCLEAR = "identity_unclear"
    THIRD_PARTY_LIABLE = "third_party_liable"
    ALREADY_PAID = "already_paid"
    NOT_COVERED = "not_covered"
    TOO_LATE = "too_late"


class ClaimNews(Value):
    """One thing that was learned of a claim. `on`: when, by the fund's word; `until`: the last day to answer."""

    reference: Reference
    care_date: dt.date
    stage: Stage
    on: dt.date
    reason: Reason | None = None
    until: dt.date | None = None
    confidential: bool = False


class RecordClaim(Command):
    """The fund's feed says so."""

    person_id: PersonId
    household_id: HouseholdId
    news: ClaimNews


class ClaimMoved(Event, name="ClaimMoved"):
    """A claim is at another stage than before."""

    person_id: PersonId
    household_id: HouseholdId
    news: Care[ClaimNews]


class _Last(NamedTuple):
    stage: Stage
    on: dt.date


class Claims(Value):
    """Each claim's last stage."""

    last: Annotated[dict[str, _Last], Field(default_factory=dict)]


REASONED: Final = (Stage.PENDING, Stage.REJECTED)


def decide(claims: Claims, command: RecordClaim) -> list[ClaimMoved]:
    match command:
        case RecordClaim(news=news):
            require((news.reason is not None) == (news.stage in REASONED), otherwise="claim-reason-missing")
            require(news.care_date <= news.on, otherwise="claim-before-its-care")
            last = claims.last.get(news.reference)
            if last == _Last(news.stage, news.on):
                return []
            require(last is None or news.on >= last.on, otherwise="claim-news-older")
            return [ClaimMoved(**command.model_dump())]
        case _:
            assert_never(command)


def evolve(claims: Claims, event: ClaimMoved) -> Claims:
    news = event.news
    if isinstance(news, Erased):
        return claims
    return Claims(last={**claims.last, news.reference: _Last(news.stage, news.on)})


claims_of_person = Decider(category="claims", retention="care", initial=Claims(last={}), decide=decide, evolve=evolve)
