"""Read models' workers as processes: killed in the midst of a batch, joining, leaving, coming back."""

import asyncio
import contextlib
import json
import signal
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.service import Service
from tests import toy
from tests.shared.programs import line, program
from tests.shared.rounds import environment, forget_the_dead_soon
from tests.shared.toybox import (
    fill,
    fold_of,
    in_background,
    open_box,
    opened_and_filled,
    put,
    read_model,
    some_id,
    until,
)

pytestmark = pytest.mark.connected
SESSION = 15.0
"""Seconds after which the broker gives up a member that is silent and has no name."""


class Fleet:
    """A service whose relay runs here, and whose workers are processes."""

    def __init__(self, service: Service) -> None:
        self.service = service

    @contextlib.asynccontextmanager
    async def worker(self, **wanted: Any) -> AsyncIterator[asyncio.subprocess.Process]:
        argument = json.dumps({"name": self.service.name, **wanted})
        async with program("worker_read_models", argument, env=environment(self.service.settings)) as process:
            yield process

    async def died(self, **wanted: Any) -> bool:
        """Run a worker that is to die; whether it was killed."""
        async with self.worker(**wanted) as process:
            await asyncio.wait_for(process.communicate(), 60)
            return process.returncode == -signal.SIGKILL

    async def complete(self) -> bool:
        lags = [await self.service.lag_meter().measure(one) for one in self.service.definition.projections]
        return not any(lag.events for lag in lags)

    async def is_right(self) -> bool:
        return all(
            [
                await read_model(self.service, one) == await fold_of(self.service, one)
                for one in (toy.summary, toy.heaps)
            ]
        )


@pytest.fixture
async def fleet(make_service, topic, mongo) -> AsyncIterator[Fleet]:
    await forget_the_dead_soon(mongo, 1)
    name = f"toy{some_id()[:8]}"
    topic(name)
    service = await make_service(toy.definition(name))
    await fill(service, [opened_and_filled(some_id(), 1, 2, 1) for _ in range(60)])
    async with in_background(service.relay(same_process=True).run()):
        yield Fleet(service)


async def test_killed_amid_and_after_a_write_the_read_model_is_the_fold_of_the_log(fleet):
    for point in ("amid", "after"):
        await open_box(fleet.service, 3)
        assert await fleet.died(at=1, point=point, instance="one")
    async with fleet.worker(instance="one"):
        await until(fleet.complete, 60)
    assert await fleet.is_right()


async def test_a_restarted_worker_with_a_name_goes_on_at_once_and_not_when_its_session_has_run_out(fleet):
    async with fleet.worker(instance="one") as first:
        await until(fleet.complete, 60)
        first.kill()
        await first.wait()
        started = time.monotonic()
        await open_box(fleet.service, 3)
        async with fleet.worker(instance="one"):
            await until(fleet.complete, 60)
        assert time.monotonic() - started < SESSION - 3


async def test_workers_join_one_is_killed_and_one_leaves_while_events_flow(fleet):
    persons: list[str] = []

    async def writing() -> None:
        while True:
            persons.append(await open_box(fleet.service, 1))
            await put(fleet.service, persons[len(persons) // 2], 2)
            await asyncio.sleep(0.02)

    async with contextlib.AsyncExitStack() as later, fleet.worker(instance="one") as first:
        async with in_background(writing()):
            async with fleet.worker(instance="two", at=3, point="amid") as second:
                assert await asyncio.wait_for(second.wait(), 60) == -signal.SIGKILL
            await later.enter_async_context(fleet.worker(instance="two"))
            async with fleet.worker() as third:
                assert "flush" in await line(third)
                third.terminate()
                await asyncio.wait_for(third.wait(), 20)
        await until(fleet.complete, 60)
        assert first.returncode is None
    assert await fleet.is_right()
