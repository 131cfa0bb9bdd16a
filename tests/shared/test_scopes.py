"""Rebuilding in place: one person, or everybody touched since, beside the live worker."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from shared.projections.refold import refold
from shared.rebuild import JobState, Rebuild
from shared.scopes import WHOLE, Scope
from shared.service import Service
from tests import toy
from tests.shared.lab import Lab
from tests.shared.toybox import box, cursor, fill, fold_of, log_of, opened_and_filled, put, read_model, some_id

BOTH = (toy.summary, toy.heaps)
PERSONS = [f"p{number}" for number in range(5)]


class Moving:
    """A clock that goes on by an hour at each look."""

    def __init__(self) -> None:
        self.hours = 0

    def now(self) -> dt.datetime:
        self.hours += 1
        return toy.T0 + dt.timedelta(hours=self.hours)


@pytest.fixture
async def lab() -> Lab:
    """Five persons, one after the other, then the first again."""
    made = Lab(toy.summary)
    made.store._clock = Moving()
    for person in PERSONS:
        await made.append(person, *opened_and_filled(person, 1)[1])
    await made.append("p0", toy.BoxFilled(at=toy.T0, person_id="p0", amount=2))
    return made


async def covered(lab: Lab, scope: Scope, after: int = 0) -> list[tuple[int, str]]:
    return [one async for one in scope.persons(lab.store, after)]


async def test_one_person_is_covered_whatever_she_did_and_when(lab):
    assert await covered(lab, Scope(person="p3")) == [(0, "p3")]


@pytest.mark.parametrize(("since", "expected"), [(0, PERSONS), (3, ["p0", "p3", "p4"]), (5, ["p0"]), (6, []), (99, [])])
async def test_everybody_touched_since_a_position_is_covered_once(lab, since, expected):
    assert [person for _, person in await covered(lab, Scope(since=since))] == expected


@pytest.mark.parametrize(
    ("hours", "expected"), [(0, PERSONS), (1, PERSONS), (4, ["p0", "p3", "p4"]), (6, ["p0"]), (6.5, []), (99, [])]
)
async def test_everybody_touched_since_a_date_is_covered_the_date_included(lab, hours, expected):
    scope = Scope(since=toy.T0 + dt.timedelta(hours=hours))
    assert [person for _, person in await covered(lab, scope)] == expected


async def test_an_empty_log_covers_nobody():
    assert await covered(Lab(toy.summary), Scope(since=toy.T0)) == []


async def test_members_can_be_meant_and_commits_that_name_none_are_left_out(lab):
    lab.store.commits[1]["meta"] = {**lab.store.commits[1]["meta"], "member_id": "m1"}
    assert [person for _, person in await covered(lab, Scope(since=0, by="member_id"))] == ["m1"]


def test_a_jobs_name_says_its_scope_and_no_persons_id():
    assert str(WHOLE) == "whole"
    assert str(Scope(since=7, by="member_id")) == "member_id since 7"
    assert "p0" not in str(Scope(person="p0"))
    assert WHOLE.whole
    assert not Scope(person="p0").whole
    assert not Scope(since=0).whole


@pytest.mark.parametrize(
    ("person", "since", "expected"),
    [
        ("", "", WHOLE),
        ("p0", "", Scope(person="p0")),
        ("", "17", Scope(since=17)),
        ("", "2026-03-14", Scope(since=dt.datetime(2026, 3, 14, tzinfo=dt.UTC))),
        ("", "2026-03-14T01:00:00+01:00", Scope(since=dt.datetime(2026, 3, 14, tzinfo=dt.UTC))),
    ],
)
def test_a_scope_is_read_as_it_is_typed(person, since, expected):
    assert Scope.parse(person, since) == expected


@pytest.mark.parametrize(("person", "since"), [("p0", "17"), ("", "yesterday"), ("", "-3")])
def test_a_scope_that_makes_no_sense_is_refused(person, since):
    with pytest.raises(ValueError, match=r".+"):
        Scope.parse(person, since)


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


@pytest.mark.connected
async def test_one_persons_documents_are_made_anew_and_nobody_elses(service):
    await spoil(service)
    await job(service, Scope(person="p2")).fill()
    assert await right(service) == {"p2"}
    assert await cursor(service, "p2", toy.summary) == 3


@pytest.mark.connected
async def test_everybody_touched_since_a_position_is_made_anew_from_the_first_event(service):
    await put(service, "p0", 5)
    await spoil(service)
    scope = Scope(since=4)
    assert (await job(service, scope).plan()).by_type == {"BoxOpened": 2, "BoxFilled": 5}
    await job(service, scope).fill()
    assert await right(service) == {"p0", "p4"}
    await spoil(service)
    await job(service, scope).fill()  # asked anew, it begins anew
    assert await right(service) == {"p0", "p4"}


@pytest.mark.connected
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


@pytest.mark.connected
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


@pytest.mark.connected
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


@pytest.mark.connected
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


@pytest.mark.connected
async def test_a_person_who_does_not_exist_changes_nothing(service):
    await job(service, Scope(person=some_id())).fill()
    assert await right(service) == set(PERSONS)
