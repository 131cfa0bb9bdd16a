"""Ages that open rights, and the day that it is for a member."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

MAJORITY: Final = 18
OWN_COVER: Final = 16
PARIS: Final = ZoneInfo("Europe/Paris")


def day_of(at: dt.datetime) -> dt.date:
    """The day in Paris: ages and rights change there at midnight."""
    return at.astimezone(PARIS).date()


def midnight(day: dt.date) -> dt.datetime:
    """The moment this day begins in Paris."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(dt.UTC)


def age_on(birth_date: dt.date, day: dt.date) -> int:
    """Full years; born on 29 February, one is a year older on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def turns(age: int, birth_date: dt.date) -> dt.date:
    """The first day of this age."""
    year = birth_date.year + age
    try:
        return birth_date.replace(year=year)
    except ValueError:  # 29 February in a common year
        return dt.date(year, 3, 1)


def may_hold_account(birth_date: dt.date, day: dt.date, *, personally_covered: bool) -> bool:
    """Adults may; at 16 and 17 those may who are covered in their own name."""
    age = age_on(birth_date, day)
    return age >= MAJORITY or (age >= OWN_COVER and personally_covered)
