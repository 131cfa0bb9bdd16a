"""The same searches on the 2dsphere collection: until the index stands, and to check it against.

Names and sex are encrypted there, so they are not searched.
"""

import uuid
from typing import Any, Final

from services.geo.domain.facts import Kind, Source
from services.geo.domain.specialities import Speciality, speciality_named
from services.geo.domain.terminals import HOSPITALS, PHARMACY
from services.geo.search.asked import WIDEST, Asked, Hit, Hits, Mark, haversine
from shared.mongo import Collection

MOST: Final = 1_000
"""Places that one search reads at most."""
WIDER: Final = 1.002
"""A database may take the earth for larger than its mean radius."""


class ReadModelSearch:
    """Asks the collection of one version of the read model."""

    def __init__(self, collection: Collection) -> None:
        self._places = collection

    async def search(self, asked: Asked) -> Hits:
        """The nearest places that fit; of more than MOST only so many."""
        point = {"type": "Point", "coordinates": [asked.longitude, asked.latitude]}
        radius = min(asked.radius, WIDEST)
        near = {"$nearSphere": {"$geometry": point, "$maxDistance": radius * WIDER}}
        wanted = {"where": near, **conditions(asked)}
        fields = {"where": 1, "kind": 1, "source": 1, "facts.speciality": 1, "facts.site": 1}
        rows = await self._places.find(wanted, fields).limit(MOST).to_list(MOST)
        fitting = [row for row in rows if asked.speciality is None or _speciality(row) is asked.speciality]
        inside = [row for row in fitting if _mark(row, asked).millimetres <= radius * 1000]
        found = [_mark(row, asked) for row in _once(inside)]
        marks = sorted(found, key=lambda one: (one.millimetres, one.place))
        after = asked.after
        left = [
            one for one in marks if after is None or (one.millimetres, one.place) > (after.millimetres, after.place)
        ]
        page = left[: asked.limit]
        hits = tuple(Hit(str(uuid.UUID(bytes=one.place)), one.millimetres / 1000) for one in page)
        return Hits(hits, page[-1] if len(left) > len(page) else None, len(marks), {})


def conditions(asked: Asked) -> dict[str, Any]:
    """The filters as the collection knows them."""
    found: dict[str, Any] = {}
    if asked.kinds:
        found["kind"] = {"$in": [kind.value for kind in asked.kinds]}
    if asked.sector is not None:
        found["facts.sector"] = asked.sector.value
    found |= {f"facts.{name}": True for name in ("optam", "vitale", "app_vitale") if getattr(asked, name)}
    if asked.terminal:
        codes = [PHARMACY, *sorted(HOSPITALS)]
        found["$or"] = [
            {"kind": Kind.FUND_OFFICE.value},
            {"facts.activity_code": {"$in": codes}},
            {"facts.terminal": True},
        ]
    return found


def _once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the establishments of FINESS that the list of health centres has, too."""
    centres = {row["facts"].get("site") for row in rows if row["source"] == Source.CENTRES.value}
    return [row for row in rows if row["source"] != Source.FINESS.value or row["facts"].get("site") not in centres]


def _speciality(row: dict[str, Any]) -> Speciality | None:
    """By its words, which no index of the database knows."""
    return speciality_named(row["facts"].get("speciality", "")) if row["kind"] == Kind.DOCTOR.value else None


def _mark(row: dict[str, Any], asked: Asked) -> Mark:
    longitude, latitude = row["where"]["coordinates"]
    metres = haversine(asked.latitude, asked.longitude, latitude, longitude)
    return Mark(round(metres * 1000), uuid.UUID(row["_id"]).bytes)
