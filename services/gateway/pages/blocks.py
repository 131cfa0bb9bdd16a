"""Parts of a page that stand on services of their own: one that is down leaves the others standing."""

import asyncio
import datetime as dt
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shared.web.channel import Fresh, Refused, ServiceDown

T = TypeVar("T")


@dataclass(frozen=True)
class Block(Generic[T]):
    """What a part shows: a value, or that it is not there for the moment."""

    value: T | None
    lag: int = 0
    down: bool = False
    as_of: dt.datetime | None = None


def oldest(*found: Fresh[Any] | Block[Any]) -> dt.datetime | None:
    """Until when a page of several answers is up to date, where their services say it."""
    return min((one.as_of for one in found if one.as_of is not None), default=None)


async def block(asked: Awaitable[Fresh[T]], seconds: float | None = None) -> Block[T]:
    """A part of a page, whatever becomes of the service behind it; `seconds`: how long it is waited for."""
    try:
        async with asyncio.timeout(seconds):
            found = await asked
    except (ServiceDown, Refused, TimeoutError):
        return Block(None, down=True)
    return Block(found.value, found.lag, as_of=found.as_of)
