"""What can be asked of a place, as bits: the same test for one place and for columns of them."""

from typing import Any, Final

from services.geo.domain.facts import Facts, Kind, Sector, Sex
from services.geo.domain.specialities import Speciality, speciality_of
from services.geo.domain.terminals import terminal_at
from services.geo.search.asked import Asked

SPECIALITIES: Final = (None, *Speciality)
"""By number: 0 is none."""
RARE: Final = 31
"""Of a speciality that nobody can choose."""
OPTAM, VITALE, APP, TERMINAL = 4, 8, 16, 32
SECTOR_BITS: Final = 3
SECTORS: Final = {None: 0, Sector.ONE: 1, Sector.TWO: 2, Sector.NONE: 3}
SEXES: Final = {Sex.FEMALE: 64, Sex.MALE: 128}
JOINED: Final = 256
"""It tells what other rows say, too."""
HIDDEN: Final = 512
"""Shown by another row that means the same."""
FILTERS: Final = {"vitale": VITALE, "app_vitale": APP, "optam": OPTAM, "terminal": TERMINAL}


def flags_of(facts: Facts) -> int:
    """What the file says of a place."""
    found = SECTORS[facts.sector]
    found |= OPTAM if facts.optam else 0
    found |= VITALE if facts.vitale else 0
    found |= APP if facts.app_vitale else 0
    return found | (TERMINAL if terminal_at(facts) else 0)


def together(flags: int, others: int) -> int:
    """What two rows say of one place: the first's sector, if it says one, and all else that either says."""
    return flags | (others if not flags & SECTOR_BITS else others & ~SECTOR_BITS)


def speciality_number(facts: Facts) -> int:
    """0: the file says none."""
    found = speciality_of(facts)
    return SPECIALITIES.index(found) if found else RARE if facts.speciality and facts.kind is Kind.DOCTOR else 0


def fits(asked: Asked, flags: Any, specialities: Any) -> Any:
    """Whether they are what is asked for. `flags`, `specialities` (a bit each): numbers, or arrays of them."""
    found = (flags & HIDDEN) == 0
    if asked.speciality is not None:
        found &= (specialities & speciality_bit(SPECIALITIES.index(asked.speciality))) != 0
    if asked.sector is not None:
        found &= (flags & SECTOR_BITS) == SECTORS[asked.sector]
    if asked.sex is not None:
        found &= (flags & SEXES[asked.sex]) != 0
    for name, bit in FILTERS.items():
        if getattr(asked, name):
            found &= (flags & bit) != 0
    return found


def speciality_bit(number: int) -> int:
    """Of a speciality's number; none has none."""
    return 1 << number if number else 0
