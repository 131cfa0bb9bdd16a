"""Searches as a statistic: nothing finer than a day, a département and a kind, and nothing that few people asked."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.geo.domain.facts import Kind
from services.geo.search.asked import Asked
from services.geo.search.counting import ABROAD, LEAST, Counting, MemoryCounts, Row, departement_of
from shared.testing.clock import HandClock
from tests.services.geo.sample import AT

TOULON, BREST, LONDON = (43.124, 5.928), (48.390, -4.486), (51.507, -0.128)
DAY = AT.date()


def counting() -> tuple[Counting, MemoryCounts, HandClock]:
    store, clock = MemoryCounts(), HandClock(AT)
    return Counting(store, clock), store, clock


def asked(where: tuple[float, float], *kinds: Kind, terminal: bool = False) -> Asked:
    return Asked(*where, 1_000.0, kinds=kinds, terminal=terminal, name="martin")


@pytest.mark.parametrize(
    ("where", "departement"),
    [
        (TOULON, "83"),
        (BREST, "29"),
        (LONDON, ABROAD),
        ((-20.882, 55.450), "974"),
        ((46.78, -56.17), "975"),
        ((0.0, 0.0), ABROAD),
    ],
)
def test_a_position_becomes_a_departement(where: tuple[float, float], departement: str) -> None:
    assert departement_of(*where) == departement


async def test_what_enough_people_ask_is_told_and_what_few_ask_is_not() -> None:
    counts, store, _ = counting()
    for _ in range(LEAST):
        counts.note(asked(TOULON, Kind.DOCTOR))
    for _ in range(LEAST - 1):
        counts.note(asked(BREST, Kind.MIDWIFE))
    await counts.tell()
    assert store.rows == {Row("2026-11-25", "83", "doctor"): LEAST}
    counts.note(asked(BREST, Kind.MIDWIFE))
    counts.note(asked(TOULON, Kind.DOCTOR))
    await counts.tell()
    assert store.rows[Row("2026-11-25", "29", "midwife")] == LEAST
    assert store.rows[Row("2026-11-25", "83", "doctor")] == LEAST, "one more alone would tell when it was"


async def test_what_few_asked_is_forgotten_when_the_day_is_over() -> None:
    counts, store, clock = counting()
    for _ in range(LEAST - 1):
        counts.note(asked(TOULON, Kind.DOCTOR))
    clock.move(24 * 3600)
    counts.note(asked(TOULON, Kind.DOCTOR))
    await counts.tell()
    clock.move(1)
    counts.note(asked(TOULON, Kind.DOCTOR))
    await counts.tell()
    assert store.rows == {}


async def test_terminals_and_searches_without_a_kind_have_words_of_their_own() -> None:
    counts, store, _ = counting()
    for _ in range(LEAST):
        counts.note(asked(TOULON, terminal=True))
        counts.note(asked(LONDON))
    await counts.tell()
    assert set(store.rows) == {Row("2026-11-25", "83", "terminal"), Row("2026-11-25", ABROAD, "any")}


searches = st.lists(
    st.tuples(
        st.sampled_from([TOULON, BREST]),
        st.sampled_from([(), (Kind.DOCTOR,), (Kind.DOCTOR, Kind.NURSE)]),
        st.booleans(),
    ),
    max_size=80,
)


@given(searches)
async def test_no_number_is_ever_small_and_none_is_too_large(
    made: list[tuple[tuple[float, float], tuple[Kind, ...], bool]],
) -> None:
    counts, store, _ = counting()
    truth: Counter[tuple[str, str]] = Counter()
    for where, kinds, told in made:
        counts.note(asked(where, *kinds))
        truth.update(("83" if where is TOULON else "29", str(kind)) for kind in kinds or ("any",))
        if told:
            await counts.tell()
            assert all(count >= LEAST for count in store.rows.values())
    await counts.tell()
    for row, count in store.rows.items():
        assert row.day == DAY.isoformat()
        assert truth[row.departement, row.kind] - LEAST < count <= truth[row.departement, row.kind]


async def test_the_end_of_the_process_tells_what_it_may() -> None:
    counts, store, _ = counting()
    async with counts.running():
        for _ in range(LEAST):
            counts.note(asked(TOULON))
    assert sum(store.rows.values()) == LEAST
    assert await counts.since(DAY + dt.timedelta(days=1)) == {}
    assert await counts.since(DAY) == dict(store.rows)
