"""FINESS+: establishments as JSON (since December 2025), whose coordinates are mostly swapped (ansforge/finess 24)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from services.geo.directory import coordinates
from services.geo.directory.entries import Entry, Raw, phone, words
from services.geo.directory.finess import KINDS
from services.geo.directory.locating import Locator
from services.geo.domain.facts import Kind, Source
from services.geo.gazetteer import Gazetteer
from services.geo.gazetteer.communes import Point
from shared.kernel import Rejected

Json = Mapping[str, Any]


class FinessPlusReader:
    """One file: legal entities (`pmej`) and their establishments (`ege`)."""

    source = Source.FINESS

    def __init__(self, file: Path, gazetteer: Gazetteer) -> None:
        try:
            content = orjson.loads(file.read_bytes())
        except orjson.JSONDecodeError:
            raise Rejected("file-unknown") from None
        entities = content.get("pmej") if isinstance(content, dict) else None
        if not isinstance(entities, list):
            raise Rejected("file-unknown")
        self._rows: list[Json] = [one for entity in entities for one in entity.get("ege", ())]
        self.notes: dict[str, int] = {}
        sites = {_number(row): (point, _commune(row)) for row in self._rows if (point := self._point(row))}
        self._locator = Locator(gazetteer, sites)

    def rows(self) -> Iterator[tuple[int, Raw]]:
        yield from enumerate(self._rows, start=1)

    def entry(self, raw: Json) -> Entry:
        number, address = _number(raw), _address(raw)
        category = str(raw.get("codeCategorie", ""))
        if not number or not category or not address:
            raise Rejected("row-incomplete")
        postcode = str(address.get("codePostal", ""))
        facts = {
            "kind": KINDS.get(category, Kind.ESTABLISHMENT),
            "activity": str(raw.get("libelleCategorie", "")),
            "activity_code": category,
            "label": words(str(raw.get("raisonSociale", ""))),
            "street": words(*(str(address.get(name) or "") for name in ("numeroVoie", "typeVoie", "libelleVoie"))),
            "phone": phone(str(raw.get("telephone", ""))),
            "postcode": postcode,
            "city": str(address.get("libelleCommune", "")),
            "commune": _commune(raw),
            "site": number,
        }
        place = self._locator.site(number) or self._locator.around(_commune(raw), postcode)
        return Entry(f"finess|{number}", facts, None, place)

    def _point(self, row: Json) -> Point | None:
        given = _address(row).get("coordonneesGeographique") or {}
        try:
            return coordinates.degrees(
                coordinates.number(str(given.get("directionLatitude", ""))),
                coordinates.number(str(given.get("directionLongitude", ""))),
            )
        except Rejected:
            pass
        try:
            x, y = (coordinates.number(str(given.get(name, ""))) for name in ("coordonneeX", "coordonneeY"))
            return _projected(x, y, str(_address(row).get("codePostal", "")))
        except Rejected as refusal:
            self.notes[refusal.code] = self.notes.get(refusal.code, 0) + 1
            return None


def _projected(x: float, y: float, postcode: str) -> Point:
    """The file names no system: it is that of the département."""
    systems = {"971": 5490, "972": 5490, "973": 2972, "974": 2975, "975": 4467, "976": 4471}
    return coordinates.located(x, y, systems.get(postcode[:3], 2154))


def _number(row: Json) -> str:
    return str(row.get("numeroFinessEg", ""))


def _address(row: Json) -> Json:
    found = row.get("adresse")
    first: Json = (found[0] if found else {}) if isinstance(found, list) else (found or {})
    return first


def _commune(row: Json) -> str:
    return str(_address(row).get("codeCommune", ""))
