"""The index in memory: one tree of points of the unit sphere for each kind, and the places that came since.

A place that changes gets a new slot and its old one is retired, so trees never change; they are built anew beside.
"""

import uuid
from collections.abc import Iterable
from typing import Final

import numpy as np

from services.geo.domain import events as e
from services.geo.domain.facts import Location, Practitioner, Precision
from services.geo.search.asked import Asked, Hits
from services.geo.search.built import Built, build
from services.geo.search.finding import Found, found_in
from services.geo.search.shelves import NOWHERE, Rows
from shared.kernel import Erased, Event

TAIL: Final = 2_000
"""Slots looked through one by one; with more, the trees are due."""


class Index:
    """Folds events, in any number of batches; answers at any time with what it has folded."""

    def __init__(self) -> None:
        self._rows = Rows()
        self._built = Built()
        self._recent: dict[bytes, int] = {}

    def __len__(self) -> int:
        return sum(1 for kind in self._rows.kind if kind >= 0)

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
                self._take(uuid.UUID(event.place_id).bytes, event)

    def build(self) -> None:
        """Build the trees anew; others may search meanwhile, but not apply."""
        self._built = build(self._rows)
        self._recent = {}

    def search(self, asked: Asked) -> Hits:
        """The nearest places that fit, in order of distance, then of their ids."""
        return found_in(Found(self._rows, self._built, asked))

    def _take(self, place: bytes, event: e.PlaceEvent) -> None:
        slot = self._slot(place)
        match event:
            case e.PlaceListed():
                twin = self._rows.twin_of(event.source, event.facts.site)
                self._recent[place] = self._rows.add(place, event.facts, _who(event), event.location, twin)
            case e.PlaceMoved() if slot >= 0:
                self._recent[place] = self._rows.move(slot, event.location)
                return
            case e.PlaceChanged() if slot >= 0:
                twin = self._rows.twin[slot]
                self._recent[place] = self._rows.add(place, event.facts, _who(event), self._location(slot), twin)
            case _:
                self._recent.pop(place, None)
        if slot >= 0:
            self._rows.retire(slot)

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
