"""The directory on the real database: full files, the same again, a changed one; and the two ways to search agree."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.local.seed.directory import Places
from deploy.local.stack import Stack
from services.geo.domain.facts import Kind, Sector, Source
from services.geo.domain.specialities import Speciality
from services.geo.read_models.places import places
from services.geo.search.asked import Asked, Hits, Mark
from services.geo.search.following import Following
from services.geo.search.index import Index
from services.geo.search.read_model import ReadModelSearch
from tests.services.geo.on_stack import Directory, change, geo_directory

pytestmark = [pytest.mark.connected, pytest.mark.slow]

FINESS, RPPS = 5_150, 95_000
"""A twentieth of what is published; all of it is the bench's (tests/bench/places.py)."""


@pytest.fixture
async def directory(stack: Stack, tmp_path: Path) -> AsyncIterator[Directory]:
    async with geo_directory(stack, tmp_path) as found:
        yield found


async def test_whole_files_the_same_again_and_a_changed_one(directory: Directory) -> None:
    invented = Places(1)
    finess = invented.finess(directory.folder / "finess.csv", FINESS)
    rpps = invented.rpps(directory.folder / "rpps.txt", RPPS)
    assert (await directory.take(Source.FINESS, finess, "2026-11-12")).tally.listed == FINESS
    await directory.show()
    first = await directory.take(Source.RPPS, rpps, "2026-11-12")
    assert first.tally.listed + first.tally.set_aside["military-not-listed"] == RPPS

    before = await directory.position()
    again = await directory.take(Source.RPPS, rpps, "2026-11-13")
    assert (again.state, again.tally.unchanged) == ("unchanged", first.tally.listed)
    assert await directory.position() == before

    changed, wanted = change(rpps, directory.folder / "changed.txt")
    report = await directory.take(Source.RPPS, changed, "2026-11-14")
    assert (report.tally.listed, report.tally.changed, report.tally.delisted) == wanted
    counts = await directory.types(before)
    assert counts == {"PlaceListed": wanted[0], "PlaceChanged": wanted[1], "PlaceDelisted": wanted[2], "FileTaken": 1}
    await directory.show()
    assert await directory.stands() == FINESS + first.tally.listed + wanted[0] - wanted[2]


@pytest.fixture
async def two_ways(directory: Directory) -> tuple[Index, ReadModelSearch]:
    """The index and the read model of the same small directory, on both sides of the sea."""
    invented = Places(2, ("83137", "29019", "97411", "97105", "97502"))
    await directory.take(Source.FINESS, invented.finess(directory.folder / "finess.csv", 800), "2026-11-12")
    await directory.take(Source.RPPS, invented.rpps(directory.folder / "rpps.txt", 1_200), "2026-11-12")
    await directory.take(Source.AMELI, invented.ameli(directory.folder / "ameli.csv", 200), "2026-11-12")
    await directory.take(Source.CENTRES, invented.centres(directory.folder / "centres.csv"), "2026-11-12")
    await directory.take(Source.FUND, invented.offices(directory.folder / "offices.json"), "2026-11-12")
    await directory.show()
    following = Following(directory.service.store, directory.service.codec)
    await following.catch_up()
    return following.index, ReadModelSearch(directory.service.database[places.id])


TOWNS = [(43.12, 5.93), (48.39, -4.48), (-20.88, 55.45), (16.24, -61.53), (46.78, -56.18)]
BESIDE = st.floats(-0.02, 0.02).map(lambda away: round(away, 3))
"""A client rounds to 100 m."""
searches = st.builds(
    lambda town, north, east, **asked: Asked(town[0] + north, town[1] + east, **asked),
    st.sampled_from(TOWNS),
    BESIDE,
    BESIDE,
    radius=st.sampled_from([500.0, 2_000.0, 10_000.0]),
    kinds=st.sampled_from([(), (Kind.PHARMACY,), (Kind.DOCTOR, Kind.NURSE)]),
    speciality=st.sampled_from([None, None, Speciality.CARDIOLOGY]),
    sector=st.sampled_from([None, None, *Sector]),
    optam=st.booleans(),
    vitale=st.booleans(),
    terminal=st.booleans(),
    limit=st.integers(20, 100),
)


@given(asked=searches)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_index_and_the_read_model_agree(two_ways: tuple[Index, ReadModelSearch], asked: Asked) -> None:
    index, near = two_ways
    assert await every(index, asked) == await every(near, asked)


async def test_they_agree_on_much(two_ways: tuple[Index, ReadModelSearch]) -> None:
    index, near = two_ways
    together = joined = 0
    for latitude, longitude in TOWNS:
        asked = Asked(latitude, longitude, 10_000.0, limit=100)
        found = await every(index, asked)
        assert found == await every(near, asked)
        together += len(found)
        joined += sum(bool(hit.others) for hit in index.search(asked).hits)
    assert together > 1_000
    assert joined > 5, "both have somebody whom two files have"


async def every(search: Index | ReadModelSearch, asked: Asked) -> list[tuple[int | str, ...]]:
    """All pages; a metre's rounding apart."""
    found: list[tuple[int | str, ...]] = []
    while True:
        hits = search.search(asked)
        page = hits if isinstance(hits, Hits) else await hits
        found += [(round(hit.metres), hit.place_id, *sorted(hit.others)) for hit in page.hits]
        if page.more is None:
            return sorted(found, key=lambda one: str(one[1]))
        asked = Asked(**{**vars(asked), "after": Mark.parse(str(page.more))})
        await asyncio.sleep(0)


async def test_a_thousand_keys_at_once_cost_little_more_than_the_rows_they_are(directory: Directory) -> None:
    """Two million practitioners have two million keys."""
    vault, count = directory.service.vault, 10_000
    refs = [f"{uuid.uuid4()}/directory" for _ in range(count)]
    started = time.monotonic()
    for start in range(0, count, 1_000):
        await vault.ensure(refs[start : start + 1_000])
    made = time.monotonic() - started
    started = time.monotonic()
    await vault.destroy_all([ref.partition("/")[0] for ref in refs[:1_000]], "directory", directory.service.clock.now())
    print(f"\nkeys made: {count / made:,.0f}/s; destroyed: {1_000 / (time.monotonic() - started):,.0f}/s")
    assert made < count / 500
