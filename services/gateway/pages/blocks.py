"""Parts of a page that stand on services of their own: one that is down leaves the others standing."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.web.channel import Fresh, Refused, ServiceDown

T = TypeVar("T")


@dataclass(frozen=True)
class Block(Generic[T]):
    """What a part shows: a value, or that it is not there for the moment."""

    value: T | None
    lag: int = 0
    down: bool = False


async def block(asked: Awaitable[Fresh[T]]) -> Block[T]:
    """A part of a page, whatever becomes of the service behind it."""
    try:
        found = await asked
    except (ServiceDown, Refused):
        return Block(None, down=True)
    return Block(found.value, found.lag)
