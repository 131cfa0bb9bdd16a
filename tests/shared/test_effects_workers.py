"""Several workers at one effect: dead ones, slow ones, zombies. Nobody sends twice."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from shared.effects import NotAccepted
from tests import toy
from tests.shared.world import SETTLED, EffectLab

pytestmark = pytest.mark.connected


@pytest.fixture
async def lab(make_service) -> EffectLab:
    return await EffectLab.of(await make_service(toy.definition()))


async def test_two_workers_at_once_send_once(lab):
    assert await asyncio.gather(*(lab.handle() for _ in range(4))) == ["done"] * 4
    assert lab.world.taken == {lab.identity: 1}


async def test_a_slow_world_does_not_make_its_worker_look_dead(lab):
    """Sending takes far longer than a dead worker is waited for; the world would say: not taken yet."""
    lab.world.slow = SETTLED * 3
    assert await asyncio.gather(lab.handle(), lab.handle()) == ["done", "done"]
    assert lab.world.taken == {lab.identity: 1}
    assert lab.world.asked == 0


async def died(lab: EffectLab, *, taken: bool) -> None:
    """A worker has claimed, begun, perhaps sent, and was killed."""
    dead = lab.handler()
    await dead._begin(await dead._row(f"{lab.event.stored['id']}|welcome"), possible_duplicate=False)
    lab.world.taken.update([lab.identity] * taken)


@pytest.mark.parametrize("taken", [True, False])
async def test_after_a_death_several_workers_find_out_together_and_send_at_most_once(lab, taken):
    await died(lab, taken=taken)
    assert await asyncio.gather(*(lab.handle() for _ in range(3))) == ["done"] * 3
    assert lab.world.taken == {lab.identity: 1}


async def test_a_dead_worker_is_judged_by_the_databases_clock_not_by_ones_own(lab):
    """A demo moves its clocks by days: nobody is dead because of that."""
    await died(lab, taken=False)

    class Tomorrow:
        def now(self) -> dt.datetime:
            return dt.datetime.now(dt.UTC) + dt.timedelta(days=1)

    lab.service.clock = Tomorrow()
    handling = asyncio.create_task(lab.handle())
    await asyncio.sleep(SETTLED / 2)
    assert (lab.world.asked, handling.done()) == (0, False)
    assert await handling == "done"


class SlowRows:
    """The ledger's collection, seen by a worker that is suspended once its first update is written."""

    def __init__(self, rows: Any, seconds: float) -> None:
        self._rows, self._seconds = rows, seconds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rows, name)

    async def update_one(self, *args: Any) -> Any:
        result = await self._rows.update_one(*args)
        seconds, self._seconds = self._seconds, 0.0
        await asyncio.sleep(seconds)
        return result


async def test_a_worker_suspended_before_it_sends_finds_that_another_took_over(lab):
    zombie = lab.handler()
    zombie._rows = SlowRows(zombie._rows, SETTLED * 3)
    results = await asyncio.gather(zombie.handle(lab.event), lab.handle())
    assert results == ["done", "done"]
    assert lab.world.taken == {lab.identity: 1}


async def test_a_worker_that_lost_its_row_while_sending_stops(lab):
    """Another took over (this one had been silent): it must not go on to the end."""
    lab.world.slow = SETTLED * 2
    handling = asyncio.create_task(lab.handle())
    await asyncio.sleep(SETTLED / 8)
    await lab.service.database["effects"].update_one({}, {"$inc": {"tries": 1}})
    lab.world.slow = 0.0
    assert await handling == "done"
    assert lab.world.taken == {lab.identity: 1}


async def test_a_zombies_refusal_does_not_open_what_another_worker_has_begun(lab):
    lab.world.plan = [("before", NotAccepted())]
    zombie = lab.handler()
    rows = zombie._rows

    class TakenOver(SlowRows):
        async def update_one(self, guard: Any, change: Any) -> Any:
            if change == {"$set": {"state": "claimed"}}:
                await rows.update_one({}, {"$inc": {"tries": 1}})
            return await rows.update_one(guard, change)

    zombie._rows = TakenOver(rows, 0)
    with pytest.raises(NotAccepted):
        await zombie.handle(lab.event)
    assert (await lab.row())["state"] == "sending"
