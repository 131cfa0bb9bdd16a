"""Drafts, answers and a look at a whole log: what the cases are written with."""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from shared.envelope import event_id
from shared.event_store.chain import verify
from shared.event_store.protocol import (
    Appended,
    AppendError,
    Commit,
    Draft,
    EventStore,
    StoredEvent,
)
from shared.testing.clock import HandClock

Case = Callable[[EventStore, HandClock], Awaitable[None]]

MANY = 20
OTHER = b"another fingerprint"


def draft(
    stream: str = "box:1",
    expected: int = 0,
    events: int = 1,
    *,
    cmd: str = "",
    fp: bytes = b"fingerprint",
    claims: Sequence[str] = (),
    releases: Sequence[str] = (),
    **meta: Any,
) -> Draft:
    """A commit of so many events, under a new command id unless one is given."""
    cmd = cmd or str(uuid.uuid4())
    stored: list[StoredEvent] = [
        {"id": event_id(cmd, index), "type": "BoxFilled", "sv": 1, "data": {"amount": index, "text": "œuvre"}}
        for index in range(events)
    ]
    who = {"pk": stream, "actor": "member-1", "actor_kind": "member", "correlation_id": "c-1"}
    return Draft(stream, expected, cmd, fp, stored, who | meta, claims, releases)


async def refused(store: EventStore, wanted: Draft) -> AppendError:
    """The answer of an append that is not stored; the log stays as it was."""
    before = await store.head()
    answer = await outcome(store.append(wanted))
    assert isinstance(answer, AppendError), f"stored: {answer}"
    assert await store.head() == before
    return answer


async def outcome(append: Awaitable[Appended]) -> Appended | AppendError:
    """The answer, whichever it is."""
    try:
        return await append
    except AppendError as error:
        return error


async def whole(store: EventStore) -> list[Commit]:
    """Every commit, once positions are seen to be dense, the chain to hold and versions to be contiguous."""
    commits: list[Commit] = []
    while window := await store.window(len(commits)):
        commits += window
    assert verify(commits) == await store.head()
    versions: dict[str, int] = {}
    for commit in commits:
        if commit["n"]:
            assert commit["v0"] == versions.get(commit["s"], 0) + 1
            versions[commit["s"]] = commit["v0"] + commit["n"] - 1
        assert len(commit["ev"]) == commit["n"]
    assert len({commit["cmd"] for commit in commits}) == len(commits)
    return commits
