"""The steps of a job: never more than its bound, shorter where they take long, few commits where these are large."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.event_store.protocol import WINDOW
from shared.pace import EVENTS, FIRST, LEAST, READ_FIRST, Pace, Stride
from shared.rebuild import BOUND


def test_a_job_holds_a_bounded_number_of_entries() -> None:
    assert FIRST <= BOUND <= 20_000


@given(st.lists(st.tuples(st.integers(0, 30_000), st.floats(0, 60)), max_size=20), st.integers(1, 20_000))
def test_a_step_is_never_longer_than_its_bound_nor_than_twice_the_one_before(
    steps: list[tuple[int, float]], most: int
) -> None:
    stride = Stride(most)
    for entries, seconds in steps:
        before = stride.entries
        stride.took(entries, seconds)
        assert 1 <= stride.entries <= min(most, max(2 * before, LEAST))


def test_steps_that_take_long_get_shorter_and_grow_again() -> None:
    stride = Stride(20_000, seconds=2.0)
    seen = []
    for cost in [0.001] * 3 + [0.00001] * 5:  # seconds for each entry: an index of points, then none
        stride.took(stride.entries, stride.entries * cost)
        seen.append(stride.entries)
    assert seen == [2_000, 2_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]
    stride.took(20_000, 50)
    assert stride.entries == 800
    stride.took(0, 50)
    assert stride.entries == 800, "nothing was written, so nothing is known"


async def undisturbed() -> bool:
    return False


@pytest.mark.parametrize(
    ("commits", "events", "following"),
    [(100, 100, WINDOW), (100, 600, EVENTS // 6), (100, 100_000, 2), (1, 10_000, 1), (100, 0, WINDOW)],
)
async def test_commits_of_many_events_are_read_fewer_at_a_time(commits: int, events: int, following: int) -> None:
    pace = Pace(0)
    assert pace.at_once == READ_FIRST
    await pace.keep(commits, events, undisturbed)
    assert pace.at_once == following


async def test_under_a_limit_no_read_waits_for_long() -> None:
    pace = Pace(20)
    assert pace.at_once == 10
    await pace.keep(1, 1, undisturbed)
    assert pace.at_once == 10


async def test_a_new_limit_is_taken_in_the_middle_of_a_wait() -> None:
    pace = Pace(1)
    assert pace.at_once == 1

    async def freed() -> bool:
        pace.go(0)
        return False

    await asyncio.wait_for(pace.keep(1, 1_000, freed), 1)  # at the old limit: a quarter of an hour
    await pace.keep(1, 1, freed)
    assert pace.at_once == WINDOW
    pace.go(4)
    assert pace.at_once == 2
