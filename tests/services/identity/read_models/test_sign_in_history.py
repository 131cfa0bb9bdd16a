"""« Mes connexions »"""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import account_events as a
from services.identity.domain import events as e
from services.identity.read_models.sign_in_history import (
    KEPT,
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
    CREDENTIAL,
    EMAIL,
    LINK,
    MEMBER,
    NOW,
    SESSION,
    SIGNED_IN,
    WHOSE,
    after,
)

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
        (a.SessionsEnded(at=NOW, **WHOSE, session_ids=(SESSION,), reason=a.EndReason.REVOKED), Kind.ENDED),
        (a.CodeChanged(at=NOW, **WHOSE, credential_id=CREDENTIAL), Kind.CODE_CHANGED),
        (a.CodeReset(at=NOW, **WHOSE, credential_id=CREDENTIAL), Kind.CODE_RESET),
        (a.EmailChanged(at=NOW, **WHOSE, email=EMAIL, previous=EMAIL), Kind.EMAIL_CHANGED),
        (a.SignInsLocked(at=NOW, **WHOSE, link_id=LINK, expires_at=NOW), Kind.SHUT),
        (a.SignInsReopened(at=NOW, **WHOSE, link_id=LINK), Kind.REOPENED),
        (a.AccountLocked(at=NOW, **WHOSE, reason=a.LockReason.DESK), Kind.LOCKED),
        (a.AccountUnlocked(at=NOW, **WHOSE), Kind.UNLOCKED),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_becomes_of_the_keys_is_a_line(event: Shown, kind: Kind) -> None:
    history = folded(event)
    assert history is not None
    assert [one.kind for one in history.entries] == [kind]
