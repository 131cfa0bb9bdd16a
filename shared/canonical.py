"""One byte form for what is hashed, signed or sent: sorted ASCII keys, no spaces, UTF-8, no floats. And named ids."""

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


def uuid5(namespace: str, name: str) -> str:
    """UUIDv5 (RFC 9562), the standard library's without its objects: every event has one, files make millions.

    Raises:
        ValueError: the namespace is no UUID.
    """
    space = bytes.fromhex(namespace.replace("-", ""))
    if len(space) != 16:  # noqa: PLR2004 - bytes of a UUID
        raise ValueError("a namespace is a UUID")
    made = hashlib.sha1(space + name.encode(), usedforsecurity=False).digest()
    text = (made[:6] + bytes((made[6] & 0x0F | 0x50, made[7], made[8] & 0x3F | 0x80)) + made[9:16]).hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def canonical(value: Any) -> bytes:
    """Canonical JSON; bytes become base64url, datetimes RFC 3339 with milliseconds.

    Raises:
        TypeError: the value holds a float, a key that is not ASCII text, a time without zone, an integer of more than
            64 bits, or a type JSON has no word for.
    """
    _check(value)
    return orjson.dumps(value, _written, _OPTIONS)


def digest(value: Any) -> bytes:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(value)).digest()


_OPTIONS = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATACLASS
)
_PLAIN = frozenset({str, int, bool, type(None), bytes, dt.datetime})


def _check(value: Any) -> None:
    """Whether all that is inside has one form. Looked at by types, many at a time: every commit passes here."""
    kind = type(value)
    if kind is dict or isinstance(value, Mapping):
        if not "".join(value).isascii():
            raise TypeError("keys of canonical JSON are ASCII text")
        items = value.values()
    elif kind is list or kind is tuple:
        items = value
    elif kind in _PLAIN or isinstance(value, int | bytes | dt.datetime):
        return
    else:
        raise TypeError(f"no canonical form for {kind.__name__}")
    if not _PLAIN.issuperset(map(type, items)):
        for item in items:
            if type(item) not in _PLAIN:
                _check(item)


def _written(value: Any) -> Any:
    """What the serializer has no form of its own for."""
    if isinstance(value, bytes):
        return b64url(value)
    if isinstance(value, dt.datetime):
        return iso(value)
    if isinstance(value, int):  # BSON's Int64
        return int(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")
