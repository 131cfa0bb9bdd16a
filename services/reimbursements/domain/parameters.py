"""Rates, amounts and ceilings: a dated table, each value with the article that set it. Nothing here is a constant.

The date of the care picks amounts and ceilings of a day, the date of the reimbursement the ceilings of a year.
"""

import datetime as dt
from typing import Final, NamedTuple


class Dated(NamedTuple):
    """A value from a day on: cents, percent or a count, as its table says."""

    since: dt.date
    value: int
    source: str


Table = tuple[Dated, ...]
_D = dt.date


def at(table: Table, day: dt.date) -> Dated:
    """The value in force on a day; 0 before the first."""
    found = Dated(dt.date.min, 0, table[0].source)
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
PARTICIPATIONS_PER_DAY: Final[Table] = (Dated(_D(2005, 1, 1), 4, "D160-8"),)
"""How many for one beneficiary, one professional and one day."""
PARTICIPATION_PER_YEAR: Final[Table] = (
    Dated(_D(2005, 1, 1), 5000, "D160-6"),  # 50 of 1 €
    Dated(_D(2024, 5, 16), 5000, "D160-6"),  # 25 of 2 €: kept in euros, so that a year with both is right (decision)
)
FRANCHISE_BOX: Final[Table] = (Dated(_D(2008, 1, 1), 50, "D160-9"), Dated(_D(2024, 3, 31), 100, "D160-9"))
FRANCHISE_PARAMEDICAL: Final[Table] = (Dated(_D(2008, 1, 1), 50, "D160-9"), Dated(_D(2024, 3, 31), 100, "D160-9"))
FRANCHISE_TRIP: Final[Table] = (Dated(_D(2008, 1, 1), 200, "D160-9"), Dated(_D(2024, 3, 31), 400, "D160-9"))
PARAMEDICAL_PER_DAY: Final[Table] = (Dated(_D(2008, 1, 1), 200, "D160-11"), Dated(_D(2024, 3, 31), 400, "D160-11"))
TRIPS_PER_DAY: Final[Table] = (Dated(_D(2008, 1, 1), 400, "D160-11"), Dated(_D(2024, 3, 31), 800, "D160-11"))
FRANCHISE_PER_YEAR: Final[Table] = (Dated(_D(2008, 1, 1), 5000, "D160-10"),)

HEAVY_FROM: Final[Table] = (Dated(_D(2019, 1, 1), 12000, "R160-16"),)
"""From this tariff on, a flat sum stands for the ticket modérateur."""
HEAVY_FLAT: Final[Table] = (Dated(_D(2019, 1, 1), 2400, "R160-16"),)
OUTSIDE_PARCOURS: Final[Table] = (Dated(_D(2009, 1, 31), 40, "L162-5-3"),)
"""Points of percent less."""

RATE_DOCTOR: Final[Table] = (Dated(_D(2005, 1, 1), 70, "R160-5"),)
RATE_BIOLOGY: Final[Table] = (Dated(_D(2005, 1, 1), 60, "R160-5"),)
RATE_DENTAL: Final[Table] = (Dated(_D(2005, 1, 1), 70, "R160-5"), Dated(_D(2023, 10, 15), 60, "R160-5"))
RATE_PARAMEDICAL: Final[Table] = (Dated(_D(2005, 1, 1), 60, "R160-5"),)
RATE_MEDICINE: Final[Table] = (Dated(_D(2005, 1, 1), 65, "R160-5"),)
RATE_TRANSPORT: Final[Table] = (Dated(_D(2005, 1, 1), 65, "R160-5"), Dated(_D(2022, 10, 1), 55, "R160-5"))
RATE_HOSPITAL: Final[Table] = (Dated(_D(2005, 1, 1), 80, "R160-5"),)
"""Percent; the fund's own rate of a line goes before (a medicine's, a long illness's)."""
FULL: Final = 100

TARIFF_GENERAL_PRACTITIONER: Final[Table] = (
    Dated(_D(2017, 5, 1), 2500, "convention médicale"),
    Dated(_D(2023, 11, 1), 2650, "convention médicale"),
    Dated(_D(2024, 12, 22), 3000, "convention médicale"),
)
