"""The day in France, and the months that a member sees."""

import datetime as dt
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from shared.service import Service

PARIS: Final = ZoneInfo("Europe/Paris")
HISTORY_MONTHS: Final = 27
"""What a member sees of the past: the limitation period (L160-11)."""


def today(service: Service) -> dt.date:
    """The day in France."""
    return service.clock.now().astimezone(PARIS).date()


def window(day: dt.date) -> Sequence[str]:
    """The months of payment that a member sees, the newest first."""
    newest = day.year * 12 + day.month - 1
    return [f"{one // 12:04}-{one % 12 + 1:02}" for one in range(newest, newest - HISTORY_MONTHS, -1)]
