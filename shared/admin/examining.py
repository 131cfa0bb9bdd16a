"""A whole log held against the declared lifecycles: read a while at a time, kept while somebody asks."""

import asyncio
import hashlib
import os
import time
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from shared.envelope import Recorded
from shared.event_store.protocol import WINDOW
from shared.kernel import Event
from shared.lifecycles import Conformance, Lifecycles
from shared.personal_data import personal_fields

if TYPE_CHECKING:
    from shared.service.running import Service

SECONDS: Final = 3.0
"""How long one request may read on."""
KEPT_SECONDS: Final = 900.0
"""An examination nobody asks for any more is forgotten: of a million lives it holds some hundred MB."""
_NAME_BYTES: Final = 16


class Examination:
    """A log as far as it was read."""

    def __init__(self, lifecycles: Lifecycles, until: int | None = None) -> None:
        self.conformance = Conformance(lifecycles)
        self.until = until
        """The last position that counts; None: the head."""
        self.position = 0
        self.head = 0
        self._names: dict[bytes, str] = {}
        self._key = os.urandom(_NAME_BYTES)

    @property
    def complete(self) -> bool:
        """Whether all that counts was read."""
        return self.position >= self.head

    async def read_on(self, service: "Service", seconds: float) -> None:
        """Read until the head of this moment, or as far as one gets in this time."""
        head = (await service.store.head()).position
        self.head = head if self.until is None else min(self.until, head)
        deadline = time.monotonic() + seconds
        while not self.complete and time.monotonic() < deadline:
            commits = await service.store.window(self.position, min(WINDOW, self.head - self.position))
            for entry in await service.codec.decode(commits):
                self._tell(entry)
            self.position = commits[-1]["_id"]

    def streams(self, name: str) -> Iterator[str]:
        """The stream that was known under this name; whether it still is, its events say."""
        found = self._names.get(self._hashed(name))
        if found is not None:
            yield found

    def _tell(self, entry: Recorded[Event]) -> None:
        self.conformance.tell(
            entry.stream, entry.event, person_id=person_of(entry), codes=frozenset(codes_of(entry.event).values())
        )
        for name in self.conformance.lifecycles.names(entry.event):
            self._names[self._hashed(name)] = entry.stream

    def _hashed(self, name: str) -> bytes:
        """Under a key of this process: what is kept here opens nothing, and outlives nobody's erasure."""
        return hashlib.blake2b(name.encode(), key=self._key, digest_size=_NAME_BYTES).digest()


class Examiner:
    """The examinations of one process: of the log as it grows, and of one earlier moment."""

    def __init__(self, service: "Service", lifecycles: Lifecycles) -> None:
        self._service = service
        self.lifecycles = lifecycles
        self._kept: dict[bool, Examination] = {}
        self._lock = asyncio.Lock()
        self._forgetting: asyncio.TimerHandle | None = None

    async def examine(self, until: int | None = None, seconds: float = SECONDS) -> Examination:
        """The log up to a position, as far as it was read until now."""
        async with self._lock:
            found = self._kept.get(until is None)
            if found is None or found.until != until:
                found = self._kept[until is None] = Examination(self.lifecycles, until)
            await found.read_on(self._service, seconds)
        if self._forgetting is not None:
            self._forgetting.cancel()
        self._forgetting = asyncio.get_running_loop().call_later(KEPT_SECONDS, self._kept.clear)
        return found


def person_of(entry: Recorded[Event]) -> str:
    """Whose data an event is: as its metadata says, or its stream's name."""
    return entry.meta.person_id or entry.meta.member_id or entry.stream.partition(":")[2]


def codes_of(event: Event) -> dict[str, str]:
    """The words that an event says openly: why, how, which. Never a value of somebody's."""
    personal = personal_fields(type(event))
    return {name: str(value) for name, value in event if isinstance(value, StrEnum) and name not in personal}
