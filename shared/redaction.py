"""The last net before anything is logged or traced: what looks personal or secret becomes `[redacted]`."""

import datetime as dt
import re
import traceback
import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from types import TracebackType
from typing import Any, Final

REDACTED: Final = "[redacted]"

HUGE: Final = 10**12
"""A number of 13 digits or more is treated as its digits would be."""

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_OPAQUE = rf"\b(?:{_UUID}|[0-9a-f]{{64}}|[0-9a-f]{{32}})\b"
_GAP = r"[ .\-\u00a0\u202f]?"
_DETECTORS = (
    r"eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*",  # signed token
    r"\b(?i:bearer|basic)\s+\S+",  # authorization header
    rf"(?<![0-9A-Za-z])(?i:[a-z]{{2}}\d{{2}}(?:{_GAP}[a-z0-9]{{4}}){{2,7}}(?:{_GAP}[a-z0-9]{{1,3}})?)(?![0-9A-Za-z])",
    rf"\d(?:{_GAP}\d){{4,6}}{_GAP}[ABab](?:{_GAP}\d){{6,9}}",  # long number with one letter in the middle
    rf"\d(?:{_GAP}\d){{12,}}",  # long number
)
_AT = re.compile(r"[^\s\"'<>,;()=]{1,256}(?:@|%40)[^\s\"'<>,;()]+")  # e-mail-like; also user:password@host
_NET = re.compile(rf"(?P<opaque>{_OPAQUE})|(?P<found>{'|'.join(_DETECTORS)})")

_SECRET_KEY = re.compile(
    r"(?i)pass(?:word|wd|phrase)|secret|token|credential|authorization|cookie|otp\b|pepper|(?:api|private|hash)[_-]?key|kek\b"
)
_ID = re.compile(rf"(?:[a-z][a-z_.\-]*[:/])*(?:{_UUID}|[0-9a-f]{{64}}|[0-9a-f]{{32}}|[0-9a-f]{{16}})")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

SAFE_KEYS: Final[Mapping[str, re.Pattern[str]]] = {
    "trace_id": _ID,
    "span_id": _ID,
    "parent_id": _ID,
    "traceparent": _TRACEPARENT,
    "timestamp": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z"),
}
"""Keys whose values may look personal by chance, and the shape that lets them pass unread."""

_EXCEPTION_REPR = re.compile(r"\b([A-Z]\w*(?:Error|Exception|Warning|Group|Exit|Interrupt))\((?!\)).*\)")
_EXCEPTION_LINE = re.compile(r"(?m)^(\s*(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt)): .*$")
_INPUT_VALUE = re.compile(r",? input_value=.*?(?=, input_type)")
_TRACEBACK = "Traceback (most recent call last)"
_DEPTH = 8
_LONGEST = 4000
_MARGIN = 100  # what is cut there is seen whole before the cut


def redact_text(text: str) -> str:
    """The text with every part that looks personal or secret replaced; UUIDs and hex digests stay. Cut when long."""
    if len(text) > _LONGEST:
        return f"{redact_text(text[:_LONGEST])[: _LONGEST - _MARGIN]}…"
    if "@" in text or "%40" in text:
        text = _AT.sub(REDACTED, text)
    return _NET.sub(lambda found: found["opaque"] or REDACTED, text)


def redact_message(text: str) -> str:
    """Free text written by a library: exceptions in it keep their class only, tracebacks their frames."""
    if _TRACEBACK in text:
        text = "\n".join(_without_messages(text.splitlines()))
    text = _EXCEPTION_LINE.sub(r"\1", _EXCEPTION_REPR.sub(r"\1(…)", text))
    return redact_text(_INPUT_VALUE.sub("", text))


def _without_messages(lines: list[str]) -> Iterator[str]:
    inside = False
    ended = True  # a traceback ends with the class of the exception; what follows is its message
    for line in lines:
        if _TRACEBACK in line:
            inside, ended = True, False
            yield line
        elif not inside or line.lstrip(" |").startswith('File "'):
            yield line
        elif not ended and not line.startswith(" "):
            ended = True
            yield line.partition(":")[0]


def redact(key: str, value: Any, depth: int = 0) -> Any:
    """What may be shown of a value that stands under this key. Of an object of unknown kind, its class."""
    if _SECRET_KEY.search(key):
        return REDACTED
    if isinstance(value, Enum):
        value = value.value
    match value:
        case None | bool():
            return value
        case str():
            return _redact_str(key, value)
        case int() | float():
            return REDACTED if abs(value) >= HUGE else value
        case dt.datetime() | dt.date() | dt.time() | uuid.UUID() | PurePath() | Decimal():
            return redact_text(str(value))
        case _:
            return _redact_items(key, value, depth)


def _redact_items(key: str, value: Any, depth: int) -> Any:
    if depth < _DEPTH and isinstance(value, Mapping):
        return {redact_text(str(name)): redact(str(name), item, depth + 1) for name, item in value.items()}
    if depth < _DEPTH and isinstance(value, list | tuple | set | frozenset):
        return [redact(key, item, depth + 1) for item in value]
    return f"<{type(value).__name__}>"


def _redact_str(key: str, value: str) -> str:
    shape = SAFE_KEYS.get(key)
    if shape is not None and shape.fullmatch(value):
        return value
    return redact_text(value)


def describe(error: BaseException) -> list[dict[str, Any]]:
    """An exception and its causes by class and frames (file:line:function): never a message, never a local."""
    described: list[dict[str, Any]] = []
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        entry: dict[str, Any] = {"class": type(link).__name__, "frames": _frames(link.__traceback__)}
        if isinstance(link, BaseExceptionGroup):
            entry["group"] = [describe(inner) for inner in link.exceptions]
        described.append(entry)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return described


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{frame.f_code.co_filename}:{line}:{frame.f_code.co_name}" for frame, line in traceback.walk_tb(trace)]
