"""Which version of a read model readers see: one document, flipped in one write."""

import asyncio
from dataclasses import replace

import pytest

from shared.projections import pointers as module
from shared.projections.pointers import Pointers
from tests import toy

pytestmark = pytest.mark.connected
V1 = toy.summary
V2 = replace(toy.summary, version=2)
V3 = replace(toy.summary, version=3)


@pytest.fixture
def database(mongo, settings):
    return mongo[settings.mongo_database]


@pytest.fixture
def pointers(database) -> Pointers:
    return Pointers(database)


async def test_a_projection_that_never_had_a_pointer_starts_with_its_own_version(pointers):
    assert await pointers.first(V2) == 2
    assert await pointers.first(V3) == 2
    assert await pointers.live(V3) == "toy_summary__v2"


async def test_several_processes_that_start_at_once_agree_on_the_first_version(database):
    every = [Pointers(database) for _ in range(8)]
    found = await asyncio.gather(*(one.first(replace(V1, version=number)) for number, one in enumerate(every, 1)))
    assert len(set(found)) == 1


async def test_a_flip_and_a_roll_back_are_seen_at_once_here_and_soon_elsewhere(pointers, database):
    elsewhere = Pointers(database)
    assert await pointers.live(V1) == await elsewhere.live(V1) == "toy_summary__v1"
    assert await pointers.flip(V2)
    assert await pointers.live(V1) == "toy_summary__v2"
    await asyncio.sleep(module.CACHE_SECONDS + 0.05)
    assert await elsewhere.live(V1) == "toy_summary__v2"
    assert await pointers.roll_back(V1.name)
    assert await pointers.live(V2) == "toy_summary__v1"


async def test_a_flip_to_what_is_live_changes_nothing(pointers):
    await pointers.flip(V2) or await pointers.first(V2)
    assert not await pointers.flip(V2)


async def test_of_two_flips_at_once_one_comes_second_and_rolls_back_to_the_first_or_changes_nothing(pointers):
    await pointers.first(V1)
    flipped = await asyncio.gather(pointers.flip(V2), pointers.flip(V3))
    row = await pointers._rows.find_one({"_id": V1.name})
    assert any(flipped)
    assert row["previous"] == (1 if flipped.count(True) == 1 else 5 - row["version"])


async def test_without_a_flip_there_is_nothing_to_roll_back_to(pointers):
    assert not await pointers.roll_back(V1.name)
    await pointers.first(V1)
    assert not await pointers.roll_back(V1.name)
