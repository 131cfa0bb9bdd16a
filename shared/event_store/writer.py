"""Group commit: one writer per process sends the appends of a moment as one ordered insert.

Batches are about fifteen times faster than single durable inserts; alone, an append goes at once.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Container, Sequence

from shared.clock import Clock
from shared.event_store import chain
from shared.event_store.batches import Entry, one_per_stream, take
from shared.event_store.log import Log
from shared.event_store.protocol import (
    Appended,
    AppendError,
    Commit,
    Conflict,
    Draft,
    Head,
    Signal,
    StoreUnavailable,
)
from shared.mongo import PyMongoError

PATIENCE = 10.0
"""Seconds after which an append without an answer is given back as unknown."""


class Writer:
    """Collects drafts and writes them, batch after batch, behind the head it knows."""

    def __init__(self, log: Log, clock: Clock, signal: Signal, patience: float = PATIENCE) -> None:
        self._log = log
        self._patience = patience
        self._clock = clock
        self._signal = signal
        self._pending: deque[Entry] = deque()
        self._head: Head | None = None
        self._task: asyncio.Task[None] | None = None

    def submit(self, draft: Draft) -> asyncio.Future[Appended]:
        """Queue a draft; the future is answered once the commit is durable, or refused."""
        body, size = chain.body_of(draft)
        future: asyncio.Future[Appended] = asyncio.get_running_loop().create_future()
        entry = Entry(draft, future, body, size, time.monotonic() + self._patience)
        self._pending.append(entry)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain(), name="event-store-writer")
        return future

    async def close(self) -> None:
        """Write what is waiting, then stop."""
        if self._task is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _drain(self) -> None:
        batch: Sequence[Entry] = ()
        try:
            while self._pending:
                batch = take(self._pending)
                await self._settle(batch)
                self._signal()
        finally:  # whatever ended it early, nobody waits for ever
            for entry in (*batch, *self._pending):
                entry.answer(StoreUnavailable())
            self._pending.clear()

    async def _settle(self, batch: Sequence[Entry]) -> None:
        """Write a batch. What cannot even be sent (the driver has no form for it, or it is too long) fails alone."""
        try:
            await self._write(batch)
        except Exception as error:  # noqa: BLE001 - the caller of this very append is told
            self._head = None
            if len(batch) == 1:
                batch[0].answer(error)
            else:
                for entry in batch:
                    await self._settle([entry])

    async def _write(self, batch: Sequence[Entry]) -> None:
        waiting, seconds = one_per_stream(batch)
        while waiting:
            written = await self._send(waiting)
            for entry, commit in zip(waiting, written, strict=False):
                entry.answer(Appended(commit["_id"], commit["v0"] + commit["n"] - 1, commit["n"]))
            waiting = waiting[len(written) :]
            if waiting:
                waiting = await self._judge(waiting)
        for entry in await self._judge(seconds) if seconds else ():  # a copy of a command stored just now has an answer
            entry.answer(Conflict())

    async def _send(self, waiting: Sequence[Entry]) -> list[Commit]:
        """Insert behind the known head; the commits that are certainly stored (a prefix, perhaps none)."""
        try:
            head = self._head or await self._log.head()
            commits = self._build(waiting, head)
            stored = await self._log.insert(commits, [entry.draft for entry in waiting])
        except PyMongoError:  # nobody knows what was stored: _judge looks
            self._head = None
            return []
        self._head = chain.head_of(commits[-1]) if stored == len(commits) else None
        return commits[:stored]

    def _build(self, waiting: Sequence[Entry], head: Head) -> list[Commit]:
        now = self._clock.now()
        commits = []
        for entry in waiting:
            commits.append(chain.build(entry.draft, entry.body, head, now))
            head = chain.head_of(commits[-1])
        return commits

    async def _judge(self, waiting: Sequence[Entry]) -> list[Entry]:
        """Answer what can be answered by reading again (an error's text is never parsed); the rest is sent again."""
        try:
            known = await self._log.commands([entry.draft.cmd for entry in waiting])
            begun = await self._log.begun([entry.draft.stream for entry in waiting])
            verdicts = [await self._verdict(entry.draft, known.get(entry.draft.cmd), begun) for entry in waiting]
        except PyMongoError:
            await asyncio.sleep(0.1)
            verdicts = [None] * len(waiting)
        again = []
        for entry, verdict in zip(waiting, verdicts, strict=True):
            if verdict is not None:
                entry.answer(verdict)
            elif time.monotonic() > entry.deadline:
                entry.answer(StoreUnavailable())
            else:
                again.append(entry)
        return again

    async def _verdict(
        self, draft: Draft, known: Commit | None, begun: Container[tuple[str, int]]
    ) -> Appended | AppendError | None:
        try:
            if known is not None:
                return chain.stored_answer(draft, known)
            if draft.events and (draft.stream, draft.expected + 1) in begun:
                return Conflict()
            for name, holder in (await self._log.holders(draft.claims)).items():
                chain.check_claim(name, holder, draft.stream)
        except AppendError as error:
            return error
        return None
