"""A new version beside the live one, on the real broker: filled while events flow, compared, flipped, rolled back."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import pytest

from shared.comparison import Comparison, compare
from shared.effects import Effect
from shared.projections.documents import AnyProjection
from shared.rebuild import Rebuild
from shared.service import Service
from shared.service.joining import join_release
from shared.service.worker import run_worker
from tests import toy
from tests.shared.toybox import (
    fill,
    fold_of,
    in_background,
    log_of,
    open_box,
    opened_and_filled,
    put,
    read_model,
    some_id,
    until,
)

pytestmark = pytest.mark.connected
V1 = (toy.summary, toy.heaps)
V2 = tuple(replace(one, version=2) for one in V1)


@dataclass
class Releases:
    """Two releases of one service on one database and one topic."""

    old: Service
    new: Service
    mails: list[str]

    async def behind(self, *projections: AnyProjection) -> bool:
        lags = [await self.new.lag_meter().measure(one) for one in projections]
        return any(lag.events for lag in lags)

    async def caught_up(self) -> None:
        async def all_folded() -> bool:
            return not await self.behind(*V1, *V2)

        await until(all_folded)

    async def compared(self) -> list[Comparison]:
        pairs = zip(V1, V2, strict=True)
        return [await compare(self.new.database, self.new.documents, one, other) for one, other in pairs]


@pytest.fixture
async def releases(make_service, topic) -> Releases:
    name, mails = f"toy{some_id()[:8]}", []
    topic(name)

    async def mail(event: Any, message_id: str) -> None:
        mails.append(message_id)

    async def was_accepted(message_id: str) -> bool:
        return message_id in mails

    welcome = Effect("welcome", toy.BoxOpened, mail, was_accepted)
    old = await make_service(toy.definition(name, V1, effects=[welcome]))
    new = await make_service(toy.definition(name, V2, release=2, effects=[welcome]))
    return Releases(old, new, mails)


async def writing(service: Service, persons: list[str]) -> None:
    """Open and fill boxes for ever."""
    while True:
        persons.append(await open_box(service, 1))
        await put(service, persons[len(persons) // 2], 2)
        await asyncio.sleep(0.01)


async def test_filled_while_events_flow_compared_flipped_and_rolled_back_without_a_difference(releases):
    old, new, persons = releases.old, releases.new, list[str]()
    await fill(old, [opened_and_filled(some_id(), 1, 2) for _ in range(50)])
    async with in_background(old.relay(same_process=True).run(), run_worker(old), run_worker_later(new, persons)):
        async with in_background(writing(old, persons)):
            await until(lambda: _more(persons, 50))
        await releases.caught_up()
        assert [one.equal for one in await releases.compared()] == [True, True]

        for projection in V2:
            assert await new.pointers.flip(projection)
        await put(old, persons[0], 3, 3)
        await releases.caught_up()
        for projection in V2:
            assert await new.pointers.live(projection) == projection.id
            assert await read_model(new, projection) == await fold_of(new, projection)

        for projection in V1:
            assert await new.pointers.roll_back(projection.name)
        await put(old, persons[0], 4)
        await releases.caught_up()
        for projection in V1:
            assert await new.pointers.live(projection) == projection.id
            assert await read_model(new, projection) == await fold_of(new, projection)
        boxes = [one for one in await log_of(new) if one.stored["type"] == "BoxOpened"]
        await until(lambda: _more(releases.mails, len(boxes)))
    assert len(set(releases.mails)) == len(releases.mails) == len(boxes)


async def run_worker_later(service: Service, persons: list[str]) -> None:
    """When some events have flowed."""
    await until(lambda: _more(persons, 10))
    await run_worker(service)


async def test_a_rebuild_never_runs_an_effect(releases):
    await fill(releases.old, [opened_and_filled(some_id(), 1) for _ in range(20)])
    service = releases.new
    rebuild = Rebuild(service.projector(V2), service.store, service.database, service.clock)
    before = set(await service.database.list_collection_names())
    for _ in range(2):
        await rebuild.fill()
        await rebuild.restart()
    assert releases.mails == []
    written = set(await service.database.list_collection_names()) - before
    assert written <= {"cursors", "rebuilds", V2[0].id, V2[1].id}


async def test_a_new_release_fills_what_the_last_one_had_not_yet_read(releases):
    """The old workers stopped early; summary grows a version, heaps does not, and both are complete."""
    both = (V2[0], toy.heaps)
    release = Service(toy.definition(releases.old.name, both, release=2), releases.old.settings)
    await fill(release, [opened_and_filled(some_id(), 1) for _ in range(10)])
    async with in_background(releases.old.relay(same_process=False).run()):
        await until(lambda: _relayed(release))
    await join_release(release, release.projector(both))
    for projection in both:
        assert await read_model(release, projection) == await fold_of(release, projection)
    await release.close()


async def _more(persons: list[str], count: int) -> bool:
    return len(persons) >= count


async def _relayed(service: Service) -> bool:
    row = await service.database["relay_checkpoints"].find_one({"_id": "relay"})
    return bool(row and row["position"] == 10)
