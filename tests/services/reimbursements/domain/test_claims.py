"""« Où est mon remboursement ? »: who is told that a claim does not go on."""

import datetime as dt
from typing import Any

import pytest

from services.reimbursements.domain import claims as c
from services.reimbursements.domain.ids import HouseholdId, MemberId
from shared.testing.spec import Spec
from tests.services.reimbursements.sample import AT, CHILD, MEMBER, PARTNER

PARENT = MemberId(MEMBER)
TODAY = AT.date()
SHOWN = c.ClaimsShown(at=AT, person_id=CHILD, viewer_id=PARENT)
HIDDEN = c.ClaimsHidden(at=AT, person_id=CHILD, viewer_id=PARENT)
SPEC = Spec(c.claims_of_person)


def record(**news: Any) -> c.RecordClaim:
    known: dict[str, Any] = {
        "reference": "0001 000000000777",
        "care_date": TODAY - dt.timedelta(days=20),
        "stage": c.Stage.PENDING,
        "on": TODAY,
        "reason": c.Reason.PRESCRIPTION_MISSING,
        "until": TODAY + dt.timedelta(days=30),
    }
    household = HouseholdId(MEMBER)
    return c.RecordClaim(at=AT, person_id=CHILD, household_id=household, news=c.ClaimNews(**{**known, **news}))


def halted(member: str, stage: c.Stage = c.Stage.PENDING, until: dt.date | None = None) -> c.ClaimHalted:
    halt = c.Halt(stage=stage, until=until or TODAY + dt.timedelta(days=30))
    return c.ClaimHalted(at=AT, person_id=CHILD, member_id=MemberId(member), halt=halt)


def moved(command: c.RecordClaim) -> c.ClaimMoved:
    return c.ClaimMoved(**command.model_dump())


def test_whoever_sees_the_person_is_told() -> None:
    SPEC.given(SHOWN).when(record()).then(moved(record()), halted(PARENT))


def test_a_rejected_one_too() -> None:
    rejected = record(stage=c.Stage.REJECTED, reason=c.Reason.NOT_COVERED)
    SPEC.given(SHOWN).when(rejected).then(moved(rejected), halted(PARENT, c.Stage.REJECTED))


def test_both_parents() -> None:
    other = c.ClaimsShown(at=AT, person_id=CHILD, viewer_id=MemberId(PARTNER))
    told = [halted(one) for one in sorted((MEMBER, PARTNER))]
    SPEC.given(SHOWN, other).when(record()).then(moved(record()), *told)


def test_the_person_where_nobody_sees_him() -> None:
    SPEC.when(record()).then(moved(record()), halted(CHILD))
    SPEC.given(SHOWN, HIDDEN).when(record()).then(moved(record()), halted(CHILD))


def test_what_is_confidential_is_told_to_the_person_alone() -> None:
    secret = record(confidential=True)
    SPEC.given(SHOWN).when(secret).then(moved(secret), halted(CHILD))


@pytest.mark.parametrize(
    "news",
    [
        {"stage": c.Stage.RECEIVED, "reason": None, "until": None},
        {"on": TODAY - dt.timedelta(days=16)},
        {"on": TODAY - dt.timedelta(days=10), "until": TODAY - dt.timedelta(days=1)},
    ],
    ids=["goes on", "long ago", "too late to answer"],
)
def test_nobody_is_told_what_is_no_news(news: dict[str, Any]) -> None:
    SPEC.given(SHOWN).when(record(**news)).then(moved(record(**news)))


def test_a_view_is_noted_once() -> None:
    show = c.ShowClaims(at=AT, person_id=CHILD, viewer_id=PARENT)
    hide = c.HideClaims(at=AT, person_id=CHILD, viewer_id=PARENT)
    SPEC.when(show).then(SHOWN)
    SPEC.given(SHOWN).when(show).then()
    SPEC.given(SHOWN).when(hide).then(HIDDEN)
    SPEC.when(hide).then()
