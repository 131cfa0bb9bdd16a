"""Periods and exemptions on a day."""

import datetime as dt

from services.identity.domain.rights import Exemption, ExemptionKind, RightsPeriod, exemptions_on, period_on

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
DAY = dt.timedelta(days=1)
CLOSED = RightsPeriod(starts_on=FIRST, ends_on=LAST, rate=70)
OPEN = RightsPeriod(starts_on=dt.date(2026, 7, 1), rate=100)


def test_first_and_last_day_are_covered() -> None:
    for day, covered in ((FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)):
        assert CLOSED.covers(day) is covered
        assert (period_on([CLOSED], day) is not None) is covered


def test_of_several_the_one_that_began_last_counts() -> None:
    assert period_on([OPEN, CLOSED], dt.date(2026, 8, 1)) == OPEN
    assert period_on([OPEN, CLOSED], dt.date(2026, 6, 1)) == CLOSED
    assert period_on([], FIRST) is None


def test_exemptions_of_a_day() -> None:
    ended = Exemption(kind=ExemptionKind.MATERNITY, starts_on=FIRST, ends_on=FIRST)
    going_on = Exemption(kind=ExemptionKind.LONG_ILLNESS, starts_on=FIRST)
    assert exemptions_on([ended, going_on], FIRST) == (ended, going_on)
    assert exemptions_on([ended, going_on], LAST) == (going_on,)
    assert exemptions_on([ended, going_on], FIRST - DAY) == ()
