"""How a draft becomes the next commit, and how the chain of commits is checked."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from shared.canonical import canonical, milliseconds
from shared.event_store.protocol import (
    MAX_EVENT_BYTES,
    Appended,
    ClaimTaken,
    CommandReused,
    Commit,
    Corrupted,
    Draft,
    Head,
)

HEAD_FIELDS = ("_id", "s", "v0", "n", "at")
BODY_FIELDS = ("cmd", "fp", "ev", "meta")
GENESIS = Head(position=0, hash=bytes(32), at=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))


def body_of(draft: Draft) -> tuple[bytes, int]:
    """The digest and the size of the body that a draft will have at any position.

    Raises:
        TypeError: it holds a value without canonical form.
        ValueError: an event is too long for the topic.
    """
    body, size = body_digest({"cmd": draft.cmd, "fp": draft.fp, "ev": draft.events, "meta": draft.meta})
    if size > MAX_EVENT_BYTES and any(len(canonical(event)) > MAX_EVENT_BYTES for event in draft.events):
        raise ValueError(f"an event has {MAX_EVENT_BYTES} bytes at most")
    return body, size


def body_digest(commit: Mapping[str, Any]) -> tuple[bytes, int]:
    """SHA-256 of the body (ciphertext included), and the body's size in bytes."""
    body = canonical({name: commit[name] for name in BODY_FIELDS})
    return hashlib.sha256(body).digest(), len(body)


def commit_hash(commit: Mapping[str, Any], body: bytes) -> bytes:
    """SHA-256(ph ‖ SHA-256(head) ‖ SHA-256(body)): a head proves the log without showing what is in it."""
    head = canonical({name: commit[name] for name in HEAD_FIELDS})
    return hashlib.sha256(commit["ph"] + hashlib.sha256(head).digest() + body).digest()


def build(draft: Draft, body: bytes, head: Head, now: dt.datetime) -> Commit:
    """The commit that follows `head`. Time never runs backwards along the chain."""
    commit: Commit = {
        "_id": head.position + 1,
        "s": draft.stream,
        "v0": draft.expected + 1,
        "n": len(draft.events),
        "cmd": draft.cmd,
        "fp": draft.fp,
        "ev": list(draft.events),
        "meta": draft.meta,
        "at": max(milliseconds(now), head.at),
        "ph": head.hash,
        "h": b"",
    }
    commit["h"] = commit_hash(commit, body)
    return commit


def head_of(commit: Commit) -> Head:
    """The head that this commit makes."""
    return Head(position=commit["_id"], hash=commit["h"], at=commit["at"])


def check_dense(commits: Sequence[Commit], after: int) -> list[Commit]:
    """The same commits, once it is sure that their positions are after+1, after+2 …

    Raises:
        Corrupted: a hole.
    """
    for expected, commit in enumerate(commits, start=after + 1):
        if commit["_id"] != expected:
            raise Corrupted(f"position {expected} is missing before {commit['_id']}")
    return list(commits)


def verify(commits: Sequence[Commit], head: Head = GENESIS) -> Head:
    """Recompute the chain from `head` over these commits; the new head.

    Raises:
        Corrupted: a hole, a changed commit, or a broken link; the message names the position.
    """
    for commit in check_dense(commits, head.position):
        body, _ = body_digest(commit)
        if commit["ph"] != head.hash or commit["h"] != commit_hash(commit, body):
            raise Corrupted(f"the chain breaks at position {commit['_id']}")
        head = head_of(commit)
    return head


def stored_answer(draft: Draft, commit: Commit) -> Appended:
    """The answer that a command id got before.

    Raises:
        CommandReused: it was another command, of another actor, or for another stream.
    """
    same = commit["s"] == draft.stream and (commit["fp"] == draft.fp or not draft.fp)
    if not (same and commit["meta"].get("actor") == draft.meta.get("actor")):
        raise CommandReused
    return Appended(commit["_id"], commit["v0"] + commit["n"] - 1, commit["n"], repeated=True)


def check_claim(name: str, holder: str | None, stream: str) -> None:
    """Nothing, if the claim is free or this stream's own.

    Raises:
        ClaimTaken: another stream holds it.
    """
    if holder is not None and holder != stream:
        raise ClaimTaken(name.partition(":")[0])
