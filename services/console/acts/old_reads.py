"""Destroys the keys of months that are too old: nobody can tell any more who looked at what."""

import asyncio
import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from typing import Final

from services.console.acts.office import Carrier
from services.console.domain.retention import STREAM, DestroyAccessKey
from services.console.domain.words import period_of
from shared.clock import Clock
from shared.envelope import Metadata

FIRST: Final = dt.date(2026, 11, 1)
"""Nothing was recorded before."""
EVERY: Final = 5.0
"""Seconds between two looks at the clock, which may go faster than the machine's."""
NAMESPACE: Final = uuid.UUID("6d3c9c0e-52ad-4b0a-a6df-0f1c5a2a7a51")


async def destroy_old(service: Carrier, clock: Clock, months: int) -> list[str]:
    """Destroy what is older than so many whole months; the months that are gone by now."""
    now = clock.now()
    gone = list(_before(now.date(), months))
    for period in gone:
        # destroying is idempotent and comes first: what is recorded has happened
        await service.vault.destroy(period, "access", now)
        command = DestroyAccessKey(at=now, period=period, months=months)
        cmd = str(uuid.uuid5(NAMESPACE, period))
        meta = Metadata(pk="access", actor="console", actor_kind="system", correlation_id=cmd)
        await service.handle(STREAM, command, cmd=cmd, meta=meta)
    return gone


async def for_ever(service: Carrier, clock: Clock, months: int, pause: float = EVERY) -> None:
    """Until cancelled: at the start, and whenever the clock has come to another month."""
    seen = ""
    while True:
        if (today := period_of(clock.now())) != seen:
            await destroy_old(service, clock, months)
            seen = today
        await asyncio.sleep(pause)


def due_first(today: dt.date, months: int, gone: Collection[str]) -> tuple[str, dt.date]:
    """The oldest month that is still readable, and the day on which its key is destroyed."""
    number = FIRST.year * 12 + FIRST.month - 1
    while _name(number) in gone:
        number += 1
    end = number + months + 1
    return _name(number), max(dt.date(end // 12, end % 12 + 1, 1), today)


def _before(today: dt.date, months: int) -> Iterator[str]:
    """The months whose last day is more than `months` months ago."""
    last = today.year * 12 + today.month - 1 - months - 1
    for number in range(FIRST.year * 12 + FIRST.month - 1, last + 1):
        yield _name(number)


def _name(number: int) -> str:
    return period_of(dt.datetime(number // 12, number % 12 + 1, 1, tzinfo=dt.UTC))
