"""Parked keys of reactions: gaps, resumes, skips, and workers that overlap."""

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from shared.effects import Deferred
from shared.inbox import Inbox
from shared.messaging import Delivered
from tests import toy
from tests.shared.reacting import Once, Recorder, Topic, inbox, parked, reactor

pytestmark = pytest.mark.connected


@pytest.fixture
async def source(make_service) -> Topic:
    return await Topic(await make_service(toy.definition())).filled(a=[1, 2, 3], b=[1])


@pytest.fixture
async def sick(source) -> Recorder:
    """Fails at the second version of a; the third waits behind it."""
    recorder = Recorder()
    recorder.fails("a", 2, ZeroDivisionError())
    await reactor(source.service, recorder).apply(source.of("a", 1, 2, 3))
    return recorder


async def row_of_a(source: Topic) -> dict[str, Any]:
    return (await parked(source.service))["a"]


async def test_a_resume_tells_what_waited_in_order_and_lets_the_key_flow(source, sick):
    sick.failing.clear()
    assert await reactor(source.service, sick).resume(await row_of_a(source), source.fetch)
    assert sick.told == [("a", 1), ("a", 2), ("a", 3)]
    assert await parked(source.service) == {}
    await reactor(source.service, sick).apply(source.of("a", 3, 4))
    assert sick.told[-1] == ("a", 4)
    assert await inbox(source.service) == {"a": 4}


async def test_a_resume_in_vain_leaves_it_parked_says_why_and_drops_the_request(source, sick):
    sick.fails("a", 2, KeyError())
    await source.service.parking.ask("recorder|box:a", "retry", "ann", "")
    assert not await reactor(source.service, sick).resume(await row_of_a(source), source.fetch)
    row = await row_of_a(source)
    assert (row["error"], row["attempts"], "request" in row) == ("KeyError", 2, False)
    assert row["tried_at"] >= row["at"]


async def test_a_resume_that_gets_further_keeps_what_it_reached(source, sick):
    del sick.failing[("a", 2)]
    sick.fails("a", 3, KeyError())
    assert not await reactor(source.service, sick).resume(await row_of_a(source), source.fetch)
    assert sick.told == [("a", 1), ("a", 2)]
    assert await inbox(source.service) == {"a": 2}


async def test_what_is_queued_during_a_resume_is_told_too(source, sick):
    sick.failing.clear()
    live = reactor(source.service, sick)

    async def fetch(pointers: Sequence[Mapping[str, Any]]) -> list[Delivered]:
        if len(pointers) == 2:
            await live.apply(source.of("a", 4))
        return await source.fetch(pointers)

    assert await live.resume(await row_of_a(source), fetch)
    assert sick.told == [("a", 1), ("a", 2), ("a", 3), ("a", 4)]
    assert await parked(source.service) == {}


async def test_what_finds_its_key_flowing_again_is_told_at_once(source, sick):
    """The worker saw it parked; before it queues its event, a resume has let the key go."""
    sick.failing.clear()
    live = reactor(source.service, sick)

    class SlowInbox(Inbox):
        async def wait_behind(self, lane: Any, delivery: Delivered) -> bool:
            row = await source.service.database["parked"].find_one({"_id": lane.row_id})
            await reactor(source.service, sick).resume(row, source.fetch)
            return await super().wait_behind(lane, delivery)

    live._inbox = SlowInbox(source.service.database, source.service.clock)
    await live.apply(source.of("a", 3, 4))
    assert sick.told == [("a", 1), ("a", 2), ("a", 3), ("a", 4)]
    assert (await parked(source.service), await inbox(source.service)) == ({}, {"a": 4})


async def test_two_workers_that_park_one_key_forget_nothing_that_waits(source, sick):
    zombie = Recorder()
    zombie.fails("a", 2, ZeroDivisionError())
    lanes = await Inbox(source.service.database, source.service.clock).lanes(["recorder"], ["box:a"])
    lanes[0].parked = False  # as it was when the zombie looked
    await reactor(source.service, zombie)._lane(lanes[0], source.of("a", 2))
    assert [one["version"] for one in (await row_of_a(source))["waiting"]] == [2, 3]


async def test_a_zombie_parks_nothing_that_another_worker_has_told(source):
    zombie, other = Recorder(), Recorder()
    zombie.fails("a", 1, ZeroDivisionError())
    slow = asyncio.create_task(reactor(source.service, zombie, patience=0.4).apply(source.of("a", 1)))
    await asyncio.sleep(0.1)
    await reactor(source.service, other).apply(source.of("a", 1, 2))
    await slow
    assert await parked(source.service) == {}
    assert await inbox(source.service) == {"a": 2}


@pytest.mark.parametrize("failing", [1, 2])
async def test_a_skip_passes_the_failing_event_also_the_first_of_a_stream(source, failing):
    recorder = Recorder()
    recorder.fails("a", failing, ZeroDivisionError())
    one = reactor(source.service, recorder)
    await one.apply(source.of("a", 1, 2, 3))
    row = await row_of_a(source)
    for _ in range(2):  # asked twice, it skips once
        await one.skip(row)
        assert await one.resume(row, source.fetch)
    assert recorder.told == [("a", version) for version in (1, 2, 3) if version != failing]


async def test_a_gap_parks_the_key_at_once_and_closes_when_the_missing_version_comes(source):
    recorder = Recorder()
    one = reactor(source.service, recorder, patience=60)
    await one.apply(source.of("a", 1, 3))
    row = await row_of_a(source)
    assert (row["error"], row["version"], recorder.told) == ("Gap", 3, [("a", 1)])
    await one.apply(source.of("a", 4, 2))
    assert (await row_of_a(source))["attempts"] == 0
    assert await one.resume(row, source.fetch)
    assert recorder.told == [("a", 1), ("a", 2), ("a", 3), ("a", 4)]


async def test_a_skip_of_a_gap_passes_what_is_missing_and_tells_what_came(source):
    recorder = Recorder()
    one = reactor(source.service, recorder)
    await one.apply(source.of("a", 1, 4))
    await one.skip(await row_of_a(source))
    assert await one.resume(await row_of_a(source), source.fetch)
    assert recorder.told == [("a", 1), ("a", 4)]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = toy.T0

    def now(self) -> dt.datetime:
        return self.time

    def passes(self, seconds: float) -> None:
        self.time += dt.timedelta(seconds=seconds)


async def test_what_asked_to_come_back_is_due_ever_more_rarely_and_a_bug_is_not(source, make_service):
    service, clock = source.service, Clock()
    service.clock = service.parking._clock = clock
    recorder = Recorder()
    recorder.fails("a", 1, Deferred())
    recorder.fails("b", 1, ZeroDivisionError())
    one = reactor(service, recorder)
    await one.apply(source.records)
    waits = []
    for _ in range(12):
        waited = 0
        while not (due := service.parking.due(await service.parking.rows())):
            clock.passes(1)
            waited += 1
        waits.append(waited)
        assert [row["stream"] for row in due] == ["box:a"]
        await one.resume(due[0], source.fetch)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]


async def test_a_gap_is_looked_at_again_soon_after_something_came_that_may_close_it(source):
    service, clock = source.service, Clock()
    service.clock = service.parking._clock = clock
    one = reactor(service, Once())
    await one.apply(source.of("a", 2))
    for _ in range(8):
        clock.passes(600)
        assert not await one.resume((service.parking.due(await service.parking.rows()))[0], source.fetch)
    assert service.parking.due(await service.parking.rows()) == []
    await one.apply(source.of("a", 1))
    clock.passes(1)
    assert [row["stream"] for row in service.parking.due(await service.parking.rows())] == ["box:a"]
