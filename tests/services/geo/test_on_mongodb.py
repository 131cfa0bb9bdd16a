"""The directory on the real database: full files, the same again, a changed one; and the two ways to search agree."""

import asyncio
import random
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from deploy.local.seed.directory import Places
from deploy.local.stack import Stack
from services.geo.cli import take_file
from services.geo.directory.taking import Report
from services.geo.domain.facts import Kind, Sector, Source
from services.geo.domain.specialities import Speciality
from services.geo.main import definition
from services.geo.read_models.places import places
from services.geo.search.asked import Asked, Hits, Mark
from services.geo.search.following import Following
from services.geo.search.index import Index
from services.geo.search.read_model import ReadModelSearch
from services.geo.search.shelves import sphere
from services.geo.settings import Settings
from shared.rebuild import Rebuild
from shared.service import Service
from tests.scale import sized

pytestmark = [pytest.mark.connected, pytest.mark.slow]

FINESS, RPPS = sized(5_150, 103_000), sized(95_000, 1_900_000)
MIB = 1 << 20


def memory() -> int:
    return int(psutil.Process().memory_info().rss)


class Directory:
    """A geo service of its own, and what its imports cost."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.service = service
        self.folder = folder

    async def take(self, source: Source, file: Path, as_of: str) -> Report:
        await self.show()
        before, started = memory(), time.monotonic()
        report = await take_file(self.service, source, file, as_of)
        seconds = time.monotonic() - started
        events = report.tally.listed + report.tally.changed + report.tally.delisted
        grown = (memory() - before) // MIB
        print(
            f"\n{source} {report.state}: {report.tally.rows:,} rows, {events:,} changes in {seconds:.1f} s, {grown} MiB more"
        )
        return report

    async def show(self) -> None:
        """What the worker does, faster: the read model from the log. A file waits until the one before is shown."""
        service = self.service
        projector = service.projector(service.definition.projections)
        await Rebuild(projector, service.store, service.database, service.clock).fill()

    async def events(self) -> int:
        return (await self.service.store.head()).position


@pytest.fixture
async def directory(stack: Stack, tmp_path: Path) -> AsyncIterator[Directory]:
    environment = stack.env_for("geo")
    own = Settings(
        mongo_url=stack.mongo_url(),
        mongo_database=f"geo_{uuid.uuid4().hex[:12]}",
        kafka_bootstrap=str(stack.kafka_config()["bootstrap.servers"]),
        secrets_dir=Path(environment["SECRETS_DIR"]),
        var_dir=tmp_path / "var",
    )
    service = Service(definition(own), own)
    await service.prepare()
    await service.prepare()  # as every process does at its start
    yield Directory(service, tmp_path)
    await service.client.drop_database(own.mongo_database)
    await service.close()


async def test_whole_files_the_same_again_and_a_changed_one(directory: Directory) -> None:
    invented = Places(1)
    finess = invented.finess(directory.folder / "finess.csv", FINESS)
    rpps = invented.rpps(directory.folder / "rpps.txt", RPPS)
    assert (await directory.take(Source.FINESS, finess, "2026-11-12")).tally.listed == FINESS
    await directory.show()
    first = await directory.take(Source.RPPS, rpps, "2026-11-12")
    assert first.tally.listed + first.tally.set_aside["military-not-listed"] == RPPS

    before = await directory.events()
    again = await directory.take(Source.RPPS, rpps, "2026-11-13")
    assert (again.state, again.tally.unchanged) == ("unchanged", first.tally.listed)
    assert await directory.events() == before

    changed, wanted = change(rpps, directory.folder / "changed.txt")
    report = await directory.take(Source.RPPS, changed, "2026-11-14")
    assert (report.tally.listed, report.tally.changed, report.tally.delisted) == wanted
    types = [event["type"] for commit in await after(directory.service, before) for event in commit["ev"]]
    counts = {name: types.count(name) for name in dict.fromkeys(types)}
    assert counts == {"PlaceListed": wanted[0], "PlaceChanged": wanted[1], "PlaceDelisted": wanted[2], "FileTaken": 1}
    await directory.show()
    assert await stands(directory.service) == FINESS + first.tally.listed + wanted[0] - wanted[2]


def change(file: Path, to: Path) -> tuple[Path, tuple[int, int, int]]:
    """One row in fifty changes its phone, one in a hundred goes, one in two hundred is new."""
    listed = changed = gone = 0
    with file.open(encoding="utf-8") as old, to.open("w", encoding="utf-8") as new:
        new.write(old.readline())
        for number, line in enumerate(old):
            military = "|M|" in line
            if number % 100 == 1:
                gone += not military
                continue
            if number % 50 == 2:
                changed += not military
            new.write(line.replace("|0199", "|0198") if number % 50 == 2 else line)
            if number % 200 == 3:
                new.write(line.replace("|81", "|89", 1))
                listed += not military
    return to, (listed, changed, gone)


async def after(service: Service, position: int) -> list[Any]:
    found: list[Any] = []
    while window := await service.store.window(position):
        found += window
        position = window[-1]["_id"]
    return found


async def stands(service: Service) -> int:
    return int(await service.database[places.id].count_documents({"fingerprint": {"$ne": None}}))


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
    together = 0
    for latitude, longitude in TOWNS:
        asked = Asked(latitude, longitude, 10_000.0, limit=100)
        found = await every(index, asked)
        assert found == await every(near, asked)
        together += len(found)
    assert together > 1_000


def some_search(chance: random.Random) -> Asked:
    latitude, longitude = chance.choice(TOWNS[:2])
    return Asked(
        latitude + chance.uniform(-0.02, 0.02),
        longitude + chance.uniform(-0.02, 0.02),
        chance.choice([500.0, 2_000.0, 10_000.0]),
        kinds=chance.choice([(), (Kind.PHARMACY,), (Kind.DOCTOR, Kind.NURSE)]),
        limit=20,
    )


async def every(search: Index | ReadModelSearch, asked: Asked) -> list[tuple[int, str]]:
    """All pages; a metre's rounding apart."""
    found: list[tuple[int, str]] = []
    while True:
        hits = search.search(asked)
        page = hits if isinstance(hits, Hits) else await hits
        found += [(round(hit.metres), hit.place_id) for hit in page.hits]
        if page.more is None:
            return sorted(found, key=lambda one: one[1])
        asked = Asked(**{**vars(asked), "after": Mark.parse(str(page.more))})
        await asyncio.sleep(0)


