"""Tries counted: the same cases in memory and on a real server."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator

import pytest

from deploy.local.stack import Stack
from shared.mongo import connect
from shared.sign_in.stores import MemoryTries, MongoTries, TriesStore
from shared.sign_in.tries import Policy, Tries
from tests.shared.sign_in.times import NOW


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.connected)])
async def tries(request: pytest.FixtureRequest) -> AsyncIterator[TriesStore]:
    if request.param == "memory":
        yield MemoryTries()
        return
    stack: Stack = request.getfixturevalue("stack")  # asked for here, so that memory needs none
    client = connect(stack.mongo_url())
    name = f"tries_{uuid.uuid4().hex[:12]}"
    found = MongoTries(client[name])
    await found.prepare()
    yield found
    await client.drop_database(name)
    client.close()


async def test_tries_are_swapped_by_one_at_a_time(tries: TriesStore) -> None:
    one = Tries(count=1, first_at=NOW, last_at=NOW)
    two = Tries(count=2, first_at=NOW, last_at=NOW + dt.timedelta(seconds=1))
    end = NOW + dt.timedelta(days=3650)
    assert await tries.load("gate") == Tries()
    assert not await tries.swap("gate", one, two, end)
    assert await tries.swap("gate", Tries(), one, end)
    assert not await tries.swap("gate", Tries(), one, end)
    assert await tries.swap("gate", one, two, end)
    assert await tries.load("gate") == two
    assert await tries.load("another") == Tries()
    await tries.clear("gate")
    assert await tries.load("gate") == Tries()


async def test_one_more_in_the_window_that_runs_and_one_less(tries: TriesStore) -> None:
    hour = dt.timedelta(hours=1)
    policy, later = Policy(failures=3, window=hour), NOW + dt.timedelta(minutes=1)
    assert not await tries.add("gate", policy, NOW), "no window runs"
    await tries.give_back("gate")
    assert await tries.load("gate") == Tries()
    await tries.swap("gate", Tries(), Tries(count=1, first_at=NOW, last_at=NOW), NOW + dt.timedelta(days=3650))
    added = await asyncio.gather(*(tries.add("gate", policy, later) for _ in range(5)))
    assert sum(added) == 2
    assert await tries.load("gate") == Tries(count=3, first_at=NOW, last_at=later)
    await tries.give_back("gate")
    assert (await tries.load("gate")).count == 2
    assert not await tries.add("gate", policy, NOW + hour), "the window has passed"
