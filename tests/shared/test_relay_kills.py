"""Relays that are killed or frozen at chosen points, alone and beside others: duplicates, and nothing worse."""

import asyncio
import signal
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from uuid import uuid4

import pytest

from deploy.local.stack import Stack
from shared.event_store import MongoEventStore
from shared.kafka import KafkaAccess
from tests.programs.relay_run import WINDOW
from tests.shared.programs import program
from tests.shared.relaying import Line, environment, in_background

pytestmark = pytest.mark.connected

Started = AbstractAsyncContextManager[Process]
Run = Callable[..., Started]

POINTS = {
    "before it sends": "read",
    "while it sends": "sending",
    "before its checkpoint moves": "sent",
    "after": "moved",
}


@pytest.fixture
def line(mongo_store: MongoEventStore, kafka: KafkaAccess, topic: Callable[[str], str]) -> Line:
    service = f"toy{uuid4().hex[:8]}"
    topic(service)
    return Line(service, mongo_store, kafka)


@pytest.fixture
def run(line: Line, stack: Stack) -> Run:
    """Starts a relay in a process of its own."""
    env = environment(stack, line.kafka)

    def start(point: str = "never", window: int = 0, number: signal.Signals = signal.SIGKILL) -> Started:
        where = (line.store.database.name, line.service)
        return program("relay_run", *where, point, str(window), number.name, env=env)

    return start


@pytest.mark.parametrize("when", POINTS)
async def test_killed(line: Line, run: Run, when: str) -> None:
    await line.append(6 * WINDOW)
    async with run(POINTS[when], 3) as relay:
        assert await asyncio.wait_for(relay.wait(), 60) == -signal.SIGKILL
    assert await line.position() == {"after": 3 * WINDOW}.get(when, 2 * WINDOW)
    await line.append(5)
    await line.catch_up()
    found = await line.check()
    assert bool(found.duplicates) is (when in {"while it sends", "before its checkpoint moves"})


async def test_killed_again_and_again_at_every_window(line: Line, run: Run) -> None:
    await line.append(3 * WINDOW)
    for _ in range(2):
        async with run("sent", 1) as relay:
            await asyncio.wait_for(relay.wait(), 60)
        assert await line.position() == 0
    await line.catch_up()
    assert (await line.check()).duplicates > 0


async def test_two_at_once_of_which_the_sending_one_is_killed(line: Line, run: Run) -> None:
    await line.append(4 * WINDOW)
    async with AsyncExitStack() as running:
        relays = [await running.enter_async_context(run()) for _ in range(2)]
        by_owner = {f"{line.service}-{relay.pid}": relay for relay in relays}
        await line.caught_up()
        assert (await line.check()).duplicates == 0
        first = await line.owner()
        by_owner[first].kill()
        await line.append(4 * WINDOW)
        await line.caught_up()
        assert await line.owner() in by_owner.keys() - {first}
    await line.check()


@pytest.mark.parametrize("when", POINTS)
async def test_frozen_until_another_has_taken_its_lease_and_gone_on(line: Line, run: Run, when: str) -> None:
    await line.append(4 * WINDOW)
    async with run(POINTS[when], 2, signal.SIGSTOP) as frozen:
        await line.reaches(WINDOW)
        async with in_background(line.relay("the next one")):
            await line.caught_up()
            assert await line.owner() == "the next one"
            before = await line.check()
            frozen.send_signal(signal.SIGCONT)
            await line.append(2 * WINDOW)
            await line.caught_up()
            await asyncio.sleep(1)
            assert await line.owner() == "the next one"
            assert frozen.returncode is None
    sent_late = (await line.check()).duplicates - before.duplicates
    # It woke with a window in its hand, and sent it though it was no longer its turn: its own writes hold it back only
    # where it asks the database.
    assert {"before it sends": sent_late > 0, "after": sent_late == 0}.get(when, sent_late >= 0)
