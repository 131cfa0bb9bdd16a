"""How often one may be wrong before one waits, and before the way is closed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sign_in.tries import Gate, Policy, Tries, delay
from tests.shared.sign_in.times import NOW, after

SIGN_IN = Policy(failures=10, window=dt.timedelta(hours=24), delays_from=3)
PROOFS = Policy(failures=5, window=dt.timedelta(hours=24))


def failed(policy: Policy, *times: dt.datetime) -> Tries:
    tries = Tries()
    for time in times:
        tries = tries.another(policy, time)
    return tries


@pytest.mark.parametrize(
    ("count", "seconds"), [(0, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 8), (7, 16), (8, 32), (9, 60), (200, 60)]
)
def test_the_delay_grows_from_the_third_failure(count: int, seconds: int) -> None:
    assert delay(SIGN_IN, count) == dt.timedelta(seconds=seconds)
    assert delay(PROOFS, count) == dt.timedelta()


def test_one_waits_out_the_delay() -> None:
    tries = failed(SIGN_IN, *[NOW] * 4)
    assert tries.gate(SIGN_IN, after(seconds=1.9)) is Gate.WAIT
    assert tries.gate(SIGN_IN, after(seconds=2)) is Gate.OPEN


def test_the_way_is_closed_at_the_tenth_failure_for_a_day_after_the_first() -> None:
    times = [after(minutes=minute) for minute in range(10)]
    assert failed(SIGN_IN, *times[:9]).gate(SIGN_IN, after(hours=1)) is Gate.OPEN
    closed = failed(SIGN_IN, *times)
    assert closed.gate(SIGN_IN, after(hours=23, minutes=59)) is Gate.CLOSED
    assert closed.gate(SIGN_IN, after(hours=24)) is Gate.OPEN
    assert closed.another(SIGN_IN, after(hours=24)).count == 1


def test_proofs_are_closed_at_the_fifth() -> None:
    assert failed(PROOFS, *[NOW] * 4).gate(PROOFS, NOW) is Gate.OPEN
    assert failed(PROOFS, *[NOW] * 5).gate(PROOFS, NOW) is Gate.CLOSED


@given(st.lists(st.integers(0, 100_000), max_size=30).map(sorted))
def test_no_more_than_ten_tries_in_any_window(seconds: list[int]) -> None:
    tries, admitted = Tries(), list[dt.datetime]()
    for second in seconds:
        now = after(seconds=second)
        if tries.gate(SIGN_IN, now) is Gate.OPEN:
            tries = tries.another(SIGN_IN, now)
            admitted.append(now)
            assert tries.first_at is not None
            assert len([one for one in admitted if one >= tries.first_at]) <= 10
