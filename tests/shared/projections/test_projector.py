"""The projector on the real database: whoever writes second starts over, and nothing is folded twice."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.projections.refold import refold
from shared.projections.writes import Collision
from shared.service import Service
from tests import toy
from tests.shared.toybox import (
    box,
    cursor,
    fill,
    fold_of,
    log_of,
    open_box,
    opened_and_filled,
    put,
    read_model,
    some_id,
)

pytestmark = pytest.mark.connected
BOTH = (toy.summary, toy.heaps)


@pytest.fixture
async def service(make_service) -> Service:
    return await make_service(toy.definition())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_batches_in_any_order_and_twice_write_the_fold_of_the_log(stack, tmp_path, data):
    from tests.conftest import toy_settings  # noqa: PLC0415 - a service of its own for each example

    async def run() -> None:
        service = Service(toy.definition(), toy_settings(stack, f"toy_{some_id()[:12]}", tmp_path))
        await service.prepare()
        await fill(service, [opened_and_filled(some_id(), 1, 2, 1) for _ in range(3)])
        log = await log_of(service)
        deliveries = data.draw(st.permutations(log + log[:4]))
        cut = data.draw(st.integers(1, 8))
        batches = [deliveries[start : start + cut] for start in range(0, len(deliveries), cut)]
        projector = service.projector(BOTH)
        await asyncio.gather(*(projector.apply(batch) for batch in batches))
        for projection in BOTH:
            assert await read_model(service, projection) == await fold_of(service, projection)
        await service.close()

    asyncio.run(run())


async def test_two_workers_on_the_same_stream_one_wins_and_the_other_starts_over(service):
    await open_box(service, 1, person="a")
    log = await log_of(service)
    projector = service.projector(BOTH)
    first, second = projector.working_set(), projector.working_set()
    for working in (first, second):
        await projector.fold(working, log, park=False)
    await first.flush()
    with pytest.raises(Collision):
        await second.flush()
    assert await read_model(service, toy.summary) == await fold_of(service, toy.summary)


async def test_two_streams_that_feed_one_document_collide_on_it(service):
    await fill(service, [opened_and_filled("a", 1), ("a2", opened_and_filled("a", 2)[1])])
    log = await log_of(service)
    projector = service.projector([toy.summary])
    first, second = projector.working_set(), projector.working_set()
    await projector.fold(first, [one for one in log if one.stream == box("a")], park=False)
    await projector.fold(second, [one for one in log if one.stream == box("a2")], park=False)
    await first.flush()
    with pytest.raises(Collision):
        await second.flush()
    assert await service.database["cursors"].find_one({"_id": box("a2")}) is None


async def test_a_deleted_document_goes_unless_somebody_wrote_it_meanwhile(service):
    await open_box(service, 1, person="a")
    projector = service.projector([toy.summary])
    await projector.apply(await log_of(service))
    first, second = projector.working_set(), projector.working_set()
    for working in (first, second):
        await working.load_documents([(toy.summary, "a")])
        working.put(toy.summary, "a", None)
    await first.flush()
    with pytest.raises(Collision):
        await second.flush()
    assert await read_model(service, toy.summary) == {}


async def test_a_zombie_parks_nothing_that_another_worker_has_folded_meanwhile(make_service):
    broken, mended = toy.Fragile(), toy.Fragile()
    mended.mended = True
    service = await make_service(toy.definition(projections=[broken.projection()]))
    await fill(service, [opened_and_filled("a", toy.POISON)])
    log = await log_of(service)
    old, new = service.projector([broken.projection()]), service.projector([mended.projection()])
    zombie = old.working_set()
    await old.fold(zombie, log, park=True)
    await new.apply(log)
    with pytest.raises(Collision):
        await zombie.flush()
    assert await service.parking.rows() == []


async def test_an_unreadable_document_stops_its_own_key_and_is_mended_by_folding_anew(service):
    await fill(service, [opened_and_filled(name, 1) for name in ("a", "b")])
    projector = service.projector([toy.summary])
    projector._patience = 0.0
    await projector.apply(await log_of(service))
    await service.database[toy.summary.id].update_one({"_id": "a"}, {"$set": {"content": "seven"}})
    for name in ("a", "b"):
        await put(service, name, 5)
    await projector.apply((await log_of(service))[-2:])
    [row] = await service.parking.rows()
    assert (row["stream"], row["error"]) == (box("a"), "ValidationError")
    assert await cursor(service, "b", toy.summary) == 3
    assert await refold(projector, [box("a")]) == 3
    assert await service.parking.rows() == []
    assert await read_model(service, toy.summary) == await fold_of(service, toy.summary)


async def test_the_database_being_away_delays_a_batch_and_loses_nothing(service, stack):
    await fill(service, [opened_and_filled("a", 1)])
    log = await log_of(service)
    stack.component("mongo").pause()
    applying = asyncio.create_task(service.projector(BOTH).apply(log))
    await asyncio.sleep(0.3)
    assert not applying.done()
    stack.component("mongo").resume()
    await asyncio.wait_for(applying, 20)
    assert await read_model(service, toy.summary) == await fold_of(service, toy.summary)
