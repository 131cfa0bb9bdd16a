"""The directory: files imported, the same again, a changed one; searches of fifty clients beside the raw queries."""

import asyncio
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from deploy.local.seed.directory import FULL, Places
from deploy.local.stack import Stack
from services.geo import api
from services.geo.domain.facts import Kind, Source
from services.geo.main import CATALOGUE
from services.geo.read_models.places import places
from services.geo.search.asked import Asked
from services.geo.search.counting import Counting, MemoryCounts
from services.geo.search.following import Following
from services.geo.search.shelves import sphere
from services.geo.search.snapshots import Kept, Snapshots
from shared.http import serve
from shared.mongo import InsertOne
from shared.security import TokenIssuer
from shared.service import Service, build_app
from shared.telemetry import configure
from tests.bench.measure import Pair, note, percentile, timed
from tests.bench.money import memory
from tests.scale import sized
from tests.services.geo.on_stack import Directory, change, geo_directory

FINESS, RPPS = sized((1_000, 10_000), FULL)
CLIENTS = 50
SEARCHES = 20
"""Of each client; of the database's own query one: the stand-in for MongoDB looks at every place."""
DATABASE_CLIENTS = sized(CLIENTS, 1)
"""It holds all that it looks at in memory: 50 at once of two million places were 20 GB."""
TOWNS = ((43.124, 5.928), (48.390, -4.486), (43.296, 5.370), (48.857, 2.352), (45.764, 4.836))
Search = Callable[[Asked], Awaitable[None]]


async def bench(stack: Stack, folder: Path) -> list[Pair]:
    """All of it on one directory."""
    configure("bench", level="warning")
    async with geo_directory(stack, folder) as directory:
        pairs = await _imports(directory)
        following = Following(directory.service.store, directory.service.codec)
        async with memory() as held:
            seconds = await timed(following.catch_up)
        count = len(following.index)
        pairs.append(note(f"index of {count:,} places from the log / import", count / seconds, pairs[0].ours, "/s"))
        pairs.append(note("memory of the index and all else, now / before", held[-1], held[0], "MiB"))
        pairs.append(await _again(directory.service, folder, following, seconds))
        return pairs + await _searches(directory.service, following)


async def _again(service: Service, folder: Path, following: Following, from_log: float) -> Pair:
    """The next start: from a snapshot of what was just folded."""
    index, head = following.index, await service.store.head()
    await Snapshots(folder / "index", service.vault, service.clock).save(Kept(index.rows, head.position, head.hash))
    second = Following(service.store, service.codec, Snapshots(folder / "index", service.vault, service.clock))
    seconds = await timed(second.catch_up)
    assert (len(second.index), second.position) == (len(index), following.position)
    return note("index ready from its snapshot / from the log", seconds, from_log, "s")


async def _imports(directory: Directory) -> list[Pair]:
    invented, folder = Places(1), directory.folder
    await directory.take(Source.FINESS, invented.finess(folder / "finess.csv", FINESS), "2026-11-12")
    rpps = invented.rpps(folder / "rpps.txt", RPPS)
    async with memory() as held:
        first = await directory.take(Source.RPPS, rpps, "2026-11-12")
    listed, seconds = first.tally.listed, directory.seconds
    raw = await timed(lambda: _raw(directory.service, min(listed, 100_000)))
    before = await directory.position()
    await directory.show()
    shown = directory.shown
    again = await directory.take(Source.RPPS, rpps, "2026-11-13")
    assert (again.tally.unchanged, await directory.position()) == (listed, before), "the same again is no event"
    compared = directory.seconds
    changed, wanted = change(rpps, folder / "changed.txt")
    report = await directory.take(Source.RPPS, changed, "2026-11-14")
    assert (report.tally.listed, report.tally.changed, report.tally.delisted) == wanted, "exactly the changes"
    return [
        note(f"import of {RPPS:,} RPPS rows / raw documents", listed / seconds, min(listed, 100_000) / raw, "/s"),
        note("memory of that import, peak / before", max(held), held[0], "MiB"),
        note("the same file again, rows compared / imported", RPPS / compared, listed / seconds, "/s"),
        note(f"a changed file, {sum(wanted):,} changes / rows compared", directory.seconds, compared, "s"),
        note("read model of them, places shown / imported", listed / shown, listed / seconds, "/s"),
    ]


