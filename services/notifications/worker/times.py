"""Times as a member reads them."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from services.notifications.words import MONTHS

PARIS: Final = ZoneInfo("Europe/Paris")


def spoken(time: dt.datetime) -> str:
    """`24 novembre 2026 à 10 h 30`, in Paris."""
    there = time.astimezone(PARIS)
    return f"{there.day} {MONTHS[there.month - 1]} {there.year} à {there.hour} h {there.minute:02}"
