"""Reading back: a stream of ten, the whole log, a whole rebuild, against undecoded reads and bare bulk writes."""

from shared.mongo import InsertOne
from shared.rebuild import Rebuild
from shared.service import Service
from tests.bench.ground import EVENTS, STREAMS, Counted, totals
from tests.bench.measure import Pair, absolute, note, rate, timed

LOADS = 500


async def bench(service: Service) -> list[Pair]:
    head = (await service.store.head()).position
    raw_read = await timed(lambda: _raw_read(service))
    replay = await timed(lambda: _replay(service))
    raw_write = await timed(lambda: _raw_write(service))
    projector = service.projector([totals])
    await projector.prepare()
    rebuild = Rebuild(projector, service.store, service.database, service.clock)
    filled = await timed(rebuild.fill)
    raw_load, load = await timed(lambda: _raw_load(service)), await timed(lambda: _load(service))
    return [
        note("load and fold a stream of 10 / raw find", LOADS / load, LOADS / raw_load, "/s"),
        rate(f"replay {EVENTS:,} events / raw windowed read", head / replay, head / raw_read, 0.4),
        absolute(
            f"rebuild {EVENTS:,} events into {STREAMS:,} documents / raw read + bulk write",
            EVENTS / filled,
            EVENTS / (raw_read + raw_write),
            15_000,
        ),
    ]


async def _raw_read(service: Service) -> None:
    position, commits = 0, service.database["commits"]
    while True:
        bounds = {"_id": {"$gt": position, "$lte": position + 1000}}
        window = await commits.find(bounds, batch_size=1001).sort("_id", 1).to_list(None)
        if not window:
            return
        position = window[-1]["_id"]


async def _replay(service: Service) -> int:
    position = total = 0
    while window := await service.store.window(position):
        for recorded in await service.codec.decode(window):
            assert isinstance(recorded.event, Counted)
            total += recorded.event.amount
        position = window[-1]["_id"]
    return total


async def _raw_write(service: Service) -> None:
    rows = [InsertOne({"_id": f"m{number}", "member_id": f"m{number}", "total": 1, "count": 10, "last": "2026-03-14"})
            for number in range(STREAMS)]  # fmt: skip
    for start in range(0, STREAMS, 1000):
        await service.database["raw_documents"].bulk_write(rows[start : start + 1000], ordered=False)


async def _raw_load(service: Service) -> None:
    for number in range(LOADS):
        await service.database["commits"].find({"s": f"bench:{number}"}).to_list(None)


async def _load(service: Service) -> None:
    for number in range(LOADS):
        commits = await service.store.stream(f"bench:{number}")
        assert sum(one.event.amount for one in await service.codec.decode(commits)) == 10 * (number % 7)  # type: ignore[attr-defined]
