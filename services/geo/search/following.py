"""Keeps the index up with the log: from its snapshot, or from the first event, then whatever comes."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Final

from services.geo.domain import events as e
from services.geo.search.index import Index
from services.geo.search.snapshots import Kept, Snapshots
from shared.codec import EventCodec
from shared.event_store.protocol import Commit, EventStore
from shared.mongo import PyMongoError
from shared.personal_data import KeyMissing
from shared.telemetry import logger

IDLE: Final = 0.5
STEP: Final = 200_000
"""Commits folded between two snapshots while there is more to fold."""
ENOUGH: Final = 5_000
"""Commits folded since the last snapshot that make one worth while once nothing more comes. A delisting always does."""
_log = logger("index")


class Following:
    """One index and where it stands. `ready` once it has seen the log to its end."""

    def __init__(self, store: EventStore, codec: EventCodec, snapshots: Snapshots | None = None) -> None:
        self.index = Index()
        self.position = 0
        self.ready = False
        self._store = store
        self._codec = codec
        self._snapshots = snapshots
        self._hash = b""
        self._begun = False
        self._kept = 0
        """The position of the last snapshot, and whether anybody was delisted since."""
        self._delisted = False

    async def run(self) -> None:
        """Follow for ever; a store that does not answer is waited for."""
        while True:
            try:
                before = self.position
                await self.catch_up()
                if self.position == before:
                    await self.keep()
            except (PyMongoError, KeyMissing) as error:
                _log.warning("index waits", error=type(error).__name__)
            await asyncio.sleep(IDLE)

    async def catch_up(self) -> None:
        """Fold all that is new; trees are built in a thread while searches go on."""
        await self._begin()
        async with contextlib.aclosing(self._windows()) as windows:
            async for window in windows:
                await self._fold(window)
                if self.position - self._kept >= STEP:
                    await asyncio.to_thread(self.index.build)
                    await self.keep()
                elif self.ready and self.index.due:
                    await asyncio.to_thread(self.index.build)
        if not self.ready or self.index.due:
            await asyncio.to_thread(self.index.build)
            if not self.ready:
                await asyncio.to_thread(self.index.rows.names.index)
                _log.info("index ready", places=len(self.index), position=self.position)
            self.ready = True

    async def keep(self) -> None:
        """A snapshot, if one is worth while."""
        if not (self._delisted or self.position - self._kept >= ENOUGH):
            return
        try:
            if self._snapshots is not None:
                await self._snapshots.save(Kept(self.index.rows, self.position, self._hash))
        except OSError as error:  # the log has it all
            _log.warning("no snapshot", error=type(error).__name__)
        self._kept, self._delisted = self.position, False

    async def _begin(self) -> None:
        if self._begun:
            return
        if self._snapshots is not None and (kept := await self._snapshots.load(self._store)):
            self.index = Index(kept.rows)
            self.position, self._hash = kept.position, kept.hash
            self._kept = kept.position
            await asyncio.to_thread(self.index.build)
        self._begun = True

    async def _windows(self) -> AsyncGenerator[Sequence[Commit], None]:
        """To the end of the log: the next one is read, and its keys, while one is folded."""
        ahead = asyncio.ensure_future(self._window(self.position))
        try:
            while window := await ahead:
                ahead = asyncio.ensure_future(self._window(window[-1]["_id"]))
                yield window
        finally:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)

    async def _window(self, after: int) -> Sequence[Commit]:
        window = await self._store.window(after)
        await self._codec.fetch(window)
        return window

    async def _fold(self, window: Sequence[Commit]) -> None:
        events = [one.event for one in await self._codec.decode(window)]
        self.index.apply(events)
        self._delisted |= any(isinstance(event, e.PlaceDelisted) for event in events)
        self.position, self._hash = window[-1]["_id"], window[-1]["h"]

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
            with contextlib.suppress(PyMongoError):
                await self.keep()
