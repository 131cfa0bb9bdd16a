"""Days as the fund counts them: from midnight to midnight in Paris."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

PARIS: Final = ZoneInfo("Europe/Paris")


def midnight(day: dt.date) -> dt.datetime:
    """When a day begins."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(dt.UTC)
