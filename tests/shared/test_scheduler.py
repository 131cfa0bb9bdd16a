"""Deadlines: fired when their time has come, once in effect, by one scheduler, whoever is killed."""

import asyncio
import datetime as dt

import pytest

from shared.deadlines import Deadline
from shared.leases import LeaseLost
from shared.metrics import DEADLINES
from tests import toy
from tests.shared.deadlines import EMPTIER, HOUR, DeadlineLab, cmd_of, definition
from tests.shared.rounds import deaths, run_rounds
from tests.shared.toybox import in_background, put, read_model, send, until

PARIS = dt.timezone(dt.timedelta(hours=1))


def deadline(due_at: dt.datetime) -> Deadline:
    return Deadline(due_at=due_at, stream="box:a", command="Empty", data={}, cmd="c1")


def test_a_deadline_is_kept_in_utc_and_milliseconds_so_that_its_text_can_be_ordered():
    made = deadline(dt.datetime(2026, 3, 14, 10, 0, 0, 123_456, tzinfo=PARIS))
    assert made.model_dump(mode="json")["due_at"] == "2026-03-14T09:00:00.123000Z"


def test_a_definition_knows_which_of_its_read_models_hold_deadlines():
    assert definition().deadlines == [EMPTIER]
    assert toy.definition().deadlines == []
    assert EMPTIER.indexes == ("due_at",)


@pytest.fixture
async def lab(make_service) -> DeadlineLab:
    return DeadlineLab(await make_service(definition()))


@pytest.mark.connected
@pytest.mark.parametrize(
    ("early", "version"), [(dt.timedelta(), 3), (dt.timedelta(milliseconds=1), 2), (dt.timedelta(seconds=1), 2)]
)
async def test_it_fires_when_its_time_has_come_and_not_a_millisecond_before(lab, early, version):
    await lab.filled("a")
    await lab.fire(HOUR - early)
    assert await lab.versions("a") == [version]


@pytest.mark.connected
async def test_it_fires_once_under_its_fixed_id_and_the_event_takes_it_away(lab):
    await lab.filled("a", "b")
    for _ in range(3):
        await lab.fire()
    assert await lab.versions("a", "b") == [3, 3]
    commit = await lab.service.store.command(cmd_of(toy.BoxFilled(at=toy.T0, person_id="a", amount=1)))
    assert commit is not None
    assert [event["type"] for event in commit["ev"]] == ["BoxEmptied"]
    meta = commit["meta"]
    assert (meta["actor"], meta["actor_kind"], meta["person_id"], meta["pk"]) == ("toy.emptier", "process", "a", "a")
    await lab.live()
    assert await read_model(lab.service, EMPTIER) == {}


@pytest.mark.connected
async def test_a_deadline_that_an_event_took_away_does_not_fire(lab):
    await lab.filled("a")
    await send(lab.service, "a", toy.Empty(at=toy.T0, person_id="a"))
    await lab.live()
    await lab.fire()
    assert await lab.fired() == {}


@pytest.mark.connected
async def test_a_read_model_that_is_behind_fires_into_a_rule_that_knows_better(lab):
    """Emptied meanwhile, which the read model does not know yet: a repeat, and no second event."""
    await lab.filled("a")
    await send(lab.service, "a", toy.Empty(at=toy.T0, person_id="a"))
    await lab.fire()
    assert await lab.versions("a") == [3]
    assert [row["outcome"] for row in (await lab.fired()).values()] == ["accepted"]


@pytest.mark.connected
async def test_a_refused_deadline_is_answered_counted_and_not_fired_again(make_service):
    """A deadline that opens the box again: it is open."""
    lab = DeadlineLab(await make_service(definition(commands=[toy.Open])))
    await lab.filled("a")
    change = {"$set": {"command": "Open", "data": {"person_id": "a", "label": "again"}}}
    await lab.service.database[EMPTIER.id].update_one({}, change)
    counter = DEADLINES.labels("toy", "Open", "refused")
    before = counter._value.get()
    for _ in range(3):
        await lab.fire()
    assert counter._value.get() == before + 1
    assert [row["outcome"] for row in (await lab.fired()).values()] == ["refused"]


@pytest.mark.connected
async def test_one_that_fails_holds_up_no_other_and_is_tried_again_ever_more_rarely(lab):
    await lab.filled("a", "b")
    await lab.service.database[EMPTIER.id].update_one({"_id": "a"}, {"$set": {"data": {"person": "a"}}})
    await lab.fire()
    assert await lab.versions("a", "b") == [2, 3]
    failed = next(row for row in (await lab.fired()).values() if row["outcome"] == "failed")
    assert (failed["error"], failed["tries"]) == ("ValidationError", 1)
    await lab.fire(HOUR + dt.timedelta(seconds=1))
    assert (await lab.fired())[failed["_id"]]["tries"] == 1
    await lab.fire(HOUR + dt.timedelta(seconds=2))
    assert (await lab.fired())[failed["_id"]]["tries"] == 2
    await lab.service.database[EMPTIER.id].update_one({"_id": "a"}, {"$set": {"data": {"person_id": "a"}}})
    await lab.fire(HOUR + dt.timedelta(seconds=6))
    assert await lab.versions("a") == [3]


@pytest.mark.connected
async def test_many_are_fired_in_batches(lab):
    persons = [f"p{number}" for number in range(120)]
    await lab.filled(*persons)
    await lab.fire()
    assert set(await lab.versions(*persons)) == {3}
    assert len(await lab.fired()) == 120


@pytest.mark.connected
async def test_a_rebuilt_read_model_does_not_fire_again_what_was_fired(lab):
    await lab.filled("a")
    await lab.fire()
    await put(lab.service, "a", 5)
    await lab.fire()  # the document still is the first deadline's
    assert await lab.versions("a") == [4]


@pytest.mark.connected
async def test_one_scheduler_fires_and_the_next_takes_over_when_it_is_gone(lab):
    await lab.filled("a")
    first, second = lab.service.scheduler(), lab.service.scheduler()
    assert await first._lease.acquire()
    assert not await second._lease.acquire()
    lab.clock.time += HOUR
    async with in_background(second.run()):
        await asyncio.sleep(0.3)
        assert await lab.versions("a") == [2]
        await first._lease.release()
        await until(lambda: _emptied(lab))
    assert await first._lease.acquire()  # given back at the end


@pytest.mark.connected
async def test_a_scheduler_that_lost_its_lease_stops(lab):
    await lab.filled("a")
    lab.clock.time += HOUR
    zombie, other = lab.service.scheduler(), lab.service.scheduler()
    zombie._lease.seconds = 0.05
    assert await zombie._lease.acquire()
    await asyncio.sleep(0.1)
    assert await other._lease.acquire()
    with pytest.raises(LeaseLost):
        await zombie.fire_due()
    assert await lab.fired() == {}


@pytest.mark.connected
async def test_killed_before_between_and_after_it_fires_once_in_effect(make_service, settings):
    lab = DeadlineLab(await make_service(definition()))
    await lab.filled("a")
    said = await run_rounds(
        "worker_deadlines", settings, [{"point": one} for one in ("before", "between", "after", "")]
    )
    assert deaths(said) == [True, True, True, False]
    assert await lab.versions("a") == [3]
    commits = [commit["cmd"] for commit in await lab.service.store.window(0)]
    assert commits.count(cmd_of(toy.BoxFilled(at=toy.T0, person_id="a", amount=1))) == 1
    assert [row["outcome"] for row in (await lab.fired()).values()] == ["accepted"]


async def _emptied(lab: DeadlineLab) -> bool:
    return await lab.versions("a") == [3]
