"""Numbers that somebody reads on a screen or a paper: how they are made and typed, and read models that know whose."""

import base64
import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Final

from shared.kernel import Erased, Event, Projection, Value

FindNumber = Callable[[str], Awaitable[Collection[str]]]
"""Whose a number is that somebody has typed: a question to an index."""
GROUP: Final = 4
LETTERS: Final = 12


class NumberOf(Value):
    """A number of one person, in its form here or as a keyed hash of it."""

    number: str
    person_id: str


def request_numbers(
    service: str, numbers: Mapping[type[Event], Callable[[Any], str | Erased]], *, version: int = 1
) -> Projection[NumberOf, Any]:
    """One document per number and person; `numbers` takes it out of each kind of event. What is erased has none."""

    def number(event: Event) -> str | None:
        found = numbers[type(event)](event)
        return None if isinstance(found, Erased) else found

    def key(event: Any) -> str | None:
        found = number(event)
        return f"{found}|{event.person_id}" if found else None

    def evolve(_: NumberOf | None, event: Any) -> NumberOf:
        return NumberOf(number=str(number(event)), person_id=event.person_id)

    return Projection(
        name=f"{service}.request_numbers",
        version=version,
        document=NumberOf,
        handles=tuple(numbers),
        key=key,
        evolve=evolve,
        indexes=("number",),
    )


def spelled(bits: bytes, prefix: str = "") -> str:
    """Sixty of these bits as `7KQ2-M4XD-9VTA`, in letters that are read out well; the prefix stands before them."""
    letters = base64.b32encode(bits).decode()[:LETTERS].translate(str.maketrans("IO", "89"))
    return in_groups(prefix + letters, prefix)


def number_of(id_: str, prefix: str = "") -> str:
    """How an id is read out."""
    return spelled(uuid.UUID(id_).bytes, prefix)


def in_groups(typed: str, prefix: str = "") -> str:
    """`7kq2m4xd 9vta` → `7KQ2-M4XD-9VTA`: capitals, groups of four behind the prefix, whatever was put between."""
    letters = "".join(one for one in typed.upper() if one.isalnum()).removeprefix(prefix)
    groups = [letters[start : start + GROUP] for start in range(0, len(letters), GROUP)]
    return "-".join([prefix, *groups] if prefix else groups)


def as_id(typed: str) -> str:
    """An id as it is printed, with or without its hyphens; what is none stays as it was typed."""
    try:
        return str(uuid.UUID(typed.strip()))
    except ValueError:
        return typed.strip()
