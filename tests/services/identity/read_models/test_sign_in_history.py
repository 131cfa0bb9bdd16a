"""« Mes connexions »"""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import account_events as a
from services.identity.domain import events as e
from services.identity.domain import factor_events as f
from services.identity.domain import provisional as p
from services.identity.domain.ids import DeviceId, EnrolmentId, ProvisionalCodeId, TotpId
from services.identity.read_models.sign_in_history import (
    KEPT,
    PLAIN,
    By,
    Entry,
    Kind,
    Shown,
    SignInHistory,
    evolve,
    sign_in_history,
)
from shared.kernel import ERASED
from tests.services.identity.examples import (
    CLAIRE,
    CREATED,
    CREDENTIAL,
    EMAIL,
    HASH,
    LINK,
    MEMBER,
    NOW,
    SESSION,
    SIGNED_IN,
    WHOSE,
    after,
)

PAPER = ProvisionalCodeId("c-1")
REFUSED = e.SignInRefused(at=after(minutes=10), **WHOSE, count=3, first_at=NOW, last_at=after(minutes=4))
OUT = e.SignedOut(at=after(minutes=30), **WHOSE, session_id=SESSION)


def folded(*events: Shown) -> SignInHistory | None:
    return reduce(evolve, events, None)


def test_the_newest_line_comes_first() -> None:
    assert folded(REFUSED, SIGNED_IN, OUT) == SignInHistory(
        member_id=MEMBER,
        person_id=CLAIRE,
        entries=(
            Entry(kind=Kind.SIGNED_OUT, at=OUT.at),
            Entry(kind=Kind.SIGNED_IN, at=SIGNED_IN.at),
            Entry(kind=Kind.REFUSED, at=REFUSED.last_at, count=3),
        ),
    )


def test_the_history_is_found_by_its_member() -> None:
    assert sign_in_history.key(OUT) == MEMBER


@given(st.lists(st.sampled_from([SIGNED_IN, REFUSED, OUT]), min_size=1, max_size=KEPT + 20))
def test_the_last_lines_are_kept_in_the_order_of_their_times(events: list[Shown]) -> None:
    history = folded(*events)
    assert history is not None
    times = [line.at for line in history.entries]
    assert times == sorted(times, reverse=True)
    assert len(times) == min(len(events), KEPT)


def test_a_line_names_the_device_as_long_as_it_is_not_erased() -> None:
    named = SIGNED_IN.model_copy(update={"device_name": "Firefox sur Windows"})
    history = folded(named, SIGNED_IN.model_copy(update={"device_name": ERASED}))
    assert history is not None
    assert {one.device for one in history.entries} == {"Firefox sur Windows", None}
    erased = history.model_copy(update={"entries": ERASED})
    assert len(evolve(erased, OUT).entries) == 1


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (CREATED, Kind.CREATED),
        (a.TermsAccepted(at=NOW, **WHOSE, cgu_version="2027-01", cgu_hash=HASH), Kind.TERMS_ACCEPTED),
        (a.DeviceForgotten(at=NOW, **WHOSE, device_id=DeviceId("d")), Kind.DEVICE_FORGOTTEN),
        (a.EmailChangeRequested(at=NOW, **WHOSE, email=EMAIL, link_id=LINK, expires_at=NOW), Kind.EMAIL_ASKED),
        (f.TotpEnabled(at=NOW, **WHOSE, totp_id=TotpId("t")), Kind.APP_ENABLED),
        (f.TotpDisabled(at=NOW, **WHOSE), Kind.APP_DISABLED),
        (p.ProvisionalCodeRequested(at=NOW, **WHOSE, code_id=PAPER, expires_at=NOW), Kind.PAPER_CODE_ASKED),
        (p.ProvisionalCodePosted(at=NOW, **WHOSE, code_id=PAPER), Kind.PAPER_CODE_POSTED),
        (
            p.ProvisionalCodeUsed(at=NOW, **WHOSE, code_id=PAPER, enrolment_id=EnrolmentId("e")),
            Kind.PAPER_CODE_USED,
        ),
        (a.SessionsEnded(at=NOW, **WHOSE, session_ids=(SESSION,), reason=a.EndReason.REVOKED), Kind.ENDED),
        (a.CodeChanged(at=NOW, **WHOSE, credential_id=CREDENTIAL), Kind.CODE_CHANGED),
        (a.CodeReset(at=NOW, **WHOSE, credential_id=CREDENTIAL), Kind.CODE_RESET),
        (a.EmailChanged(at=NOW, **WHOSE, email=EMAIL, previous=EMAIL), Kind.EMAIL_CHANGED),
        (a.SignInsLocked(at=NOW, **WHOSE, link_id=LINK, expires_at=NOW), Kind.SHUT),
        (a.SignInsReopened(at=NOW, **WHOSE, link_id=LINK), Kind.REOPENED),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_becomes_of_the_keys_is_a_line(event: Shown, kind: Kind) -> None:
    history = folded(event)
    assert history is not None
    assert [(one.kind, one.by) for one in history.entries] == [(kind, None)]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (a.AccountLocked(at=NOW, **WHOSE, reason=a.LockReason.DESK), (Kind.LOCKED, By.DESK)),
        (a.AccountLocked(at=NOW, **WHOSE, reason=a.LockReason.CONTESTED), (Kind.LOCKED, By.LETTER)),
        (a.AccountUnlocked(at=NOW, **WHOSE), (Kind.UNLOCKED, By.DESK)),
        (a.AccountClosed(at=NOW, **WHOSE, reason=a.CloseReason.MEMBER), (Kind.CLOSED, None)),
        (a.AccountClosed(at=NOW, **WHOSE, reason=a.CloseReason.DESK), (Kind.CLOSED, By.DESK)),
        (a.AccountClosed(at=NOW, **WHOSE, reason=a.CloseReason.DEATH), (Kind.CLOSED, By.REGISTER)),
        (
            p.ProvisionalCodeHandedOver(at=NOW, **WHOSE, code_id=PAPER, expires_at=NOW),
            (Kind.PAPER_CODE_HANDED_OVER, By.DESK),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_somebody_else_did_says_who(event: Shown, line: tuple[Kind, By | None]) -> None:
    history = folded(event)
    assert history is not None
    assert [(one.kind, one.by) for one in history.entries] == [line]


def test_every_event_that_it_handles_is_a_line() -> None:
    assert set(sign_in_history.handles) == {e.SignedIn, e.SignInRefused, a.SessionsEnded, *PLAIN}
