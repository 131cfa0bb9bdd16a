"""States of streams as they were folded a moment ago: what follows is folded onto them, and nothing is trusted."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

SECONDS: Final = 30.0
"""Shorter than keys are remembered: nothing is readable here for longer than it is anywhere."""
EVENTS: Final = 50_000
"""How many events the states that are held were folded from, together: a bound of memory that needs no measuring."""


@dataclass(frozen=True)
class Folded:
    """A state, the version it stands at (the last of a commit), and the partition key of its stream."""

    state: Any
    version: int
    pk: str


class States:
    """The least recently used go first. A state is never changed in place: deciders only compute."""

    def __init__(self, seconds: float = SECONDS, events: int = EVENTS) -> None:
        self._seconds = seconds
        self._most = events
        self._held: OrderedDict[str, tuple[Folded, float]] = OrderedDict()
        self._events = 0

    def get(self, stream: str) -> Folded | None:
        """What is known of a stream, unless it is too old."""
        found = self._held.get(stream)
        if found is None:
            return None
        folded, until = found
        if time.monotonic() >= until:
            self._drop(stream)
            return None
        self._held.move_to_end(stream)
        return folded

    def put(self, stream: str, folded: Folded) -> None:
        """Remember a state. Its age counts from the first time, so that none is kept alive by being used."""
        before = self._held.get(stream)
        until = before[1] if before and time.monotonic() < before[1] else time.monotonic() + self._seconds
        self._drop(stream)
        self._held[stream] = (folded, until)
        self._events += folded.version
        while self._held and (self._events > self._most or self._oldest_is_old()):
            self._drop(next(iter(self._held)))

    def _oldest_is_old(self) -> bool:
        """Nobody asks any more for what an import has passed: it must not wait for a bound to be reached."""
        return time.monotonic() >= next(iter(self._held.values()))[1]

    def _drop(self, stream: str) -> None:
        if found := self._held.pop(stream, None):
            self._events -= found[0].version
