"""The golden commits of tests/golden/chain.json as the store would give them."""

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any

from shared.canonical import unb64url
from shared.event_store import Commit

WRITTEN: list[dict[str, Any]] = json.loads((Path(__file__).parent / "golden/chain.json").read_text(encoding="utf-8"))


def commit_of(written: dict[str, Any]) -> Commit:
    """A stored commit from its JSON form."""
    commit = copy.deepcopy(written)
    for event in commit["ev"]:
        for sealed in event.get("pii", {}).values():
            sealed["c"] = sealed["c"] and unb64url(sealed["c"])
    commit |= {name: unb64url(commit[name]) for name in ("fp", "ph", "h")}
    return commit | {"at": dt.datetime.fromisoformat(commit["at"])}  # type: ignore[return-value]


def golden() -> list[Commit]:
    return [commit_of(written) for written in WRITTEN]
