"""How far a read model is behind, measured from log and cursors alone."""

import datetime as dt

import pytest

from shared.kafka import partition_of
from shared.metrics import PROJECTION_LAG_EVENTS
from shared.projections.lag import Lag
from shared.service import Service
from tests import toy
from tests.shared.toybox import box, fill, in_background, log_of, meta, open_box, opened_and_filled, put, some_id, until

pytestmark = pytest.mark.connected


@pytest.fixture
async def service(make_service) -> Service:
    return await make_service(toy.definition())


async def test_an_empty_log_and_a_folded_one_have_no_lag(service):
    meter = service.lag_meter()
    assert await meter.measure(toy.summary) == Lag(0, 0, 0.0)
    await fill(service, [opened_and_filled(name, 1) for name in "abc"])
    await service.projector([toy.summary]).apply(await log_of(service))
    assert await meter.measure(toy.summary) == Lag(3, 0, 0.0)


async def test_the_oldest_event_that_is_not_folded_counts(service):
    await open_box(service, 1, person="a")
    log = await log_of(service)
    await put(service, "a", 2, 3)
    await service.projector([toy.summary]).apply(log)
    lag = await service.lag_meter().measure(toy.summary)
    assert (lag.position, lag.events) == (2, 2)
    assert 0 < lag.seconds < 60
    assert (await service.lag_meter().measure(toy.heaps)).events == 4


async def test_streams_are_folded_in_any_order_and_the_first_hole_counts(service):
    await fill(service, [opened_and_filled(name, 1) for name in "abc"])
    await service.projector([toy.summary]).apply([one for one in await log_of(service) if one.position != 2])
    lag = await service.lag_meter().measure(toy.summary)
    assert (lag.position, lag.events) == (1, 2)  # the third is folded


async def test_a_parked_key_and_a_commit_without_events_hold_nothing_back(service):
    fragile = toy.Fragile().projection()
    projector = service.projector([fragile])
    projector._patience = 0.0
    await fill(service, [opened_and_filled("a", toy.POISON), opened_and_filled("b", 1)])
    await projector.apply(await log_of(service))
    now = dt.datetime.now(dt.UTC)
    for _ in range(2):
        await service.handle(box("b"), toy.Empty(at=now, person_id="b"), cmd=some_id(), meta=meta("b"))
    await projector.apply((await log_of(service))[-1:])
    assert (await service.lag_meter().measure(fragile)) == Lag(4, 0, 0.0)


async def test_the_meter_publishes_what_it_finds(service):
    await fill(service, [opened_and_filled("a", 1, 2)])
    gauge = PROJECTION_LAG_EVENTS.labels("toy", toy.heaps.id)

    async def three_behind() -> bool:
        return gauge._value.get() == 3

    async with in_background(service.lag_meter().run()):
        await until(three_behind)
    row = await service.database["progress"].find_one({"_id": toy.heaps.id})
    assert (row["position"], row["events"]) == (0, 3)


async def test_a_query_can_say_until_when_it_shows_everything(service):
    assert await service.queries.as_of(toy.summary) is None
    await fill(service, [opened_and_filled("a", 1)])
    service.queries._ages_until = 0.0
    await service.lag_meter().measure(toy.summary)
    row = await service.database["progress"].find_one({"_id": toy.summary.id})
    assert row["seconds"] > 0
    assert await service.queries.as_of(toy.summary) == row["at"] - dt.timedelta(seconds=row["seconds"])


async def test_it_says_how_many_persons_and_which_partitions_wait(service):
    await fill(service, [opened_and_filled(name, 1) for name in ("ann", "bob", "ann2")])
    await put(service, "ann", 2)
    lag = await service.lag_meter().measure(toy.summary)
    assert (lag.persons, lag.events) == (3, 7)
    assert sum(lag.partitions.values()) == 7
    assert lag.partitions[partition_of("ann")] >= 3
    row = await service.database["progress"].find_one({"_id": toy.summary.id})
    assert row["partitions"] == {str(key): count for key, count in lag.partitions.items()}
    assert row["moved_at"] == row["at"]


async def test_a_read_model_at_rest_is_looked_at_again_when_something_comes(service):
    gauge = PROJECTION_LAG_EVENTS.labels("toy", toy.heaps.id)
    meter = service.lag_meter()

    async def rests() -> bool:
        return set(meter._current) == {projection.id for projection in service.definition.projections}

    async def two_behind() -> bool:
        return gauge._value.get() == 2

    async with in_background(meter.run()):
        await until(rests)
        await open_box(service, 1)
        await until(two_behind)
        assert toy.heaps.id not in meter._current
