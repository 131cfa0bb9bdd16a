"""« Mes connexions »"""

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

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
from tests.services.identity.examples import MEMBER, NOW, SESSION, SIGNED_IN, WHOSE, after

REFUSED = e.SignInRefused(at=after(minutes=10), **WHOSE, count=3, first_at=NOW, last_at=after(minutes=4))
OUT = e.SignedOut(at=after(minutes=30), **WHOSE, session_id=SESSION)


def folded(*events: Shown) -> SignInHistory | None:
    return reduce(evolve, events, None)


def test_the_newest_line_comes_first() -> None:
    assert folded(REFUSED, SIGNED_IN, OUT) == SignInHistory(
        member_id=MEMBER,
        entries=(
            Entry(kind=Kind.SIGNED_OUT, at=OUT.at, session_id=SESSION),
            Entry(kind=Kind.SIGNED_IN, at=SIGNED_IN.at, session_id=SESSION),
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
