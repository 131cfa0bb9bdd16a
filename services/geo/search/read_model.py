"""The same searches on the 2dsphere collection: until the index stands, and to check it against.

Names and sex are encrypted there, so they are not searched.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.geo.domain.facts import Facts, Kind, Source
from services.geo.domain.terminals import HOSPITALS, PHARMACY
from services.geo.search.asked import WIDEST, Asked, Hit, Hits, Mark, haversine
from services.geo.search.joining import Row, joined
from services.geo.search.terms import fits, flags_of, speciality_bit, speciality_number, together
from shared.mongo import Collection

MOST: Final = 1_000
"""Places that one search reads at most."""
WIDER: Final = 1.002
"""A database may take the earth for larger than its mean radius."""
_FIELDS: Final = {"where": 1, "kind": 1, "source": 1, "facts": 1, "person": 1, "spot": 1}

Document = dict[str, Any]


@dataclass
class Told:
    """One result: the row that stands for it, and what all of them say."""

    rows: Sequence[Document]
    mark: Mark
    flags: int = 0
    specialities: int = 0


class ReadModelSearch:
    """Asks the collection of one version of the read model."""

    def __init__(self, collection: Collection) -> None:
        self._places = collection

    async def search(self, asked: Asked) -> Hits:
        """The nearest places that fit; of more than MOST only so many."""
        point = {"type": "Point", "coordinates": [asked.longitude, asked.latitude]}
        radius = min(asked.radius, WIDEST)
        near = {"$nearSphere": {"$geometry": point, "$maxDistance": radius * WIDER}}
        rows = await self._places.find({"where": near, **_conditions(asked)}, _FIELDS).limit(MOST).to_list(MOST)
        told = [_told(one, asked) for one in await self._results(rows)]
        chosen = [
            one for one in told if one.mark.millimetres <= radius * 1000 and fits(asked, one.flags, one.specialities)
        ]
        found = {one.mark: one for one in _once(chosen)}
        marks = sorted(found, key=lambda one: (one.millimetres, one.place))
        after = asked.after
        left = [
            one for one in marks if after is None or (one.millimetres, one.place) > (after.millimetres, after.place)
        ]
        page = left[: asked.limit]
        hits = tuple(_hit(found[mark]) for mark in page)
        return Hits(hits, page[-1] if len(left) > len(page) else None, len(marks), {})

    async def same(self, place_id: str) -> tuple[str, ...]:
        """All places that mean the same as this one, which is among them; first the one that stands for them."""
        found = await self._places.find_one({"_id": place_id}, _FIELDS)
        results = await self._results([found]) if found and found.get("where") else []
        for rows in results:
            if any(row["_id"] == place_id for row in rows):
                return tuple(row["_id"] for row in rows)
        return (place_id,)

    async def _results(self, rows: Sequence[Document]) -> list[list[Document]]:
        """Those of a person together, the ones that lie farther off with them."""
        alone = [[row] for row in rows if not row.get("person")]
        wanted = sorted({row["person"] for row in rows if row.get("person")})
        persons: dict[str, list[Document]] = {}
        if wanted:
            located = {"person": {"$in": wanted}, "where": {"$ne": None}}
            for row in await self._places.find(located, _FIELDS).to_list(None):
                persons.setdefault(row["person"], []).append(row)
        return alone + [result for own in persons.values() for result in _joined(own)]


def _conditions(asked: Asked) -> dict[str, Any]:
    """Filters that are the same in all rows of a person, as the collection knows them."""
    found: dict[str, Any] = {"kind": {"$in": [kind.value for kind in asked.kinds]}} if asked.kinds else {}
    if asked.terminal:
        codes = [PHARMACY, *sorted(HOSPITALS)]
        found["$or"] = [
            {"kind": Kind.FUND_OFFICE.value},
            {"facts.activity_code": {"$in": codes}},
            {"facts.terminal": True},
        ]
    return found


def _joined(rows: Sequence[Document]) -> list[list[Document]]:
    deciding = [
        Row(
            row["source"] == Source.RPPS.value,
            int(row.get("spot") or "0", 16),
            speciality_number(Facts.model_validate(row["facts"])),
            uuid.UUID(row["_id"]).bytes,
        )
        for row in rows
    ]
    return [[rows[at] for at in one] for one in joined(deciding)]


def _told(rows: Sequence[Document], asked: Asked) -> Told:
    found = Told(rows, _mark(rows[0], asked))
    for row in rows:
        facts = Facts.model_validate(row["facts"])
        found.flags = together(found.flags, flags_of(facts))
        found.specialities |= speciality_bit(speciality_number(facts))
    return found


def _once(results: Sequence[Told]) -> Iterable[Told]:
    """Without the establishments of FINESS that the list of health centres has, too."""
    first = [one.rows[0] for one in results]
    centres = {row["facts"].get("site") for row in first if row["source"] == Source.CENTRES.value}
    return (
        one
        for one, row in zip(results, first, strict=True)
        if row["source"] != Source.FINESS.value or row["facts"].get("site") not in centres
    )


def _hit(told: Told) -> Hit:
    first, *others = (row["_id"] for row in told.rows)
    return Hit(first, told.mark.millimetres / 1000, tuple(others))


def _mark(row: Document, asked: Asked) -> Mark:
    longitude, latitude = row["where"]["coordinates"]
    metres = haversine(asked.latitude, asked.longitude, latitude, longitude)
    return Mark(round(metres * 1000), uuid.UUID(row["_id"]).bytes)
