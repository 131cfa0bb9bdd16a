"""What a comparison has found is recorded: new places in bulk, changed ones on what their streams say."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from services.geo.directory.entries import Entry, Reader
from services.geo.directory.orders import Orders
from services.geo.directory.staging import Base, Known, Staging
from services.geo.directory.taking import Directory, Progress
from services.geo.domain.place import place

SIDE_BY_SIDE: Final = 64


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
        writing: asyncio.Future[None] = asyncio.create_task(self._record(()))
        while batch := list(islice(rows, self.size)):
            if batch[0][0] > last:
                break
            todo = self.staging.todo(batch[0][0], batch[-1][0])
            wanted = [(todo[row], self.reader.entry(raw)) for row, raw in batch if row in todo]
            await writing  # one batch is written while the next is made
            writing = asyncio.create_task(self._record(wanted))
            await asyncio.sleep(0)
            done += len(wanted)
            self.progress("recorded", done)
        await writing

    async def _record(self, wanted: Sequence[tuple[Known, Entry]]) -> None:
        """New places in bulk; a changed one is decided on what its stream says."""
        new = [self.orders.ask(entry, known.version) for known, entry in wanted if not known.listed]
        await self.service.commands.handle_all(place, new)
        changed = [self.orders.ask(entry, known.version) for known, entry in wanted if known.listed]
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
