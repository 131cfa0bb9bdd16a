"""Appending: one at a time, 8 and 64 at a time, against raw inserts of the same document."""

import asyncio
from itertools import count

from shared.event_store import Draft
from shared.service import Service
from tests.bench.ground import counted, draft, raw_document
from tests.bench.measure import Pair, latency, note, rate, timed

SINGLE = 400
MANY = 3000


async def bench(service: Service) -> list[Pair]:
    drafts = [await draft(service, f"single:{number}", 0, counted(number)) for number in range(SINGLE * 2)]
    raw_one, ours_one = 0.0, 0.0
    for start in range(0, SINGLE, 100):  # in turns, so that a drift of the machine meets both
        raw_one += await timed(lambda start=start: _raw(service, drafts[start : start + 100], start))
        ours_one += await timed(lambda start=start: _ours(service, drafts[SINGLE + start : SINGLE + start + 100]))
    at_8, at_64 = await _together(service, 8), await _together(service, 64)
    batches = await _raw_batches(service)
    single = SINGLE / raw_one
    return [
        latency("append, one at a time", ours_one / SINGLE, raw_one / SINGLE, 1.6),
        note("append, 8 at a time / raw single", at_8, single, "/s"),
        rate("append, 64 at a time / raw single", at_64, single, 3.0),
        note("append, 64 at a time / raw batches of 64", at_64, batches, "/s"),
    ]


async def _raw(service: Service, drafts: list[Draft], start: int) -> None:
    for position, one in enumerate(drafts, start=start + 1):
        await service.database["raw"].insert_one(raw_document(one, position))


async def _ours(service: Service, drafts: list[Draft]) -> None:
    for one in drafts:
        await service.store.append(one)


async def _together(service: Service, writers: int) -> float:
    waiting = [await draft(service, f"many:{writers}:{number}", 0, counted(number)) for number in range(MANY)]
    rest = iter(waiting)

    async def writer() -> None:
        for one in rest:
            await service.store.append(one)

    return MANY / await timed(lambda: asyncio.gather(*(writer() for _ in range(writers))))


async def _raw_batches(service: Service) -> float:
    positions = count(1_000_000)
    drafts = [await draft(service, f"raw:{number}", 0, counted(number)) for number in range(MANY)]
    documents = [raw_document(one, next(positions)) for one in drafts]

    async def insert() -> None:
        for start in range(0, MANY, 64):
            await service.database["raw"].insert_many(documents[start : start + 64], ordered=True)

    return MANY / await timed(insert)
