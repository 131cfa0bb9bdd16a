"""A throttle for jobs that read the log beside those who work on it."""

import asyncio
import time

from shared.event_store.protocol import WINDOW


class Pace:
    """A throttle in events/s (0: none)."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._last = time.monotonic()
        self.at_once = min(WINDOW, max(1, int(limit))) if limit else WINDOW

    async def keep(self, events: int) -> None:
        """Wait for as long as so many events may take."""
        if self._limit:
            await asyncio.sleep(max(0.0, events / self._limit - (time.monotonic() - self._last)))
            self._last = time.monotonic()
