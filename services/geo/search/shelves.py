"""Rows of the index: plain arrays, one slot per state of a place; a place that changes gets a new slot."""

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from services.geo.domain.facts import Facts, Kind, Location, Practitioner, Sector, Sex, Source
from services.geo.domain.specialities import Speciality, speciality_of
from services.geo.domain.terminals import terminal_at
from services.geo.search.names import Names

KINDS: Final = tuple(Kind)
SPECIALITIES: Final = (None, *Speciality)
OPTAM, VITALE, APP, TERMINAL = 4, 8, 16, 32
SECTOR_BITS: Final = 3
SECTORS: Final = {None: 0, Sector.ONE: 1, Sector.TWO: 2, Sector.NONE: 3}
SEXES: Final = {Sex.FEMALE: 64, Sex.MALE: 128}
ID_BYTES: Final = 16
NOWHERE: Final = -(1 << 31)

Slots = npt.NDArray[np.int64]


@dataclass
class Rows:
    """About sixty bytes for each place."""

    names: Names = field(default_factory=Names)
    ids: bytearray = field(default_factory=bytearray)
    latitude: "array[int]" = field(default_factory=lambda: array("i"))
    longitude: "array[int]" = field(default_factory=lambda: array("i"))
    kind: "array[int]" = field(default_factory=lambda: array("b"))
    speciality: "array[int]" = field(default_factory=lambda: array("B"))
    flags: "array[int]" = field(default_factory=lambda: array("B"))
    word: "array[int]" = field(default_factory=lambda: array("I"))
    worded: "array[int]" = field(default_factory=lambda: array("I"))
    """The slots that bear the words."""
    twin: "array[int]" = field(default_factory=lambda: array("I"))
    """Twice the number of an establishment's site, and one more where the list of health centres has it; or 0."""
    sites: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.kind)

    def add(self, place: bytes, facts: Facts, who: Practitioner | None, location: Location | None, twin: int) -> int:
        """A new slot."""
        slot = self._placed(place, location)
        self.twin.append(twin)
        self.kind.append(KINDS.index(facts.kind))
        self.speciality.append(SPECIALITIES.index(speciality_of(facts)))
        self.flags.append(_flags(facts) | (SEXES[who.sex] if who and who.sex else 0))
        self._named(slot, self.names.numbers(*((who.surname, who.given_name) if who else (facts.label,))))
        return slot

    def move(self, slot: int, location: Location | None) -> int:
        """The same place elsewhere: a new slot."""
        words = self.words_of(slot)
        new = self._placed(self.id_of(slot), location)
        self.kind.append(self.kind[slot])
        self.speciality.append(self.speciality[slot])
        self.flags.append(self.flags[slot])
        self.twin.append(self.twin[slot])
        self._named(new, words)
        self.retire(slot)
        return new

    def twin_of(self, source: Source, site: str) -> int:
        """What an establishment is known by in both files that have it; a professional at a site is not the site."""
        if source not in {Source.FINESS, Source.CENTRES} or not site:
            return 0
        return 2 * self.sites.setdefault(site, len(self.sites) + 1) + (source is Source.CENTRES)

    def words_of(self, slot: int) -> list[int]:
        """The words of a slot: they lie together, in the order of the slots."""
        return list(self.word[bisect_left(self.worded, slot) : bisect_right(self.worded, slot)])

    def retire(self, slot: int) -> None:
        """A slot that stands for nothing any more."""
        self.kind[slot] = -1

    def id_of(self, slot: int) -> bytes:
        return bytes(self.ids[slot * ID_BYTES : (slot + 1) * ID_BYTES])

    def _placed(self, place: bytes, location: Location | None) -> int:
        self.ids += place
        self.latitude.append(location.lat_e6 if location else NOWHERE)
        self.longitude.append(location.lon_e6 if location else NOWHERE)
        return len(self.latitude) - 1

    def _named(self, slot: int, words: list[int]) -> None:
        self.word.extend(words)
        self.worded.extend([slot] * len(words))


def sphere(latitude: npt.NDArray[np.int32], longitude: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """Points of the unit sphere, from millionths of a degree."""
    north, east = np.radians(latitude / 1e6), np.radians(longitude / 1e6)
    return np.column_stack((np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)))


def _flags(facts: Facts) -> int:
    found = SECTORS[facts.sector]
    found |= OPTAM if facts.optam else 0
    found |= VITALE if facts.vitale else 0
    found |= APP if facts.app_vitale else 0
    return found | (TERMINAL if terminal_at(facts) else 0)
