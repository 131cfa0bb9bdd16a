"""How a relay learns that there is something to do. A wake-up is never the source of data: one may be missed."""

import asyncio
import contextlib
from typing import Protocol

from shared.mongo import Collection, PyMongoError


class WakeUp(Protocol):
    """Something to wait for."""

    async def wait(self, seconds: float) -> None:
        """Return when something was appended, or after this time."""
        ...


class LocalSignal:
    """For a relay in the writer's own process: called after each append."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def __call__(self) -> None:
        self._event.set()

    async def wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # not wait_for: a signal at the same moment would swallow a cancel
                await self._event.wait()
        self._event.clear()


class ChangeStream:
    """For a relay in a process of its own: the database says that the log grew."""

    def __init__(self, commits: Collection) -> None:
        self._commits = commits

    async def wait(self, seconds: float) -> None:
        try:
            async with self._commits.watch([], max_await_time_ms=int(seconds * 1000)) as stream:
                await stream.try_next()
        except PyMongoError:
            await asyncio.sleep(seconds)
