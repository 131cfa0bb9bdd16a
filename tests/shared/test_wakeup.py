"""Wake-ups: soon when something was appended, late when nothing was, and never the source of data."""

import asyncio
import time

import pytest

from shared.event_store import MongoEventStore
from shared.mongo import connect
from shared.testing.store_cases.kit import draft
from shared.wakeup import ChangeStream, LocalSignal, WakeUp


async def waited(wake: WakeUp, seconds: float) -> float:
    started = time.monotonic()
    await wake.wait(seconds)
    return time.monotonic() - started


async def test_a_signal_given_before_the_wait_is_not_lost() -> None:
    signal = LocalSignal()
    signal()
    signal()
    assert await waited(signal, 5) < 0.1
    assert await waited(signal, 0.05) >= 0.05


async def test_a_signal_ends_a_wait() -> None:
    signal = LocalSignal()
    asyncio.get_running_loop().call_later(0.05, signal)
    assert 0.04 < await waited(signal, 5) < 1


async def test_a_wait_that_is_cancelled_ends_also_where_a_signal_comes_at_the_same_moment() -> None:
    signal = LocalSignal()
    waiting = asyncio.create_task(signal.wait(5))
    await asyncio.sleep(0)
    signal()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


@pytest.mark.connected
async def test_an_append_of_another_process_ends_a_wait(mongo_store: MongoEventStore) -> None:
    wake = ChangeStream(mongo_store.log.commits)
    await mongo_store.append(draft())
    waiting = asyncio.create_task(waited(wake, 10))
    await asyncio.sleep(0.5)  # until it looks
    await mongo_store.append(draft("box:2"))
    assert await waiting < 5


@pytest.mark.connected
async def test_without_an_append_a_wait_ends_after_its_time(mongo_store: MongoEventStore) -> None:
    await mongo_store.append(draft())
    assert 0.2 < await waited(ChangeStream(mongo_store.log.commits), 0.3) < 5


async def test_without_a_database_a_wait_ends_after_its_time() -> None:
    client = connect("mongodb://127.0.0.1:1/?directConnection=true", serverSelectionTimeoutMS=50)
    assert 1.5 <= await waited(ChangeStream(client["nowhere"]["commits"]), 1.5) < 5
    client.close()
