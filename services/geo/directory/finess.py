"""FINESS: the stock with or without header, as it is published (Licence Ouverte)."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from services.geo.directory import coordinates
from services.geo.directory.entries import Entry, Raw, encoding_of, phone, words
from services.geo.directory.locating import Locator, position
from services.geo.domain.facts import Kind, Precision, Source
from services.geo.gazetteer import Gazetteer
from services.geo.gazetteer.communes import Point
from shared.kernel import Rejected

HOSPITALS: Final = ("101", "106", "109", "114", "122", "128", "129", "131", "141", "161", "292", "355", "362", "365")
KINDS: Final[Mapping[str, Kind]] = {
    "620": Kind.PHARMACY,
    **dict.fromkeys(HOSPITALS, Kind.HOSPITAL),
    **dict.fromkeys(("124", "125", "130", "439", "603"), Kind.HEALTH_CENTRE),
    "611": Kind.LABORATORY,
    **dict.fromkeys(("500", "501", "502"), Kind.NURSING_HOME),
}
STRUCTURE: Final = (
    "nofinesset", "nofinessej", "rs", "rslongue", "complrs", "compldistrib", "numvoie", "typvoie", "voie", "compvoie",
    "lieuditbp", "commune", "departement", "libdepartement", "ligneacheminement", "telephone", "telecopie", "categetab",
    "libcategetab", "categagretab", "libcategagretab", "siret", "codeape", "codemft", "libmft", "codesph", "libsph",
    "dateouv", "dateautor", "datemaj", "numuai",
)  # fmt: skip
"""The fields behind `structureet;`, in a file that names none."""
_DEPARTEMENTS: Final = {"9A": "971", "9B": "972", "9C": "973", "9D": "974", "9E": "975", "9F": "976", "9J": "986"}
_GEO_FIELDS: Final = 5

Row = dict[str, str]


class FinessReader:
    """One file. What it says of coordinates is read first: whole communes are located by it."""

    source = Source.FINESS

    def __init__(self, file: Path, gazetteer: Gazetteer) -> None:
        self._file = file
        self._encoding = encoding_of(file)
        with file.open(encoding=self._encoding, newline="") as text:
            first = next(csv.reader(text, delimiter=";"), [])
        self._header = None if first[:1] == ["finess"] else [name.strip().lower() for name in first]
        if self._header is not None and "nofinesset" not in self._header:
            raise Rejected("file-unknown")
        self._points, self.notes = self._located()
        communes = {row["nofinesset"]: commune_of(row) for _, row in self.rows()}
        sites = {number: (point, communes[number]) for number, point in self._points.items() if number in communes}
        self._locator = Locator(gazetteer, sites)

    def rows(self) -> Iterator[tuple[int, Raw]]:
        for number, fields in self._lines():
            if self._header is not None:
                if number > 1:
                    yield number, dict(zip(self._header, self._fitted(fields), strict=False))
            elif fields[:1] == ["structureet"]:
                yield number, dict(zip(STRUCTURE, fields[1:], strict=False))

    def entry(self, raw: Row) -> Entry:
        number = raw.get("nofinesset", "").strip()
        if not number or not raw.get("categetab") or not raw.get("ligneacheminement"):
            raise Rejected("row-incomplete")
        postcode, _, city = raw["ligneacheminement"].strip().partition(" ")
        commune = commune_of(raw)
        point = self._points.get(number)
        facts = {
            "kind": KINDS.get(raw["categetab"], Kind.ESTABLISHMENT),
            "activity": raw.get("libcategetab", ""),
            "activity_code": raw["categetab"],
            "label": words(raw.get("rslongue") or raw.get("rs", "")),
            "street": words(raw.get("numvoie", ""), raw.get("typvoie", ""), raw.get("voie", "")),
            "phone": phone(raw.get("telephone", "")),
            "postcode": raw.get("codepostal") or postcode,
            "city": city.strip(),
            "commune": commune,
            "site": number,
        }
        place = position(point, Precision.ADDRESS) if point else self._locator.around(commune, postcode)
        return Entry(f"finess|{number}", facts, None, place)

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        with self._file.open(encoding=self._encoding, newline="") as text:
            for fields in (reader := csv.reader(text, delimiter=";")):
                yield reader.line_num, fields

    def _fitted(self, fields: list[str]) -> list[str]:
        """Older files write `;` inside the source of the coordinates, without quotes."""
        assert self._header is not None
        extra = len(fields) - len(self._header)
        if extra <= 0 or "sourcegeocod" not in self._header:
            return fields
        at = self._header.index("sourcegeocod")
        return [*fields[:at], ";".join(fields[at : at + extra + 1]), *fields[at + extra + 1 :]]

    def _located(self) -> tuple[dict[str, Point], dict[str, int]]:
        points: dict[str, Point] = {}
        notes: dict[str, int] = {}
        for number, x, y, source in self._geocoded():
            try:
                system = coordinates.system_of(source)
                points[number] = coordinates.located(coordinates.number(x), coordinates.number(y), system)
            except Rejected as refusal:
                notes[refusal.code] = notes.get(refusal.code, 0) + 1
        return points, notes

    def _geocoded(self) -> Iterator[tuple[str, str, str, str]]:
        for number, fields in self._lines():
            if self._header is None:
                if fields[:1] == ["geolocalisation"] and len(fields) > _GEO_FIELDS:
                    yield fields[1], fields[2], fields[3], ";".join(fields[4:-1])
            elif number > 1:
                row: dict[str, Any] = dict(zip(self._header, self._fitted(fields), strict=False))
                if row.get("coordx") or row.get("coordy"):
                    yield row["nofinesset"], row.get("coordx", ""), row.get("coordy", ""), row.get("sourcegeocod", "")


def commune_of(row: Row) -> str:
    """The INSEE code: overseas FINESS has département letters of its own before the commune's three digits."""
    if row.get("cog"):
        return row["cog"]
    departement, commune = row.get("departement", ""), row.get("commune", "")
    return f"{_DEPARTEMENTS.get(departement, departement)[:2]}{commune}"
