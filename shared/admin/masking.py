"""What operations see of a value: its shape, and a keyed hash by which two can be told apart or alike."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any, Final

from shared.kernel import ERASED
from shared.projections.explain import ABSENT

LENGTH: Final = 12
Show = Callable[[Any], dict[str, Any] | None]
"""What is shown of a value."""


def plain(value: Any) -> dict[str, Any] | None:
    """The value itself, for whoever is recorded as having seen it."""
    return None if value is ABSENT else {"shape": shape(value), "value": value}


def masked(value: Any, key: bytes) -> dict[str, Any] | None:
    """`{shape, hash}` of a JSON value; None where there is none. Without the key nothing can be guessed from a hash.

    One that is erased says so.
    """
    if value is ABSENT:
        return None
    if value == ERASED.value:  # nothing is left to be told apart
        return plain(value)
    digest = hmac.new(key, json.dumps(value, sort_keys=True).encode(), hashlib.sha256).hexdigest()
    return {"shape": shape(value), "hash": digest[:LENGTH]}


def shape(value: Any) -> str:
    """`text(12)`, `list(3)`, `object(2)`, `number`, `yes/no` or `nothing`."""
    kind = _KINDS.get(type(value), type(value).__name__)
    return f"{kind}({len(value)})" if isinstance(value, str | list | dict) else kind


_KINDS: Final = {
    type(None): "nothing",
    bool: "yes/no",
    int: "number",
    float: "number",
    str: "text",
    list: "list",
    dict: "object",
}
