"""What a rebuild covers: the whole log, one person, or everybody touched since a position or a date (DESIGN §5)."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

from shared.event_store.protocol import EventStore

REMEMBERED = 100_000
"""Persons remembered as done; beyond that some are folded again, which changes nothing."""


@dataclass(frozen=True)
class Scope:
    """Without `person` and `since`: the whole log, into collections of a new version, beside the live ones.

    With one of them: in place, in the versions that the service runs, each person's streams from their first event,
    in one transaction. So a document must be fed by the streams of one person alone. Where several persons of one
    member feed it, give a member's id, or `by="member_id"`; where even that is not enough, and for streams that name
    nobody, a new version is the way; so it is for wrong documents under keys that the right code never gives.
    """

    person: str | None = None
    """A person's or a member's id."""
    since: int | dt.datetime | None = None
    """Everybody named by a commit after this position, or recorded since this instant."""
    by: Literal["person_id", "member_id"] = "person_id"

    @classmethod
    def parse(cls, person: str = "", since: str = "") -> "Scope":
        """From what somebody types: an id, or a position or date (without a zone: UTC); nothing means the whole.

        Raises:
            ValueError: neither a position nor a date, or both an id and one of them.
        """
        if person and since:
            raise ValueError("a person, or everybody since: not both")
        if since and not since.isdecimal():
            date = dt.datetime.fromisoformat(since)
            return cls(since=date if date.tzinfo else date.replace(tzinfo=dt.UTC))
        return cls(person=person or None, since=int(since) if since else None)

    @property
    def whole(self) -> bool:
        """Whether it covers everything."""
        return self.person is None and self.since is None

    def __str__(self) -> str:
        """How a job's name shows it; one person's id stays out of it."""
        if self.person is not None:
            return "one person"
        return "whole" if self.since is None else f"{self.by} since {self.since}"

    async def persons(self, store: EventStore, after: int = 0) -> AsyncIterator[tuple[int, str]]:
        """Everybody covered, each once (or a little more), with a position below which everybody came before."""
        if self.person is not None:
            yield after, self.person
            return
        position = max(after, await self._start(store))
        done: set[str] = set()
        while window := await store.window(position):
            found = {str(commit["meta"][self.by]) for commit in window if commit["meta"].get(self.by)} - done
            for person in sorted(found):
                yield position, person
            done = done | found if len(done) < REMEMBERED else set()
            position = window[-1]["_id"]

    async def _start(self, store: EventStore) -> int:
        """The last position before the first that counts. Times never run backwards along the log: halve."""
        if not isinstance(self.since, dt.datetime):
            return self.since or 0
        low, high = 0, (await store.head()).position
        while low < high:
            middle = (low + high) // 2
            [commit] = await store.window(middle, 1)
            if commit["at"] < self.since:
                low = middle + 1
            else:
                high = middle
        return low


WHOLE = Scope()
