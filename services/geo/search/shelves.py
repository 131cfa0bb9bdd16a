"""Rows of the index: plain arrays, one slot per state of a place; a place that changes gets a new slot."""

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from services.geo.domain.facts import Facts, Kind, Location, Practitioner, Source
from services.geo.domain.persons import trace_of
from services.geo.search.joining import Row
from services.geo.search.names import Names
from services.geo.search.terms import SEXES, flags_of, speciality_bit, speciality_number

KINDS: Final = tuple(Kind)
SOURCES: Final = tuple(Source)
ID_BYTES: Final = 16
NOWHERE: Final = -(1 << 31)

Slots = npt.NDArray[np.int64]


@dataclass
class Rows:
    """About seventy bytes for each place. What `told`, `specialities` say includes what rows of the same person say."""

    names: Names = field(default_factory=Names)
    ids: bytearray = field(default_factory=bytearray)
    latitude: "array[int]" = field(default_factory=lambda: array("i"))
    longitude: "array[int]" = field(default_factory=lambda: array("i"))
    source: "array[int]" = field(default_factory=lambda: array("B"))
    kind: "array[int]" = field(default_factory=lambda: array("b"))
    speciality: "array[int]" = field(default_factory=lambda: array("B"))
    flags: "array[int]" = field(default_factory=lambda: array("B"))
    person: "array[int]" = field(default_factory=lambda: array("Q"))
    spot: "array[int]" = field(default_factory=lambda: array("I"))
    told: "array[int]" = field(default_factory=lambda: array("H"))
    specialities: "array[int]" = field(default_factory=lambda: array("I"))
    word: "array[int]" = field(default_factory=lambda: array("I"))
    worded: "array[int]" = field(default_factory=lambda: array("I"))
    """The slots that bear the words."""
    twin: "array[int]" = field(default_factory=lambda: array("I"))
    """Twice the number of an establishment's site, and one more where the list of health centres has it; or 0."""
    sites: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.kind)

    def add(
        self, place: bytes, source: Source, facts: Facts, who: Practitioner | None, location: Location | None
    ) -> int:
        """A new slot."""
        slot = self._placed(place, location)
        self.source.append(SOURCES.index(source))
        self.twin.append(self._twin_of(source, facts.site))
        self.kind.append(KINDS.index(facts.kind))
        self.speciality.append(speciality_number(facts))
        self.flags.append(flags_of(facts) | (SEXES[who.sex] if who and who.sex else 0))
        trace = trace_of(source, facts, who)
        self.person.append(trace.person)
        self.spot.append(trace.spot)
        self._told_alone(slot)
        self._named(slot, self.names.numbers(*((who.surname, who.given_name) if who else (facts.label,))))
        return slot

    def move(self, slot: int, location: Location | None) -> int:
        """The same place elsewhere: a new slot."""
        words = self.words_of(slot)
        new = self._placed(self.id_of(slot), location)
        for column in (self.source, self.kind, self.speciality, self.flags, self.person, self.spot, self.twin):
            column.append(column[slot])
        self._told_alone(new)
        self._named(new, words)
        self.retire(slot)
        return new

    def row(self, slot: int) -> Row:
        """What decides whether it is the same as another."""
        return Row(self.source_of(slot) is Source.RPPS, self.spot[slot], self.speciality[slot], self.id_of(slot))

    def _told_alone(self, slot: int) -> None:
        self.told.append(self.flags[slot])
        self.specialities.append(speciality_bit(self.speciality[slot]))

    def _twin_of(self, source: Source, site: str) -> int:
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

    def source_of(self, slot: int) -> Source:
        return SOURCES[self.source[slot]]

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
