"""Leases on the real server: one holder at a time, judged by the database's clock, told apart by an epoch."""

import asyncio
from collections.abc import Callable

import pytest

from shared.leases import Lease, LeaseLost
from shared.mongo import Client

pytestmark = pytest.mark.connected

SHORT = 0.6

Make = Callable[..., Lease]


@pytest.fixture
def lease(mongo: Client, database_name: str) -> Make:
    return lambda owner, seconds=10.0: Lease(mongo[database_name], "relay", owner, seconds)


async def expire() -> None:
    await asyncio.sleep(SHORT + 0.1)


async def test_one_holds_it_and_the_others_wait(lease: Make) -> None:
    first, second = lease("first"), lease("second")
    assert await first.acquire()
    assert not await second.acquire()
    assert await first.acquire()
    assert (first.epoch, second.epoch) == (1, 0)


async def test_of_many_that_ask_at_once_one_gets_it(lease: Make) -> None:
    everybody = [lease(f"owner {number}") for number in range(12)]
    got = await asyncio.gather(*(one.acquire() for one in everybody))
    assert got.count(True) == 1
    assert {one.epoch for one in everybody} == {0, 1}


async def test_when_it_has_run_out_the_next_one_takes_it_under_a_higher_epoch(lease: Make) -> None:
    first, second = lease("first", SHORT), lease("second")
    await first.acquire()
    await expire()
    assert await second.acquire()
    assert second.epoch == first.epoch + 1
    assert not await first.acquire()


async def test_one_that_slept_learns_that_it_was_taken(lease: Make) -> None:
    first, second = lease("first", SHORT), lease("second", SHORT)
    await first.acquire()
    await expire()
    await second.acquire()
    with pytest.raises(LeaseLost):
        await first.keep()
    await expire()
    assert await first.acquire()
    assert (first.epoch, second.epoch) == (3, 2)
    with pytest.raises(LeaseLost):
        await second.keep()


async def test_one_that_slept_and_was_not_missed_goes_on_under_its_epoch(lease: Make) -> None:
    first = lease("first", SHORT)
    await first.acquire()
    await expire()
    await first.keep()
    assert first.epoch == 1
    assert not await lease("second").acquire()


async def test_one_that_took_part_again_in_between_is_told_that_its_epoch_is_over(lease: Make) -> None:
    first, second = lease("first", SHORT), lease("second", SHORT)
    await first.acquire()
    await expire()
    await second.acquire()
    await second.release()
    with pytest.raises(LeaseLost):
        await first.keep()
    assert first.epoch == 3


async def test_it_is_renewed_when_half_of_the_time_has_gone(lease: Make) -> None:
    first, second = lease("first", 1.0), lease("second")
    await first.acquire()
    for _ in range(5):
        await asyncio.sleep(0.3)
        await first.keep()
        assert not await second.acquire()
    assert first.epoch == 1


async def test_before_half_of_the_time_the_database_is_not_asked(
    lease: Make, mongo: Client, database_name: str
) -> None:
    first = lease("first")
    await first.acquire()
    await mongo[database_name]["leases"].delete_many({})
    await first.keep()
    assert await mongo[database_name]["leases"].count_documents({}) == 0


async def test_one_that_gives_it_back_lets_the_next_in_at_once(lease: Make) -> None:
    first, second = lease("first"), lease("second")
    await first.acquire()
    await first.release()
    assert await second.acquire()
    assert second.epoch == 2
    await first.release()
    assert not await first.acquire()


async def test_a_lease_whose_making_was_cut_short_is_free(lease: Make, mongo: Client, database_name: str) -> None:
    await mongo[database_name]["leases"].insert_one({"_id": "relay", "owner": None, "epoch": 0})
    assert await lease("first").acquire()
    assert not await lease("second").acquire()


async def test_in_the_first_half_of_its_time_nobody_is_asked(lease: Make, mongo: Client, database_name: str) -> None:
    first = lease("first")
    await first.acquire()
    rows = mongo[database_name]["leases"]
    before = await rows.find_one({})
    assert await first.acquire()
    assert await rows.find_one({}) == before


async def test_a_lease_that_was_given_back_is_taken_anew(lease: Make) -> None:
    first, second = lease("first"), lease("second")
    await first.acquire()
    await first.release()
    assert await second.acquire()
    assert not await first.acquire()
