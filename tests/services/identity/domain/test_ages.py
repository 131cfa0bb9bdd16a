"""Ages that open rights."""

import datetime as dt

import pytest

from services.identity.domain.ages import age_on, may_hold_account

TODAY = dt.date(2026, 11, 24)


def born(years: int, days: int = 0) -> dt.date:
    return TODAY.replace(year=TODAY.year - years) + dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("birth_date", "personally_covered", "may"),
    [
        (born(18), False, True),
        (born(18, days=1), False, False),
        (born(18, days=1), True, True),
        (born(16), True, True),
        (born(16), False, False),
        (born(16, days=1), True, False),
        (born(80), False, True),
    ],
)
def test_who_may_hold_an_account(birth_date: dt.date, personally_covered: bool, may: bool) -> None:  # noqa: FBT001
    assert may_hold_account(birth_date, TODAY, personally_covered=personally_covered) is may


def test_born_on_29_february_one_is_18_on_1_march() -> None:
    assert age_on(dt.date(2008, 2, 29), dt.date(2026, 2, 28)) == 17
    assert age_on(dt.date(2008, 2, 29), dt.date(2026, 3, 1)) == 18
