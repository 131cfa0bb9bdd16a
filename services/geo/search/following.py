"""Keeps the index up with the log: all of it at the start, then whatever comes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

from services.geo.search.index import Index
from shared.codec import EventCodec
from shared.event_store.protocol import EventStore
from shared.mongo import PyMongoError
from shared.personal_data import KeyMissing
from shared.telemetry import logger

IDLE: Final = 0.5
_log = logger("index")


class Following:
    """One index and where it stands. `ready` once it has seen the log to its end."""

    def __init__(self, store: EventStore, codec: EventCodec) -> None:
        self.index = Index()
        self.position = 0
        self.ready = False
        self._store = store
        self._codec = codec

    async def run(self) -> None:
        """Follow for ever; a store that does not answer is waited for."""
        while True:
            try:
                await self.catch_up()
            except (PyMongoError, KeyMissing) as error:
                _log.warning("index waits", error=type(error).__name__)
            await asyncio.sleep(IDLE)

    async def catch_up(self) -> None:
        """Fold all that is new; trees are built in a thread while searches go on."""
        while window := await self._store.window(self.position):
            recorded = await self._codec.decode(window)
            self.index.apply(one.event for one in recorded)
            self.position = window[-1]["_id"]
            if self.ready and self.index.due:
                await asyncio.to_thread(self.index.build)
        if not self.ready or self.index.due:
            await asyncio.to_thread(self.index.build)
            if not self.ready:
                _log.info("index ready", places=len(self.index), position=self.position)
            self.ready = True

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow until the block ends."""
        task = asyncio.create_task(self.run(), name="place-index")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
