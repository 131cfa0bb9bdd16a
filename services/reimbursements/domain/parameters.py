"""Rates, amounts and ceilings: a dated table, each value with the article that set it. Nothing here is a constant.

The date of the care picks amounts and ceilings of a day, that of the reimbursement the ceilings of a year. A day that
no text at hand confirms is marked `sure=False`: it is computed with, and no member is told it as a fact.
"""

import datetime as dt
from typing import Final, NamedTuple


class Dated(NamedTuple):
    """A value from a day on: cents, percent or a count, as its table says."""

    since: dt.date
    value: int
    source: str
    sure: bool = True

    @property
    def told(self) -> dt.date | None:
        """The day as a member is told it."""
        return self.since if self.sure else None


Table = tuple[Dated, ...]
_D = dt.date
_EVER: Final = dt.date.min
_UNCAM: Final = "L160-13 I, décision de l'UNCAM"


def at(table: Table, day: dt.date) -> Dated:
    """The value in force on a day; 0 before the first."""
    found = Dated(dt.date.min, 0, table[0].source, sure=False)
    for one in table:
        if one.since > day:
            break
        found = one
    return found


PARTICIPATION: Final[Table] = (
    Dated(_D(2005, 1, 1), 100, "L160-13 II"),
    Dated(_D(2024, 5, 15), 200, "R160-19"),
)
"""Cents for each act."""
PARTICIPATIONS_PER_DAY: Final[Table] = (Dated(_EVER, 4, "D160-8", sure=False),)
"""How many for one beneficiary, one professional and one day."""
PARTICIPATION_PER_YEAR: Final[Table] = (
    Dated(_D(2005, 1, 1), 5000, "D160-6"),  # 50 of 1 €
    Dated(_D(2024, 5, 16), 5000, "D160-6"),  # 25 of 2 €: kept in euros, so that a year with both is right (decision)
)


def _franchise(before: int, now: int, source: str) -> Table:
    """Doubled by the decree of 16 February 2024; the day in 2008 is not confirmed."""
    return (Dated(_D(2008, 1, 1), before, source, sure=False), Dated(_D(2024, 3, 31), now, source))


FRANCHISE_BOX: Final[Table] = _franchise(50, 100, "D160-9")
FRANCHISE_PARAMEDICAL: Final[Table] = _franchise(50, 100, "D160-9")
FRANCHISE_TRIP: Final[Table] = _franchise(200, 400, "D160-9")
PARAMEDICAL_PER_DAY: Final[Table] = _franchise(200, 400, "D160-11")
TRIPS_PER_DAY: Final[Table] = _franchise(400, 800, "D160-11")
FRANCHISE_PER_YEAR: Final[Table] = (Dated(_D(2008, 1, 1), 5000, "D160-10", sure=False),)

HEAVY_FROM: Final[Table] = (Dated(_D(2019, 1, 1), 12000, "L160-13 I"),)
"""From this tariff on, a flat sum stands for the ticket modérateur (18 € before 2019: beyond what is kept)."""
HEAVY_FLAT: Final[Table] = (Dated(_D(2019, 1, 1), 2400, "L160-13 I"),)
OUTSIDE_PARCOURS: Final[Table] = (Dated(_D(2009, 1, 31), 40, "L162-5-3"),)
"""Points of percent less."""

RATE_DOCTOR: Final[Table] = (Dated(_EVER, 70, _UNCAM, sure=False),)
RATE_BIOLOGY: Final[Table] = (Dated(_EVER, 60, _UNCAM, sure=False),)
RATE_DENTAL: Final[Table] = (Dated(_EVER, 70, _UNCAM, sure=False), Dated(_D(2023, 10, 15), 60, _UNCAM))
RATE_PARAMEDICAL: Final[Table] = (Dated(_EVER, 60, _UNCAM, sure=False),)
RATE_MEDICINE: Final[Table] = (Dated(_EVER, 65, _UNCAM, sure=False),)
RATE_TRANSPORT: Final[Table] = (Dated(_EVER, 65, _UNCAM, sure=False), Dated(_D(2023, 8, 1), 55, _UNCAM))
RATE_HOSPITAL: Final[Table] = (Dated(_EVER, 80, _UNCAM, sure=False),)
"""Percent, those of the general regime (D713-3); the fund's own rate of a line goes before (a medicine's, a long
illness's). Unconfirmed: what a pharmacist does is taken at the rate of doctors, appliances at that of paramedical acts.
"""
FULL: Final = 100

TARIFF_GENERAL_PRACTITIONER: Final[Table] = (
    Dated(_D(2017, 5, 1), 2500, "convention médicale"),
    Dated(_D(2023, 11, 1), 2650, "convention médicale"),
    Dated(_D(2024, 12, 22), 3000, "convention médicale"),
)
