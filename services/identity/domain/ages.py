"""Ages that open rights."""

import datetime as dt
from typing import Final

MAJORITY: Final = 18
OWN_COVER: Final = 16


def age_on(birth_date: dt.date, day: dt.date) -> int:
    """Full years; born on 29 February, one is a year older on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def may_hold_account(birth_date: dt.date, day: dt.date, *, personally_covered: bool) -> bool:
    """Adults may; at 16 and 17 those may who are covered in their own name."""
    age = age_on(birth_date, day)
    return age >= MAJORITY or (age >= OWN_COVER and personally_covered)
