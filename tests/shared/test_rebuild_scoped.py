"""Rebuilding in place: one person, or everybody touched since, beside the live worker."""

import asyncio
from typing import Any

import pytest

from shared.projections.refold import refold, resume
from shared.rebuild import JobState, Rebuild
from shared.scopes import Scope
from shared.service import Service
from tests import toy
from tests.shared.toybox import box, cursor, fill, fold_of, log_of, opened_and_filled, put, read_model, some_id

pytestmark = pytest.mark.connected
BOTH = (toy.summary, toy.heaps)
PERSONS = [f"p{number}" for number in range(5)]


@pytest.fixture
async def service(make_service) -> Service:
    found = await make_service(toy.definition())
    await fill(found, [opened_and_filled(person, 1, 2) for person in PERSONS])
    await found.projector(BOTH).apply(await log_of(found))
    return found


def job(service: Service, scope: Scope, **more: Any) -> Rebuild:
    return Rebuild(service.projector(BOTH), service.store, service.database, service.clock, scope)


async def spoil(service: Service) -> None:
    """Every document is wrong: what a bug would leave behind."""
    await service.database[toy.summary.id].update_many({}, {"$set": {"content": 99}})
    await service.database[toy.heaps.id].update_many({}, {"$set": {"count": 99}})


async def right(service: Service) -> set[str]:
    """The persons whose documents are the fold of the log."""
    found = set(PERSONS)
    for projection in BOTH:
        is_, must = await read_model(service, projection), await fold_of(service, projection)
        found -= {key.partition("|")[0] for key in is_.keys() | must.keys() if is_.get(key) != must.get(key)}
    return found


async def test_one_persons_documents_are_made_anew_and_nobody_elses(service):
    await spoil(service)
    await job(service, Scope(person="p2")).fill()
    assert await right(service) == {"p2"}
    assert await cursor(service, "p2", toy.summary) == 3


async def test_everybody_touched_since_a_position_is_made_anew_from_the_first_event(service):
    await put(service, "p0", 5)
    await spoil(service)
    scope = Scope(since=4)
    assert (await job(service, scope).plan()).by_type == {"BoxOpened": 2, "BoxFilled": 5}
    await job(service, scope).fill()
    assert await right(service) == {"p0", "p4"}


class Narrow:
    """A store that shows two commits at a time: many windows in a short log."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def window(self, after: int, limit: int = 2) -> Any:
        return await self._store.window(after, min(limit, 2))


async def test_a_job_that_is_done_begins_anew_when_it_is_asked_again(service):
    service.store = Narrow(service.store)
    for _ in range(2):
        await spoil(service)
        await job(service, Scope(since=0)).fill()
        assert await right(service) == set(PERSONS)


async def test_a_job_that_was_cancelled_goes_on_behind_those_who_are_done(service):
    service.store = Narrow(service.store)
    await spoil(service)
    rebuild = job(service, Scope(since=0))
    await service.database["rebuilds"].insert_one({"_id": rebuild.name, "state": "cancelled", "position": 2})
    await rebuild.fill()
    assert await right(service) == {"p2", "p3", "p4"}


async def test_a_document_under_a_key_of_the_person_that_no_longer_stands_goes(service):
    await put(service, "p1", 8)
    await service.projector(BOTH).apply((await log_of(service))[-1:])
    only_small = toy.Projection(
        name=toy.heaps.name,
        version=1,
        document=toy.Heap,
        handles=toy.heaps.handles,
        key=toy.heaps.key,
        evolve=lambda document, event: toy.heap_up(document, event) if event.amount < 8 else None,
    )
    await refold(service.projector([only_small]), [box("p1")])
    assert "p1|8" not in await read_model(service, toy.heaps)
    assert await cursor(service, "p1", toy.heaps) == 4


async def test_a_parked_key_flows_again_if_its_events_can_be_folded_now(make_service):
    fragile = toy.Fragile()
    projection = fragile.projection()
    service = await make_service(toy.definition(projections=[projection]))
    await fill(service, [opened_and_filled("p0", 1, toy.POISON, 3)])
    projector = service.projector([projection])
    await refold(projector, [box("p0")])
    assert [row["version"] for row in await service.parking.rows()] == [3]
    assert await read_model(service, projection) == {"p0": toy.Tally(total=1)}
    fragile.mended = True
    await refold(projector, [box("p0")])
    assert await service.parking.rows() == []
    assert await read_model(service, projection) == await fold_of(service, projection)


async def test_a_key_parked_at_its_first_event_leaves_nothing_of_the_document_that_was(make_service):
    fragile = toy.Fragile()
    fragile.mended = True
    projection = fragile.projection()
    service = await make_service(toy.definition(projections=[projection]))
    await fill(service, [opened_and_filled("p0", toy.POISON, 3)])
    projector = service.projector([projection])
    await refold(projector, [box("p0")])
    fragile.mended = False
    await refold(projector, [box("p0")])
    assert await read_model(service, projection) == {}
    fragile.mended = True
    assert await resume(projector, (await service.parking.rows())[0])
    assert await read_model(service, projection) == await fold_of(service, projection)


async def test_beside_the_live_worker_nothing_is_lost_and_nothing_folded_twice(service):
    projector = service.projector(BOTH)

    async def live(person: str) -> None:
        for _ in range(5):
            await put(service, person, 3)
            await projector.apply([one for one in await log_of(service) if one.stream == box(person)][-1:])

    await spoil(service)
    scope = Scope(since=0)
    await asyncio.gather(live("p0"), live("p1"), *(refold(projector, [box("p0"), box("p1")]) for _ in range(3)))
    await job(service, scope).fill()
    assert await right(service) == set(PERSONS)


async def test_a_scoped_job_is_paused_continued_and_cancelled_like_a_whole_one(service):
    await fill(service, [opened_and_filled(f"q{number}", 1) for number in range(20)])
    rebuild = job(service, Scope(since=0))
    filling = asyncio.create_task(rebuild.fill(limit=20))
    await asyncio.sleep(0.1)
    await rebuild.ask(JobState.PAUSED)
    await asyncio.sleep(1.0)
    assert not filling.done()
    await rebuild.ask(JobState.CANCELLED)
    await asyncio.wait_for(filling, 10)
    assert (await rebuild.status() or {})["state"] == "cancelled"
    await job(service, Scope(since=0)).fill()
    assert await read_model(service, toy.summary) == await fold_of(service, toy.summary)


async def test_a_person_who_does_not_exist_changes_nothing(service):
    await job(service, Scope(person=some_id())).fill()
    assert await right(service) == set(PERSONS)
