"""What a service's answer says of its read model, in its headers."""

import datetime as dt
from collections.abc import Mapping


def lag_of(headers: Mapping[str, str]) -> int:
    """How many of the caller's own writes are not shown yet."""
    text = headers.get("X-Lag", "0")
    return int(text) if text.isdecimal() else 0


def as_of(headers: Mapping[str, str]) -> dt.datetime | None:
    """Until when everything is shown: a moment with its zone, or unknown."""
    try:
        found = dt.datetime.fromisoformat(headers.get("X-As-Of", ""))
    except ValueError:
        return None
    return found if found.tzinfo else None
