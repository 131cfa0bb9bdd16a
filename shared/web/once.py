"""What may be done once, or by one at a time: whoever counts first has it."""

import datetime as dt

from shared.clock import Clock
from shared.web.limits import Counters


class Once:
    """Gives each key to the first who asks for it, for a time."""

    def __init__(self, counters: Counters, clock: Clock) -> None:
        self._counters = counters
        self._clock = clock

    async def take(self, key: str, lasts: dt.timedelta) -> bool:
        """Whether the key is the caller's, for as long or until he gives it back."""
        return await self._counters.add(f"once|{key}", self._clock.now() + lasts) == 1

    async def give_back(self, key: str) -> None:
        """The next one may have it."""
        await self._counters.forget(f"once|{key}")
