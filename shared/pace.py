"""A throttle for jobs that read the log beside those who work on it."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from shared.event_store.protocol import WINDOW

LOOK = 0.5
"""Seconds between two looks at what was asked of a job."""


class Pace:
    """So many events a second (0: as fast as possible)."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._last = time.monotonic()
        self.at_once = min(WINDOW, max(1, int(limit * LOOK))) if limit else WINDOW
        """How many commits to read at once, so that none of them waits for long."""

    async def keep(self, events: int, disturbed: Callable[[], Awaitable[bool]]) -> None:
        """Wait for as long as so many events may take, or until disturbed."""
        if not self._limit:
            return
        until = self._last + events / self._limit
        while not await disturbed():
            rest = until - time.monotonic()
            if rest <= 0:
                break
            await asyncio.sleep(min(rest, LOOK))
        self._last = time.monotonic()
