"""Whether the services answer, for everybody to read."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, Protocol

import httpx

from shared.clock import Clock

SECONDS: Final = 1.5
KEPT: Final = dt.timedelta(seconds=10)
"""However often the page is asked for, services are asked this often at most."""


class Health(Protocol):
    """What the page of the state asks."""

    async def answering(self) -> Mapping[str, bool]: ...


class HttpHealth:
    """The probes of the services, a moment old at most."""

    def __init__(self, lines: Mapping[str, httpx.AsyncClient], clock: Clock) -> None:
        self._lines = lines
        self._clock = clock
        self._seen: tuple[dt.datetime, Mapping[str, bool]] | None = None

    async def answering(self) -> Mapping[str, bool]:
        now = self._clock.now()
        if self._seen is None or now >= self._seen[0] + KEPT:
            found = await asyncio.gather(*(self._ready(line) for line in self._lines.values()))
            self._seen = (now, dict(zip(self._lines, found, strict=True)))
        return self._seen[1]

    @staticmethod
    async def _ready(line: httpx.AsyncClient) -> bool:
        try:
            return (await line.get("/readyz", timeout=SECONDS)).status_code == HTTPStatus.OK
        except httpx.HTTPError:
            return False
