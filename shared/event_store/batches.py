"""Which of the waiting appends share one insert, and which of them can only wait."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from shared.event_store.log import has_claims
from shared.event_store.protocol import Appended, Draft

MAX_COMMITS = 500
MAX_CLAIMING = 100
"""Commits in one transaction with their claims: a longer one is more likely to be overtaken, and then starts over."""
MAX_BYTES = 4_000_000


@dataclass(eq=False)
class Entry:
    """One waiting append: its draft, the digest of its body (which no position changes), and who waits."""

    draft: Draft
    future: asyncio.Future[Appended]
    body: bytes
    size: int
    deadline: float

    def answer(self, outcome: Appended | Exception) -> None:
        """Tell the caller, unless it has gone away: its commit stands all the same."""
        if self.future.done():
            return
        if isinstance(outcome, Appended):
            self.future.set_result(outcome)
        else:
            self.future.set_exception(outcome)


def take(pending: deque[Entry]) -> list[Entry]:
    """The next that may share one insert, or, with claims, one transaction: no name occurs twice in it."""
    batch = [pending.popleft()]
    claiming, names, size = has_claims(batch[0].draft), _names(batch[0]), batch[0].size
    most = MAX_CLAIMING if claiming else MAX_COMMITS
    while pending and len(batch) < most:
        following = pending[0]
        size += following.size
        if has_claims(following.draft) is not claiming or size > MAX_BYTES or names & _names(following):
            break
        names |= _names(following)
        batch.append(pending.popleft())
    return batch


def _names(entry: Entry) -> set[str]:
    return {*entry.draft.claims, *entry.draft.releases}


def one_per_stream(batch: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The first entry of each stream, and those behind it, which can only conflict unless they are copies of it."""
    firsts: list[Entry] = []
    seconds: list[Entry] = []
    streams: set[str] = set()
    for entry in batch:
        if entry.draft.events and entry.draft.stream in streams:
            seconds.append(entry)
        else:
            firsts.append(entry)
            streams.update([entry.draft.stream] if entry.draft.events else [])
    return firsts, seconds
