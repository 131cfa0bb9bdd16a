"""One search in the index: candidates by kind and radius, filters, order, page, counts."""

import uuid
from array import array
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.geo.search.asked import EARTH, WIDEST, Asked, Hit, Hits, Mark
from services.geo.search.built import Built, Tree
from services.geo.search.shelves import (
    KINDS,
    NOWHERE,
    Rows,
    Slots,
    sphere,
)
from services.geo.search.terms import FILTERS, SECTOR_BITS, SECTORS, SEXES, SPECIALITIES, fits, speciality_bit

Mask = npt.NDArray[np.bool_]


class Found(NamedTuple):
    """What a search works on."""

    rows: Rows
    built: Built
    asked: Asked


def found_in(search: Found) -> Hits:
    """The page that was asked for."""
    rows, asked = search.rows, search.asked
    centre = sphere(np.array([asked.latitude * 1e6]), np.array([asked.longitude * 1e6]))[0]
    slots, metres = _around(search, centre)
    named = _named(search, slots) if asked.name else np.ones(len(slots), np.bool_)
    kinds = _column(rows.kind, slots)
    named &= kinds >= 0
    slots, metres, kinds = slots[named], metres[named], kinds[named]
    told, specialities = _column(rows.told, slots), _column(rows.specialities, slots)
    chosen: Mask = fits(asked, told, specialities)
    if asked.kinds:
        chosen &= np.isin(kinds, [KINDS.index(kind) for kind in asked.kinds])
    chosen &= ~_told_twice(_column(rows.twin, slots), chosen)
    counts = _counts(kinds[chosen], specialities[chosen], told[chosen])
    slots, metres = slots[chosen], metres[chosen]
    hits, more = _page(rows, slots, metres, asked)
    return Hits(hits, more, len(slots), counts)


def _around(search: Found, centre: npt.NDArray[np.float64]) -> tuple[Slots, npt.NDArray[np.float64]]:
    """Slots within the radius and their distances: from the trees, and from what came since they were built."""
    rows, built, asked = search
    chord = 2 * np.sin(min(asked.radius, WIDEST) / (2 * EARTH))
    wanted = asked.kinds or KINDS
    parts = [_near(*built.shelves[kind], centre, chord) for kind in wanted if kind in built.shelves]
    tail = np.arange(built.slots, len(rows))
    latitude = np.array(rows.latitude[built.slots :], np.int32)
    points = sphere(latitude, np.array(rows.longitude[built.slots :], np.int32))
    near = (latitude != NOWHERE) & (np.linalg.norm(points - centre, axis=1) <= chord)
    old = np.concatenate(parts) if parts else np.zeros(0, np.int64)
    slots = np.concatenate((old, tail[near]))
    apart = np.linalg.norm(np.concatenate((built.points[old], points[near])) - centre, axis=1)
    return slots, 2 * EARTH * np.arcsin(np.minimum(apart / 2, 1))


def _near(slots: Slots, tree: Tree, centre: npt.NDArray[np.float64], chord: float) -> Slots:
    inside = tree.query_ball_point(centre, chord, return_sorted=False)
    return slots[np.array(inside, np.int64)]


def _column(column: "array[int]", slots: Slots) -> npt.NDArray[np.int64]:
    """One field of these slots, without copying the whole column."""
    return np.frombuffer(column, dtype=np.dtype(column.typecode))[slots].astype(np.int64)


def _named(search: Found, slots: Slots) -> Mask:
    """Whether they bear, for each word typed, one that may be meant."""
    rows, built, asked = search
    found = np.ones(len(slots), np.bool_)
    for meant in rows.names.like(asked.name):
        bearing = [_postings(built, word) for word in meant]
        tail = [slot for slot in slots[slots >= built.slots] if meant & set(rows.words_of(int(slot)))]
        found &= np.isin(slots, np.concatenate([*bearing, np.array(tail, np.int64)]))
    return found


def _postings(built: Built, word: int) -> Slots:
    first, last = np.searchsorted(built.word, [word, word + 1])
    return built.worded[first:last]


def _told_twice(twins: npt.NDArray[np.int64], chosen: Mask) -> Mask:
    """Establishments of FINESS that the list of health centres has among the chosen, too: it says more of them."""
    centres = (twins & 1) == 1
    told: Mask = ~centres & np.isin(twins >> 1, twins[chosen & centres] >> 1)
    return told


def _counts(
    kinds: npt.NDArray[np.int64], specialities: npt.NDArray[np.int64], flags: npt.NDArray[np.int64]
) -> dict[str, int]:
    """How many of what is shown each filter would leave."""
    found = {f"kind:{KINDS[number]}": int(count) for number, count in enumerate(np.bincount(kinds))}
    found |= {
        f"speciality:{name}": int(np.sum((specialities & speciality_bit(number)) != 0))
        for number, name in enumerate(SPECIALITIES)
        if name
    }
    found |= {f"sector:{name}": int(np.sum((flags & SECTOR_BITS) == bits)) for name, bits in SECTORS.items() if name}
    found |= {f"sex:{name}": int(np.sum((flags & bit) != 0)) for name, bit in SEXES.items()}
    found |= {name: int(np.sum((flags & bit) != 0)) for name, bit in FILTERS.items()}
    return {name: count for name, count in found.items() if count}


def _page(
    rows: Rows, slots: Slots, metres: npt.NDArray[np.float64], asked: Asked
) -> tuple[tuple[Hit, ...], Mark | None]:
    """Only as many as the page needs are put in order by id, too."""
    millimetres = np.rint(metres * 1000).astype(np.int64)
    if asked.after is not None:
        later = millimetres >= asked.after.millimetres
        slots, millimetres = slots[later], millimetres[later]
    order = np.argsort(millimetres, kind="stable")
    marks: list[Mark] = []
    for at, index in enumerate(order):
        marks.append(Mark(int(millimetres[index]), rows.id_of(int(slots[index]))))
        beyond = at + 1 < len(order) and millimetres[order[at + 1]] > marks[-1].millimetres
        if beyond and len(_after(marks, asked.after)) > asked.limit:
            break
    found = sorted(_after(marks, asked.after), key=lambda mark: (mark.millimetres, mark.place))
    page = found[: asked.limit]
    hits = tuple(Hit(str(uuid.UUID(bytes=mark.place)), mark.millimetres / 1000) for mark in page)
    return hits, page[-1] if len(found) > len(page) else None


def _after(marks: list[Mark], after: Mark | None) -> list[Mark]:
    if after is None:
        return marks
    return [one for one in marks if (one.millimetres, one.place) > (after.millimetres, after.place)]
