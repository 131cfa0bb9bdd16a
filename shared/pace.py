"""How fast and in how large steps jobs go that read the log beside those who work on it."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from shared.event_store.protocol import WINDOW

LOOK = 0.5
"""Seconds between two looks at what was asked of a job."""
FIRST = 2_000
"""Entries of a first step, of which nobody knows yet what they cost."""
STEP = 2.0
"""Seconds that a step should take: a transaction of MongoDB has sixty, others have ten."""
LEAST = 100
READ_FIRST = 100
"""Commits of the first read, which shows how many events they hold."""
EVENTS = 2_000
"""What one read aims at: commits of many events are read fewer at a time, so that no read takes much memory."""


class Pace:
    """So many events a second (0: as fast as possible), and so many commits at once."""

    def __init__(self, limit: float) -> None:
        self._last = time.monotonic()
        self.at_once = READ_FIRST
        """How many commits to read next; under a limit few, so that none of them waits for long."""
        self.go(limit)

    def go(self, limit: float) -> None:
        """From now on at so many events a second, in the middle of a wait, too."""
        self._limit = limit
        self._most = min(WINDOW, max(1, int(limit * LOOK))) if limit else WINDOW
        self.at_once = min(self.at_once, self._most)

    async def keep(self, commits: int, events: int, disturbed: Callable[[], Awaitable[bool]]) -> None:
        """Wait for as long as so many events may take, or until disturbed."""
        self.at_once = min(max(1, EVENTS * commits // max(events, 1)), self._most)
        while self._limit and not await disturbed():
            rest = self._last + (events / self._limit if self._limit else 0) - time.monotonic()
            if rest <= 0:
                break
            await asyncio.sleep(min(rest, LOOK))
        self._last = time.monotonic()


class Stride:
    """How many entries go together: as many as a few seconds carry, whatever each weighs or its indexes cost."""

    def __init__(self, most: int, seconds: float = STEP) -> None:
        self._most = most
        self._seconds = seconds
        self.entries = min(FIRST, most)

    def took(self, entries: int, seconds: float) -> None:
        """A step has been made; the next is twice as long at most."""
        if entries:
            fits = int(entries * self._seconds / max(seconds, 0.001))
            self.entries = min(max(fits, LEAST), max(2 * self.entries, LEAST), self._most)
