"""One byte form for what is hashed, signed or sent: sorted ASCII keys, no spaces, UTF-8, no floats."""

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

import orjson


def b64url(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64url(text: str) -> bytes:
    """The reverse of `b64url`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def milliseconds(time: dt.datetime) -> dt.datetime:
    """The same instant in UTC, cut (not rounded) to milliseconds: all that BSON keeps.

    Raises:
        TypeError: the time has no zone: what it means would depend on the machine.
    """
    if time.tzinfo is None:
        raise TypeError("a time needs its zone")
    utc = time.astimezone(dt.UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def iso(time: dt.datetime) -> str:
    """RFC 3339 in UTC with exactly three decimals: `2026-11-24T22:54:06.123Z`."""
    return milliseconds(time).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def canonical(value: Any) -> bytes:
    """Canonical JSON; bytes become base64url, datetimes RFC 3339 with milliseconds.

    Raises:
        TypeError: the value holds a float, a key that is not ASCII text, a time without zone, an integer of more than
            64 bits, or a type JSON has no word for.
    """
    return orjson.dumps(_plain(value), option=orjson.OPT_SORT_KEYS)


def digest(value: Any) -> bytes:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(value)).digest()


_AS_IT_IS = frozenset({str, int, bool, type(None)})


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    if isinstance(value, dict | Mapping):
        return {_ascii(key): item if type(item) in _AS_IT_IS else _plain(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return b64url(value)
    if isinstance(value, dt.datetime):
        return iso(value)
    if isinstance(value, int):  # BSON's Int64
        return int(value)
    raise TypeError(f"no canonical form for {kind.__name__}")


def _ascii(key: Any) -> str:
    if not (type(key) is str and key.isascii()):
        raise TypeError("keys of canonical JSON are ASCII text")
    return key