CLIENTS = 50
SEARCHES = sized(1, 20)
"""Of each client."""


async def test_what_a_search_costs_beside_the_raw_queries(directory: Directory) -> None:
    invented = Places(4, ("83137", "29019", "13201", "75112"))
    await directory.take(
        Source.FINESS, invented.finess(directory.folder / "finess.csv", sized(2_000, 20_000)), "2026-11-12"
    )
    await directory.show()
    following = Following(directory.service.store, directory.service.codec)
    await following.catch_up()
    collection = directory.service.database[places.id]
    read_model = ReadModelSearch(collection)
    points = [row["where"]["coordinates"] async for row in collection.find({"where": {"$ne": None}}, {"where": 1})]
    latitudes = np.array([int(point[1] * 1e6) for point in points], np.int32)
    tree = cKDTree(sphere(latitudes, np.array([int(point[0] * 1e6) for point in points], np.int32)))

    async def ours(asked: Asked) -> None:
        following.index.search(asked)

    async def raw_tree(asked: Asked) -> None:
        centre = sphere(np.array([asked.latitude * 1e6]), np.array([asked.longitude * 1e6]))[0]
        tree.query(centre, k=20)

    async def raw_2dsphere(asked: Asked) -> None:
        point = {"type": "Point", "coordinates": [asked.longitude, asked.latitude]}
        near = {"where": {"$nearSphere": {"$geometry": point, "$maxDistance": asked.radius}}}
        await collection.find(near).limit(20).to_list(20)

    async def shown(asked: Asked) -> None:
        hits = following.index.search(asked)
        await directory.service.queries.get_many(places, [hit.place_id for hit in hits.hits])

    async def from_read_model(asked: Asked) -> None:
        await read_model.search(asked)

    costs = {}
    for search in (ours, raw_tree, shown, raw_2dsphere, from_read_model):
        times = await crowd(search)
        costs[search.__name__] = times[len(times) // 2]
        print(
            f"\n{search.__name__:16} p50 {times[len(times) // 2]:7.1f} ms, p95 {times[len(times) * 95 // 100]:7.1f} ms"
        )
    assert costs["shown"] < costs["raw_2dsphere"] * 3


async def crowd(search: Callable[[Asked], Awaitable[None]]) -> list[float]:
    """Milliseconds of every search of fifty clients at once, in order."""
    chance = random.Random(5)  # noqa: S311 - the same searches for all
    times: list[float] = []

    async def client(wanted: list[Asked]) -> None:
        for asked in wanted:
            started = time.perf_counter()
            await search(asked)
            times.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(0)

    some = [[some_search(chance) for _ in range(SEARCHES)] for _ in range(CLIENTS)]
    await asyncio.gather(*(client(wanted) for wanted in some))
    return sorted(times)


async def test_a_thousand_keys_at_once_cost_little_more_than_the_rows_they_are(directory: Directory) -> None:
    """Two million practitioners have two million keys."""
    vault, count = directory.service.vault, sized(10_000, 100_000)
    refs = [f"{uuid.uuid4()}/directory" for _ in range(count)]
    started = time.monotonic()
    for start in range(0, count, 1_000):
        await vault.ensure(refs[start : start + 1_000])
    made = time.monotonic() - started
    started = time.monotonic()
    await vault.destroy_all([ref.partition("/")[0] for ref in refs[:1_000]], "directory", directory.service.clock.now())
    print(f"\nkeys made: {count / made:,.0f}/s; destroyed: {1_000 / (time.monotonic() - started):,.0f}/s")
    assert made < count / 500
