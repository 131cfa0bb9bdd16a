"""A file of the directory, from its first row to its last: compared on disk, then only what differs is decided.

Memory is flat; nothing is read of a stream that did not change. Killed at any moment, the same file is simply taken
again: every command's id is made from the file and the place, and the comparison finds only what is still missing.
"""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from services.geo.directory.carrying import Carrying
from services.geo.directory.entries import Entry, Raw, Reader
from services.geo.directory.orders import NAMESPACE, Orders
from services.geo.directory.staging import Staging
from services.geo.directory.taking import Bases, Directory, Progress, Report
from services.geo.domain import files as f
from services.geo.domain.facts import Source
from services.geo.domain.ids import FileId
from shared.canonical import uuid5
from shared.envelope import Metadata
from shared.kernel import Rejected
from shared.telemetry import logger, span

BATCH: Final = 2_000
LISTED: Final = 1_000
"""How many of the rows set aside are named one by one; all are counted."""

_log = logger("directory")


class Importer:
    """Takes files, one at a time."""

    def __init__(
        self,
        service: Directory,
        bases: Bases,
        key: bytes,
        folder: Path,
        most_delisted: float,
        batch: int = BATCH,
    ) -> None:
        """`key` makes place ids and fingerprints: an id must not tell the number it stands for."""
        self._service = service
        self._bases = bases
        self._key = key
        self._folder = folder
        self._most_delisted = most_delisted
        self._batch = batch

    async def take(
        self, reader: Reader, file: FileId, as_of: dt.datetime, progress: Progress = lambda *_: None
    ) -> Report:
        """Compare a file with its source's last one, and record what differs.

        Raises:
            Rejected: `file-older`: a newer one was taken.
        """
        staging = Staging(self._folder / f"{reader.source}-{file[:16]}.sqlite")
        try:
            with span(f"directory {reader.source}"):
                return await _Run(self._service, reader, file, as_of, staging, self._key, progress, self._batch).run(
                    self._bases, self._most_delisted
                )
        finally:
            staging.close()

    async def confirm(self, source: Source, file: FileId, actor: str) -> None:
        """Let a held file pass, when it is taken again.

        Raises:
            Rejected: `file-not-held`.
        """
        command = f.ConfirmFile(at=self._service.clock.now(), file=file)
        meta = Metadata(pk=source.value, actor=actor, actor_kind="agent", correlation_id=uuid5(NAMESPACE, file))
        cmd = uuid5(NAMESPACE, f"{file}|confirm")
        await self._service.handle(f"directory:{source}", command, cmd=cmd, meta=meta)


class _Run:
    """One file on its way."""

    def __init__(
        self,
        service: Directory,
        reader: Reader,
        file: FileId,
        as_of: dt.datetime,
        staging: Staging,
        key: bytes,
        progress: Progress,
        batch: int,
    ) -> None:
        self.service = service
        self.reader = reader
        self.file = file
        self.as_of = as_of
        self.staging = staging
        self.key = key
        self.progress = progress
        self.size = batch
        self.rows = 0
        self.reasons: Counter[str] = Counter(getattr(reader, "notes", {}))
        self.set_aside: list[f.SetAside] = []
        self.stream = f"directory:{reader.source}"
        self.orders = Orders(service.clock, reader.source, file, 0, as_of, key)

    async def run(self, bases: Bases, most_delisted: float) -> Report:
        files, version = await self.service.state(self.stream)
        self.orders = Orders(self.service.clock, self.reader.source, self.file, version, self.as_of, self.key)
        carrying = Carrying(self.service, self.reader, self.staging, self.orders, self.progress, self.size)
        if files.as_of is not None and self.as_of < files.as_of:
            raise Rejected("file-older")
        async for batch in bases(self.reader.source):
            self.staging.add_base(batch)
            await carrying.forget(batch)
        await self._stage()
        listed, changed, gone, unchanged = self.staging.compare()
        tally = f.Tally(
            rows=self.rows,
            listed=listed,
            changed=changed,
            delisted=gone,
            unchanged=unchanged,
            set_aside=dict(self.reasons),
        )
        if gone > most_delisted * self.staging.listed_before() and files.confirmed != self.file:
            hold = f.HoldFile(
                at=self.service.clock.now(), source=self.reader.source, file=self.file, as_of=self.as_of, tally=tally
            )
            await self._note(hold)
            return self._report("held", tally)
        await carrying.carry_out()
        await carrying.delist()
        if files.taken == self.file and not (listed or changed or gone):
            return self._report("unchanged", tally)
        take = f.TakeFile(
            at=self.service.clock.now(),
            source=self.reader.source,
            file=self.file,
            as_of=self.as_of,
            tally=tally,
            listed=tuple(self.set_aside),
        )
        await self._note(take)
        return self._report("taken", tally)

    async def _stage(self) -> None:
        rows = self.reader.rows()
        while batch := list(islice(rows, self.size)):
            found = [
                (self.orders.place(entry.key), self.orders.fingerprint(entry), row)
                for row, entry in self._entries(batch)
            ]
            if repeated := self.staging.add_file(found):
                self.reasons["row-repeated"] += repeated
            self.rows += len(batch)
            self.progress("compared", self.rows)
            await asyncio.sleep(0)

    def _entries(self, batch: Sequence[tuple[int, Raw]]) -> Iterator[tuple[int, Entry]]:
        for row, raw in batch:
            try:
                yield row, self.reader.entry(raw)
            except Rejected as refusal:
                self.reasons[refusal.code] += 1
                if len(self.set_aside) < LISTED:
                    self.set_aside.append(f.SetAside(row=row, reason=refusal.code))

    async def _note(self, command: f.FileCommand) -> None:
        cmd = self.orders.cmd(type(command).__name__)
        await self.service.handle(self.stream, command, cmd=cmd, meta=self.orders.meta(self.reader.source.value))

    def _report(self, state: str, tally: f.Tally) -> Report:
        _log.info("directory file", source=self.reader.source, state=state, rows=tally.rows, delisted=tally.delisted)
        return Report(state, self.file, tally, tuple(self.set_aside))
