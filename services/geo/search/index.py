"""The index in memory: one tree of points of the unit sphere for each kind, and the places that came since.

A place that changes gets a new slot and its old one is retired, so trees never change; they are built anew beside.
"""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np

from services.geo.domain import events as e
from services.geo.domain.facts import Location, Practitioner, Precision
from services.geo.search.asked import Asked, Hit, Hits
from services.geo.search.built import Built, build
from services.geo.search.finding import Found, found_in
from services.geo.search.joining import joined
from services.geo.search.shelves import NOWHERE, Rows
from services.geo.search.terms import HIDDEN, JOINED, speciality_bit, together
from shared.kernel import Erased, Event

TAIL: Final = 2_000
"""Slots looked through one by one; with more, the trees are due."""


class Index:
    """Folds events, in any number of batches; answers at any time with what it has folded."""

    def __init__(self, rows: Rows | None = None) -> None:
        """`rows`: what was folded before; build it, then apply what followed."""
        self._rows = Rows() if rows is None else rows
        self._built = Built()
        self._recent: dict[bytes, int] = {}
        self._persons: dict[int, list[int]] = {}
        """The slots that came since all was built, by place and by person."""

    def __len__(self) -> int:
        return len(self._rows) - self._rows.kind.count(-1)

    @property
    def rows(self) -> Rows:
        """What it holds, for those who measure it."""
        return self._rows

    @property
    def due(self) -> bool:
        """Whether so much came that the trees should be built anew."""
        return len(self._rows) - self._built.slots > max(TAIL, self._built.slots // 20)

    def apply(self, events: Iterable[Event]) -> None:
        """Take events in the order of their streams."""
        for event in events:
            if isinstance(event, e.PlaceListed | e.PlaceChanged | e.PlaceMoved | e.PlaceDelisted):
                self._take(bytes.fromhex(event.place_id.replace("-", "")), event)

    def build(self) -> None:
        """Build the trees anew; others may search meanwhile, but not apply."""
        self._built = build(self._rows)
        self._recent, self._persons = {}, {}

    def search(self, asked: Asked) -> Hits:
        """The nearest places that fit, in order of distance, then of their ids."""
        found = found_in(Found(self._rows, self._built, asked))
        return replace(found, hits=tuple(self._with_others(hit) for hit in found.hits))

    def same(self, place_id: str) -> tuple[str, ...]:
        """All places that mean the same as this one, which is among them; first the one that stands for them."""
        try:
            slot = self._slot(uuid.UUID(place_id).bytes)
        except ValueError:
            return ()
        person = self._rows.person[slot] if slot >= 0 else 0
        found = next((one for one in self._results_of(person) if slot in one), [slot]) if person else [slot]
        return tuple(str(uuid.UUID(bytes=self._rows.id_of(one))) for one in found if one >= 0)

    def _with_others(self, hit: Hit) -> Hit:
        slot = self._slot(uuid.UUID(hit.place_id).bytes)
        return hit._replace(others=self.same(hit.place_id)[1:]) if self._rows.told[slot] & JOINED else hit

    def _take(self, place: bytes, event: e.PlaceEvent) -> None:
        rows, slot, new = self._rows, self._slot(place), -1
        match event:
            case e.PlaceListed():
                new = rows.add(place, event.source, event.facts, _who(event), event.location)
            case e.PlaceMoved() if slot >= 0:
                new = rows.move(slot, event.location)
            case e.PlaceChanged() if slot >= 0:
                new = rows.add(place, rows.source_of(slot), event.facts, _who(event), self._location(slot))
        if new >= 0:
            self._recent[place] = new
            if rows.person[new]:
                self._persons.setdefault(rows.person[new], []).append(new)
        else:
            self._recent.pop(place, None)
        if slot >= 0:
            rows.retire(slot)
        for person in {rows.person[one] for one in (slot, new) if one >= 0} - {0}:
            self._join(person)

    def _join(self, person: int) -> None:
        """Each result of a person tells what all its rows say; they are hidden behind the first."""
        rows = self._rows
        for first, *others in self._results_of(person):
            told, specialities = rows.flags[first], speciality_bit(rows.speciality[first])
            for other in others:
                told = JOINED | together(told, rows.flags[other])
                specialities |= speciality_bit(rows.speciality[other])
                rows.told[other] = rows.flags[other] | HIDDEN
            rows.told[first], rows.specialities[first] = told, specialities

    def _results_of(self, person: int) -> list[list[int]]:
        """Of these slots, those that are one result; the first stands for it."""
        rows = self._rows
        slots = [*self._built.of_person(person), *self._persons.get(person, ())]
        slots = [slot for slot in slots if rows.kind[slot] >= 0 and rows.latitude[slot] != NOWHERE]
        if len(slots) <= 1:
            return [slots] if slots else []
        return [[slots[at] for at in one] for one in joined([rows.row(slot) for slot in slots])]

    def _location(self, slot: int) -> Location | None:
        latitude, longitude = self._rows.latitude[slot], self._rows.longitude[slot]
        if latitude == NOWHERE:
            return None
        return Location(lat_e6=latitude, lon_e6=longitude, precision=Precision.ADDRESS)

    def _slot(self, place: bytes) -> int:
        """The live slot of a place, or -1."""
        if place in self._recent:
            return self._recent[place]
        half = np.uint64(int.from_bytes(place[:8], "big"))
        at = int(np.searchsorted(self._built.halves, half))
        while at < len(self._built.halves) and self._built.halves[at] == half:
            slot = int(self._built.order[at])
            if self._rows.kind[slot] >= 0 and self._rows.id_of(slot) == place:
                return slot
            at += 1
        return -1


def _who(event: e.PlaceListed | e.PlaceChanged) -> Practitioner | None:
    who = event.practitioner
    return None if isinstance(who, Erased) else who
