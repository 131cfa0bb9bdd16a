"""The log's rules written once more with the standard library alone: what a stranger would write from DESIGN §3.

Commits come in their JSON form: bytes as base64url without padding, times as RFC 3339 with milliseconds.
"""

import base64
import datetime as dt
import hashlib
import json
from typing import Any

HEAD = ("_id", "s", "v0", "n", "at")
BODY = ("cmd", "fp", "ev", "meta")


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def as_json(value: Any) -> Any:
    """Bytes and times as the text they are hashed as."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, bytes):
        return base64.urlsafe_b64encode(value).decode().rstrip("=")
    if isinstance(value, dt.datetime):
        utc = value.astimezone(dt.UTC)
        return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03}Z"
    return value


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def commit_hash(commit: dict[str, Any]) -> bytes:
    head = hashlib.sha256(canonical({name: commit[name] for name in HEAD})).digest()
    body = hashlib.sha256(canonical({name: commit[name] for name in BODY})).digest()
    return hashlib.sha256(unb64(commit["ph"]) + head + body).digest()


def first_broken(commits: list[dict[str, Any]]) -> int | None:
    """The first position at which the chain breaks, from the beginning of the log on; None: it holds."""
    before = bytes(32)
    for position, commit in enumerate(commits, start=1):
        if commit["_id"] != position or unb64(commit["ph"]) != before or unb64(commit["h"]) != commit_hash(commit):
            return position
        before = unb64(commit["h"])
    return None