async def _raw(service: Service, count: int) -> None:
    """As many documents of a commit's size, 500 at a time, each batch durable."""
    for start in range(0, count, 500):
        rows = [InsertOne({"_id": number, "row": "x" * 900}) for number in range(start, min(start + 500, count))]
        await service.database["raw_rows"].bulk_write(rows)


async def _searches(service: Service, following: Following) -> list[Pair]:
    collection = service.database[await service.pointers.live(places)]
    located = np.frombuffer(_coordinates(following), np.int32).reshape(-1, 2)
    tree = cKDTree(sphere(located[:, 0], located[:, 1]))

    async def index(asked: Asked) -> None:
        following.index.search(asked)

    async def raw_tree(asked: Asked) -> None:
        tree.query(sphere(np.array([asked.latitude * 1e6]), np.array([asked.longitude * 1e6]))[0], k=20)

    async def raw_2dsphere(asked: Asked) -> None:
        point = {"type": "Point", "coordinates": [asked.longitude, asked.latitude]}
        near = {"where": {"$nearSphere": {"$geometry": point, "$maxDistance": asked.radius}}}
        await collection.find(near).limit(20).to_list(20)

    http = await _over_http(service, following)
    database = await crowd(raw_2dsphere, 1, DATABASE_CLIENTS)
    ours, trees = await crowd(index, SEARCHES), await crowd(raw_tree, SEARCHES)
    pairs = []
    for share in (0.5, 0.95):
        name = f"p{share * 100:.0f}"
        pairs += [
            _latency(
                f"search over HTTP, {CLIENTS} clients / raw 2dsphere, {DATABASE_CLIENTS}, {name}", http, database, share
            ),
            _latency(f"search in the index, {CLIENTS} clients / raw KD-tree, {name}", ours, trees, share),
        ]
    return pairs


def _latency(name: str, ours: Sequence[float], raw: Sequence[float], share: float) -> Pair:
    return note(name, percentile([*ours], share) * 1000, percentile([*raw], share) * 1000, "ms")


def _coordinates(following: Following) -> bytes:
    rows = following.index.rows
    return np.column_stack((np.array(rows.latitude, np.int32), np.array(rows.longitude, np.int32))).tobytes()


async def crowd(search: Search, each: int, clients: int = CLIENTS) -> list[float]:
    """Seconds of every search of so many clients at once."""
    times: list[float] = []

    async def client(wanted: Sequence[Asked]) -> None:
        for asked in wanted:
            started = time.perf_counter()
            await search(asked)
            times.append(time.perf_counter() - started)
            await asyncio.sleep(0)

    await asyncio.gather(*(client(some) for some in _asked(each)[:clients]))
    return times


def _asked(each: int) -> list[list[Asked]]:
    chance = random.Random(5)  # noqa: S311 - the same searches for all
    return [[_one(chance) for _ in range(each)] for _ in range(CLIENTS)]


def _one(chance: random.Random) -> Asked:
    latitude, longitude = chance.choice(TOWNS)
    return Asked(
        round(latitude + chance.uniform(-0.02, 0.02), 3),
        round(longitude + chance.uniform(-0.02, 0.02), 3),
        chance.choice([2_000.0, 5_000.0, 10_000.0]),
        kinds=chance.choice([(), (Kind.PHARMACY,), (Kind.DOCTOR,), (Kind.NURSE, Kind.PHYSIOTHERAPIST)]),
    )


async def _over_http(service: Service, following: Following) -> list[float]:
    """The whole way: another process asks, this one verifies, searches, decrypts and answers."""
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    counting = Counting(MemoryCounts(), service.clock)
    app = build_app(service, lambda one: [api.router(one, following, counting)], CATALOGUE)
    server = asyncio.create_task(serve(app, "127.0.0.1", 0, listening=listening.set_result))
    issuer = TokenIssuer(service.settings.private_key("gateway"), "gateway", None, service.clock)
    token = issuer.issue("geo", actor="visitor", actor_kind="member", acr="code")
    bodies = [[_body(asked) for asked in some] for some in _asked(SEARCHES)]
    try:
        port = await listening
        arguments = ("-m", "tests.programs.crowd", str(port))
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate(json.dumps({"token": token, "bodies": bodies}).encode())
    finally:
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)
    answered = json.loads(said)
    assert answered["refused"] == 0, answered
    return [float(one) for one in answered["seconds"]]


def _body(asked: Asked) -> dict[str, Any]:
    position = {"latitude": asked.latitude, "longitude": asked.longitude}
    return {"position": position, "radius": int(asked.radius), "kind": [kind.value for kind in asked.kinds]}
