"""The store in memory: for fast tests and simulations. It passes the same cases as the MongoDB store."""

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

from shared.clock import Clock
from shared.event_store import chain
from shared.event_store.protocol import WINDOW, Appended, Commit, Conflict, Draft, Head, Signal


class MemoryEventStore:
    """One list of commits and the indexes a database would keep."""

    def __init__(self, clock: Clock, signal: Signal = lambda: None) -> None:
        self._clock = clock
        self._signal = signal
        self.commits: list[Commit] = []
        self.claims: dict[str, str] = {}
        self._by_command: dict[str, Commit] = {}
        self._versions: dict[str, int] = {}

    async def append(self, draft: Draft) -> Appended:
        body, _ = chain.body_of(draft)
        await asyncio.sleep(0)  # a real store gives way here, and races must be possible
        if known := self._by_command.get(draft.cmd):
            return chain.stored_answer(draft, known)
        if draft.events and self._versions.get(draft.stream, 0) != draft.expected:
            raise Conflict
        for name in draft.claims:
            chain.check_claim(name, self.claims.get(name), draft.stream)
        commit = chain.build(draft, body, await self.head(), self._clock.now())
        self._store(commit, draft)
        self._signal()
        return Appended(commit["_id"], draft.expected + commit["n"], commit["n"])

    def _store(self, commit: Commit, draft: Draft) -> None:
        self.commits.append(commit)
        self._by_command[draft.cmd] = commit
        if draft.events:
            self._versions[draft.stream] = draft.expected + len(draft.events)
        self.claims.update(dict.fromkeys(draft.claims, draft.stream))
        for name in draft.releases:
            if self.claims.get(name) == draft.stream:
                del self.claims[name]

    async def head(self) -> Head:
        return chain.head_of(self.commits[-1]) if self.commits else chain.GENESIS

    async def window(self, after: int, limit: int = WINDOW) -> list[Commit]:
        return chain.check_dense(self.commits[after : after + limit], after)

    async def stream(self, stream: str, after_version: int = 0) -> list[Commit]:
        return [
            commit
            for commit in self.commits
            if commit["s"] == stream and commit["n"] and commit["v0"] + commit["n"] - 1 > after_version
        ]

    async def later(self, stream: str, version: int) -> list[Commit]:
        return [commit for commit in self.commits if commit["s"] == stream and commit["n"] and commit["v0"] > version]

    async def command(self, cmd: str) -> Commit | None:
        return self._by_command.get(cmd)

    async def streams_of(self, member_or_person: str) -> list[str]:
        found = (
            commit["s"]
            for commit in self.commits
            if member_or_person in (commit["meta"].get("member_id"), commit["meta"].get("person_id"))
        )
        return list(dict.fromkeys(found))

    async def acts_of(self, person: str, limit: int, only: Collection[str] = ()) -> list[Commit]:
        found = [one for one in reversed(self.commits) if one["n"] and _acts(one["meta"], person)]
        return [one for one in found if not only or {event["type"] for event in one["ev"]} & set(only)][:limit]

    async def holders(self, claims: Sequence[str]) -> dict[str, str]:
        return {name: self.claims[name] for name in claims if name in self.claims}

    async def correlated(self, correlation_id: str) -> list[Commit]:
        return [commit for commit in self.commits if commit["meta"].get("correlation_id") == correlation_id]


def _acts(meta: dict[str, Any], person: str) -> bool:
    own = meta.get("member_id") == person and (meta.get("actor") == person or meta.get("actor_kind") == "visitor")
    return own or (meta.get("person_id") == person == meta.get("acting_for") and meta.get("actor") != person)
