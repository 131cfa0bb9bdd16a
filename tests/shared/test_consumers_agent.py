"""The agent that every consumer is: how it reads ahead, acknowledges, and ends."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shared.consumers import AHEAD, consume, consumer_app
from shared.kafka import KafkaAccess
from shared.messaging import unproved
from tests.shared.toybox import until


class Stream:
    """What an agent is given: events as they are put, acknowledged by hand."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Any] = asyncio.Queue()
        self.taken, self.acked = 0, list[int]()

    def noack(self) -> "Stream":
        return self

    async def events(self) -> AsyncIterator[Any]:
        while True:
            event = await self.queue.get()
            self.taken += 1
            yield event

    async def ack(self, event: Any) -> None:
        self.acked.append(event.message.offset)

    def put(self, offset: int) -> None:
        message = SimpleNamespace(partition=0, offset=offset, key=b"")
        self.queue.put_nowait(SimpleNamespace(message=message, headers={}, value=b""))


def agent_of(tmp_path: Path, handle: Any) -> Any:
    async def unreadable(*_: Any) -> None:
        return None

    app = consumer_app("toy", KafkaAccess("nowhere:1"), tmp_path)
    consume(app, "toy.events.v1", handle, unreadable, unproved)
    [agent] = app.agents.values()
    return agent.fun


async def test_an_agent_whose_partition_goes_away_ends_in_peace_for_faust_would_call_it_a_crash(tmp_path):
    running = asyncio.create_task(agent_of(tmp_path, _nothing)(Stream()))
    await asyncio.sleep(0.01)
    running.cancel()
    assert await running is None


async def test_an_agent_that_meets_a_cancellation_of_its_own_making_does_not_end_in_peace(tmp_path):
    class Broken(Stream):
        async def events(self) -> AsyncIterator[Any]:
            raise asyncio.CancelledError
            yield

    with pytest.raises(asyncio.CancelledError):
        await agent_of(tmp_path, _nothing)(Broken())


async def test_an_agent_reads_ahead_to_a_bound_and_acknowledges_each_batch_once_it_is_handled(tmp_path):
    gate, batches = asyncio.Event(), 0

    async def handle(_: Any) -> None:
        nonlocal batches
        batches += 1
        await gate.wait()

    stream = Stream()
    running = asyncio.create_task(agent_of(tmp_path, handle)(stream))
    stream.put(0)
    await until(lambda: _true(batches))
    for offset in range(1, AHEAD + 50):
        stream.put(offset)
    await asyncio.sleep(0.1)
    assert AHEAD <= stream.taken <= AHEAD + 2
    assert (batches, stream.acked) == (1, [])
    gate.set()
    await until(lambda: _acked(stream, AHEAD + 50), 5)
    assert stream.acked == list(range(AHEAD + 50))
    running.cancel()
    await running


async def _acked(stream: Stream, count: int) -> bool:
    return len(stream.acked) == count


async def _true(value: Any) -> bool:
    return bool(value)


async def _nothing(*_: Any) -> None:
    return None
