"""Where a claim is before it is paid: received, waiting for something, rejected. One stream per beneficiary."""

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final, NamedTuple, assert_never

from pydantic import Field

from services.reimbursements.domain.events import Care
from services.reimbursements.domain.facts import Reference
from services.reimbursements.domain.ids import HouseholdId, MemberId, PersonId
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


class ShowClaims(Command):
    """From now on this member, too, is told of the person's claims: identity lets him see the person."""

    person_id: PersonId
    viewer_id: MemberId


class HideClaims(Command):
    """He no longer sees the person."""

    person_id: PersonId
    viewer_id: MemberId


class ClaimMoved(Event, name="ClaimMoved"):
    """A claim is at another stage than before."""

    person_id: PersonId
    household_id: HouseholdId
    news: Care[ClaimNews]


class Halt(Value):
    """What a member is told of a claim that does not go on: no reason, no care. `until`: the last day to answer."""

    stage: Stage
    until: dt.date | None = None


class ClaimHalted(Event, name="ClaimHalted"):
    """A member is to be told that a claim waits or was rejected; one event for each who is."""

    person_id: PersonId
    member_id: MemberId
    halt: Care[Halt]


class ClaimsShown(Event, name="ClaimsShown"):
    """A member sees the person's claims."""

    person_id: PersonId
    viewer_id: MemberId


class ClaimsHidden(Event, name="ClaimsHidden"):
    """He does no longer."""

    person_id: PersonId
    viewer_id: MemberId


ClaimCommand = RecordClaim | ShowClaims | HideClaims
ClaimEvent = ClaimMoved | ClaimHalted | ClaimsShown | ClaimsHidden


class _Last(NamedTuple):
    stage: Stage
    on: dt.date


class Claims(Value):
    """Each claim's last stage, and who sees them besides the person."""

    last: Annotated[dict[str, _Last], Field(default_factory=dict)]
    viewers: frozenset[MemberId] = frozenset()


REASONED: Final = (Stage.PENDING, Stage.REJECTED)
NEWS: Final = dt.timedelta(days=15)
"""What a file brings of longer ago is on the screen, and no news."""


def decide(claims: Claims, command: ClaimCommand) -> list[ClaimEvent]:
    match command:
        case RecordClaim(news=news):
            require((news.reason is not None) == (news.stage in REASONED), otherwise="claim-reason-missing")
            require(news.care_date <= news.on, otherwise="claim-before-its-care")
            last = claims.last.get(news.reference)
            if last == _Last(news.stage, news.on):
                return []
            require(last is None or news.on >= last.on, otherwise="claim-news-older")
            return [ClaimMoved(**command.model_dump()), *_halted(claims, command)]
        case ShowClaims(viewer_id=viewer):
            return [] if viewer in claims.viewers else [ClaimsShown(**command.model_dump())]
        case HideClaims(viewer_id=viewer):
            return [ClaimsHidden(**command.model_dump())] if viewer in claims.viewers else []
        case _:
            assert_never(command)


def _halted(claims: Claims, command: RecordClaim) -> Iterator[ClaimHalted]:
    """Who sees the claim is told; where nobody else does, or it is confidential, the person himself."""
    news = command.news
    late = command.at.date() - news.on > NEWS or (news.until is not None and news.until < command.at.date())
    if news.stage not in REASONED or late:
        return
    others = set() if news.confidential else claims.viewers
    for member in sorted(others) or [MemberId(command.person_id)]:
        halt = Halt(stage=news.stage, until=news.until)
        yield ClaimHalted(at=command.at, person_id=command.person_id, member_id=member, halt=halt)


def evolve(claims: Claims, event: ClaimEvent) -> Claims:
    match event:
        case ClaimMoved(news=news):
            if isinstance(news, Erased):
                return claims
            return claims.model_copy(update={"last": {**claims.last, news.reference: _Last(news.stage, news.on)}})
        case ClaimHalted():
            return claims
        case ClaimsShown(viewer_id=viewer):
            return claims.model_copy(update={"viewers": claims.viewers | {viewer}})
        case ClaimsHidden(viewer_id=viewer):
            return claims.model_copy(update={"viewers": claims.viewers - {viewer}})
        case _:
            assert_never(event)


claims_of_person = Decider(category="claims", retention="care", initial=Claims(last={}), decide=decide, evolve=evolve)
