"""What a comparison has found is recorded: new places in bulk, changed ones on what their streams say."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from services.geo.directory.entries import Raw, Reader
from services.geo.directory.orders import Orders
from services.geo.directory.staging import Base, Staging
from services.geo.directory.taking import Directory, Progress
from services.geo.domain import commands as c
from services.geo.domain.place import Place, place
from shared.bulk import SLICE, Ask

SIDE_BY_SIDE: Final = 64
IN_FLIGHT: Final = 2
"""Batches on their way to the store at once: the keys of one are made while the commits of the other are written."""
Wanted = tuple[bool, Ask[Place, c.PlaceCommand]]
"""Whether a place is listed already, and what is asked of it."""


@dataclass
class Carrying:
    """One file's changes on their way to the store."""

    service: Directory
    reader: Reader
    staging: Staging
    orders: Orders
    progress: Progress
    size: int

    async def carry_out(self) -> None:
        last, done = self.staging.last_todo(), 0
        rows = self.reader.rows() if last else iter(())
        under_way: deque[asyncio.Task[None]] = deque()
        try:
            while batch := list(islice(rows, self.size)):
                if batch[0][0] > last:
                    break
                wanted = await self._wanted(batch)
                under_way.append(asyncio.create_task(self._record(wanted)))
                if len(under_way) == IN_FLIGHT:
                    await under_way.popleft()
                done += len(wanted)
                self.progress("recorded", done)
            while under_way:
                await under_way.popleft()
        finally:
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _wanted(self, batch: Sequence[tuple[int, Raw]]) -> list[Wanted]:
        """What must be done for these rows, made while others are being written."""
        todo = self.staging.todo(batch[0][0], batch[-1][0])
        found: list[Wanted] = []
        for row, raw in batch:
            if (known := todo.get(row)) is not None:
                entry = self.reader.entry(raw)
                found.append((known.listed, self.orders.ask(entry, known.version)))
                if len(found) % SLICE == 0:
                    await asyncio.sleep(0)
        return found

    async def _record(self, wanted: Sequence[Wanted]) -> None:
        """New places in bulk; a changed one is decided on what its stream says."""
        await self.service.commands.handle_all(place, [ask for listed, ask in wanted if not listed])
        changed = [ask for listed, ask in wanted if listed]
        for start in range(0, len(changed), SIDE_BY_SIDE):
            await asyncio.gather(
                *(
                    self.service.commands.handle(place, ask.stream, ask.command, cmd=ask.cmd, meta=ask.meta)
                    for ask in changed[start : start + SIDE_BY_SIDE]
                )
            )

    async def delist(self) -> None:
        done = 0
        for batch in self.staging.gone(self.size):
            asks = [self.orders.delisting(one) for one in batch]
            await self.service.commands.handle_all(place, asks)
            await self.forget(batch)
            done += len(batch)
            self.progress("delisted", done)

    async def forget(self, batch: Sequence[Base]) -> None:
        """Erase whoever is no longer listed; done again at the next file, in case this one was cut off."""
        gone = [one.listing for one in batch if one.fingerprint is None]
        if gone:
            await self.service.vault.destroy_all(gone, "directory", self.service.clock.now())
