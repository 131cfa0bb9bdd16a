"""A rebuild that is killed goes on from its last flush; its memory stays flat however long the log is."""

from dataclasses import replace

import pytest

from shared.service import Service
from tests import toy
from tests.scale import sized
from tests.shared.rounds import deaths, forget_the_dead_soon, run_rounds
from tests.shared.toybox import fill, fold_of, opened_and_filled, read_model

pytestmark = pytest.mark.connected
V2 = (replace(toy.summary, version=2), replace(toy.heaps, version=2))
EVENTS = sized(20_000, 200_000)
DEATHS = ((1, "before"), (1, "amid"), (1, "after"), (2, "before"), (1, "after"))
"""The flush of a round, counted from its start, at which it dies; there are two to be done."""


@pytest.fixture
async def service(make_service) -> Service:
    return await make_service(toy.definition())


async def test_killed_before_amid_and_after_a_flush_it_goes_on_and_folds_nothing_twice(service, settings, mongo):
    await forget_the_dead_soon(mongo, 1)
    await fill(service, [opened_and_filled(f"p{number}", 1, 2, 1) for number in range(1100)])
    rounds = [{"at": at, "point": point, "bound": 400} for at, point in DEATHS]
    said = await run_rounds("worker_rebuild", settings, [*rounds, {"bound": 400}])
    assert deaths(said) == [True] * len(DEATHS) + [False]
    assert said[-2] == {"position": 1100}
    for projection in V2:
        assert await read_model(service, projection) == await fold_of(service, projection)


async def test_the_memory_of_a_rebuild_is_flat(service, settings):
    await fill(service, [opened_and_filled(f"p{number}", *[1] * 4) for number in range(EVENTS // 5)])
    said = await run_rounds("worker_rebuild", settings, [{"bound": EVENTS // 10}])
    flushes = [one for one in said if "flush" in one]
    assert len(flushes) >= 4
    # A window of a thousand commits may come on top: a cursor and two documents each.
    assert max(one["entries"] for one in flushes) <= EVENTS // 10 + 3 * 1000
    full = [one for one in flushes if one["entries"] >= EVENTS // 10]  # steps begin short
    assert len(full) >= 4
    settled, last = full[1]["rss"], full[-1]["rss"]
    print(f"{EVENTS:,} events: {settled // 1024} MiB after two full flushes, {last // 1024} MiB after {len(full)}")
    assert last < settled * 1.15
