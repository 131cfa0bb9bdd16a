"""Filling a read model from the log: planned, throttled, paused, resumed, cancelled, continued."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from shared.comparison import compare
from shared.rebuild import JobState, Rebuild
from shared.service import Service
from tests import toy
from tests.shared.toybox import fill, fold_of, log_of, opened_and_filled, put, read_model, some_id, until

pytestmark = pytest.mark.connected
NEW = (replace(toy.summary, version=2), replace(toy.heaps, version=2))


@pytest.fixture
async def service(make_service) -> Service:
    return await make_service(toy.definition())


def job(service: Service, *projections: Any) -> Rebuild:
    projector = service.projector(projections or NEW)
    return Rebuild(projector, service.store, service.database, service.clock)


async def filled(service: Service, boxes: int, *amounts: int) -> None:
    await fill(service, [opened_and_filled(some_id(), *(amounts or (1, 2))) for _ in range(boxes)])


async def state(rebuild: Rebuild) -> str:
    return (await rebuild.status() or {}).get("state", "")


async def test_a_dry_run_counts_and_writes_nothing(service):
    await filled(service, 3)
    before = set(await service.database.list_collection_names())
    plan = await job(service).plan(rate=90)
    assert (plan.events, plan.by_type, plan.seconds, plan.effects) == (9, {"BoxOpened": 3, "BoxFilled": 6}, 0.1, 0)
    assert set(await service.database.list_collection_names()) == before
    assert await job(service).status() is None


async def test_a_fill_is_the_fold_of_the_log_and_equal_to_the_live_one(service):
    await filled(service, 20, 1, 2, 1)
    await service.projector([toy.summary, toy.heaps]).apply(await log_of(service))
    rebuild = job(service)
    assert await rebuild.fill() == 20
    assert await state(rebuild) == "done"
    for live, new in zip((toy.summary, toy.heaps), NEW, strict=True):
        assert await read_model(service, new) == await fold_of(service, new)
        assert (await compare(service.database, service.documents, live, new)).equal


async def test_an_empty_log_is_filled_at_once(service):
    assert await job(service).fill() == 0
    assert await state(job(service)) == "done"


async def test_a_second_fill_goes_on_where_the_first_ended(service):
    await filled(service, 3)
    await job(service).fill()
    await filled(service, 2)
    assert await job(service).fill() == 5
    assert await read_model(service, NEW[0]) == await fold_of(service, NEW[0])


async def test_begun_again_a_fill_adds_what_is_missing_and_folds_nothing_twice(service):
    await filled(service, 3)
    await job(service).fill()
    await service.database["cursors"].update_many({}, {"$unset": {NEW[1].id: ""}})
    await service.database.drop_collection(NEW[1].id)
    await job(service).restart()
    await job(service).fill()
    for projection in NEW:
        assert await read_model(service, projection) == await fold_of(service, projection)


async def test_a_throttled_fill_keeps_its_pace_and_obeys_within_a_second(service):
    await filled(service, 40)
    rebuild = job(service)
    started = time.monotonic()
    filling = asyncio.create_task(rebuild.fill(limit=60))
    await until(lambda: _is(rebuild, "running"))
    await rebuild.ask(JobState.PAUSED)
    await asyncio.sleep(1.8)
    paused_at = (await rebuild.status() or {})["position"]
    await asyncio.sleep(0.5)
    assert (await rebuild.status() or {})["position"] == paused_at < 40
    assert not filling.done()
    await rebuild.ask(JobState.RUNNING)
    assert await filling == 40
    assert time.monotonic() - started > 2.0
    assert await read_model(service, NEW[0]) == await fold_of(service, NEW[0])


async def test_a_cancelled_fill_stops_keeps_what_it_wrote_and_can_be_continued(service):
    await filled(service, 40)
    rebuild = job(service)
    filling = asyncio.create_task(rebuild.fill(limit=30))
    await until(lambda: _is(rebuild, "running"))
    await rebuild.ask(JobState.CANCELLED)
    position = await asyncio.wait_for(filling, 10)
    assert position < 40
    assert await state(rebuild) == "cancelled"
    assert len(await read_model(service, NEW[0])) == position
    assert await job(service).fill() == 40
    assert await read_model(service, NEW[1]) == await fold_of(service, NEW[1])


async def test_asking_a_job_that_never_ran_starts_nothing(service):
    await job(service).ask(JobState.PAUSED)
    assert await job(service).status() is None


async def test_a_fill_beside_the_live_worker_of_the_same_version_folds_nothing_twice(service):
    """Both move the same cursors: whoever comes second folds its stretch again."""
    persons = [some_id() for _ in range(30)]
    await fill(service, [opened_and_filled(one, 1) for one in persons])
    projector = service.projector(NEW)

    async def live() -> None:
        for person in persons[:15]:
            await put(service, person, 2)
            await projector.apply((await log_of(service))[-1:])

    await asyncio.gather(live(), job(service).fill(limit=200), job(service).fill(limit=300))
    await job(service).fill()
    for projection in NEW:
        assert await read_model(service, projection) == await fold_of(service, projection)


async def test_a_collision_with_the_live_worker_is_folded_again(service):
    await filled(service, 5)
    rebuild = job(service)
    working = rebuild._projector.working_set()
    await rebuild._projector.fold(working, await log_of(service), park=True)
    await service.projector(NEW).apply((await log_of(service))[:4])
    assert await rebuild._flush(working, 0, 5) == 5
    assert await read_model(service, NEW[0]) == await fold_of(service, NEW[0])


async def test_a_poisoned_event_parks_its_key_in_the_new_version_alone(service):
    fragile = replace(toy.Fragile().projection(), version=2)
    await fill(service, [opened_and_filled("sick", 1, toy.POISON), opened_and_filled("sound", 1)])
    await job(service, fragile).fill()
    [row] = await service.parking.rows()
    assert (row["consumer"], row["version"]) == (fragile.id, 3)
    assert await read_model(service, fragile) == {"sick": toy.Tally(total=1), "sound": toy.Tally(total=1)}


async def _is(rebuild: Rebuild, wanted: str) -> bool:
    return await state(rebuild) == wanted
