"""A poisoned event of a projection: its key waits, the others flow, and a resume or a skip repairs it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.projections.documents import AnyProjection
from shared.projections.projector import Projector
from shared.projections.refold import resume
from shared.projections.working_set import WorkingSet
from shared.projections.writes import Collision
from shared.service import Service
from tests import toy
from tests.shared.toybox import box, cursor, fill, fold_of, log_of, opened_and_filled, put, read_model

pytestmark = pytest.mark.connected


class Sick:
    """A service with a fragile projection and one poisoned box among others, folded."""

    def __init__(self, service: Service, fragile: toy.Fragile, projection: Any) -> None:
        self.service, self.fragile, self.tally = service, fragile, projection
        self.projector = service.projector([toy.summary, projection])
        self.projector._patience = 0.0

    async def parked(self) -> dict[str, Any]:
        return {row["stream"]: row for row in await self.service.parking.rows()}


@pytest.fixture
async def sick(make_service) -> Sick:
    fragile = toy.Fragile()
    projection = fragile.projection()
    found = Sick(await make_service(toy.definition(projections=[toy.summary, projection])), fragile, projection)
    await fill(found.service, [opened_and_filled(name, 1, toy.POISON, 2) for name in ("sick", "ill")])
    await fill(found.service, [opened_and_filled("sound", 1, 2)])
    await found.projector.apply(await log_of(found.service))
    return found


async def test_a_poisoned_key_waits_and_all_others_flow(sick):
    rows = await sick.parked()
    assert set(rows) == {box("sick"), box("ill")}
    assert {row["error"] for row in rows.values()} == {"ZeroDivisionError"}
    await put(sick.service, "sick", 5)
    await put(sick.service, "sound", 5)
    await sick.projector.apply((await log_of(sick.service))[-2:])
    assert await cursor(sick.service, "sick", sick.tally) == 2
    assert await read_model(sick.service, toy.summary) == await fold_of(sick.service, toy.summary)
    assert (await read_model(sick.service, sick.tally))["sound"] == toy.Tally(total=8)


async def test_a_resume_after_the_mend_repairs_the_key(sick):
    row = (await sick.parked())[box("sick")]
    assert not await resume(sick.projector, row)
    assert box("sick") in await sick.parked()
    sick.fragile.mended = True
    assert await resume(sick.projector, row)
    assert set(await sick.parked()) == {box("ill")}
    assert await cursor(sick.service, "sick", sick.tally) == 4
    assert (await read_model(sick.service, sick.tally))["sick"] == toy.Tally(total=1 + toy.POISON + 2)


async def test_a_skip_leaves_out_the_failing_event_alone(sick):
    await put(sick.service, "sick", 5)
    assert await resume(sick.projector, (await sick.parked())[box("sick")], skip=True)
    assert (await read_model(sick.service, sick.tally))["sick"] == toy.Tally(total=1 + 2 + 5)


async def test_a_skip_asked_twice_or_by_two_workers_skips_once_and_folds_nothing_twice(sick):
    row = (await sick.parked())[box("sick")]
    results = await asyncio.gather(*(resume(sick.projector, row, skip=True) for _ in range(2)), return_exceptions=True)
    assert all(one is True or isinstance(one, Collision) for one in results), results
    await resume(sick.projector, row, skip=True)
    assert (await read_model(sick.service, sick.tally))["sick"] == toy.Tally(total=3)
    assert await cursor(sick.service, "sick", sick.tally) == 4


async def test_a_skip_of_an_earlier_event_does_not_skip_the_one_that_fails_now(sick):
    stale = (await sick.parked())[box("sick")]
    await put(sick.service, "sick", toy.POISON, 3)
    assert not await resume(sick.projector, stale, skip=True)
    assert not await resume(sick.projector, stale, skip=True)
    assert (await sick.parked())[box("sick")]["version"] == 5
    assert await cursor(sick.service, "sick", sick.tally) == 4
    assert (await read_model(sick.service, sick.tally))["sick"] == toy.Tally(total=1 + 2)


class LateFlush(WorkingSet):
    """Writes late: an event comes before it."""

    came: Callable[[], Awaitable[None]] | None = None

    async def flush(self) -> None:
        if came := LateFlush.came:
            LateFlush.came = None
            await came()
        await super().flush()


class LateProjector(Projector):
    def working_set(self, only: AnyProjection | None = None, *, anew: bool = False) -> WorkingSet:
        projections = self.projections if only is None else [only]
        return LateFlush(self._client, self.database, projections, self._documents, anew=anew)


async def test_what_the_live_worker_left_aside_during_a_resume_is_folded(sick):
    """The event is stored after the resume has read the stream, and delivered while the key is still parked."""
    service = sick.service
    sick.fragile.mended = True

    async def one_comes() -> None:
        await put(service, "sick", 7)
        await sick.projector.apply((await log_of(service))[-1:])

    LateFlush.came = one_comes
    late = LateProjector(
        service.name,
        sick.projector.projections,
        service.client,
        service.database,
        service.store,
        service.codec,
        service.documents,
        service.clock,
    )
    assert await resume(late, (await sick.parked())[box("sick")])
    assert LateFlush.came is None
    assert (await read_model(service, sick.tally))["sick"] == toy.Tally(total=1 + toy.POISON + 2 + 7)
    assert await cursor(service, "sick", sick.tally) == 5
