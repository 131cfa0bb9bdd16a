"""RPPS: `PS_LibreAcces_Personne_activite`, one row per activity of a person; no coordinates, no tariffs."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from services.geo.directory.entries import Entry, Raw, phone, sex, words
from services.geo.directory.headed import HeadedFile
from services.geo.directory.locating import Locator
from services.geo.domain.facts import Kind, Source
from shared.kernel import Rejected

KINDS: Final[Mapping[str, Kind]] = {
    "10": Kind.DOCTOR,
    "21": Kind.PHARMACIST,
    "40": Kind.DENTIST,
    "50": Kind.MIDWIFE,
    "60": Kind.NURSE,
    "70": Kind.PHYSIOTHERAPIST,
    "80": Kind.CHIROPODIST,
    "91": Kind.SPEECH_THERAPIST,
    "92": Kind.ORTHOPTIST,
}
MILITARY: Final = "M"
_NEEDED: Final = (
    "Identification nationale PP", "Code profession", "Nom d'exercice", "Prénom d'exercice",
    "Code postal (coord. structure)",
)  # fmt: skip
_WANTED: Final = (
    "Libellé profession", "Code catégorie professionnelle", "Code savoir-faire", "Libellé savoir-faire",
    "Code mode exercice", "Libellé civilité d'exercice", "Libellé civilité", "Numéro SIRET site", "Numéro FINESS site",
    "Identifiant technique de la structure", "Raison sociale site", "Enseigne commerciale site",
    "Numéro Voie (coord. structure)", "Indice répétition voie (coord. structure)",
    "Libellé type de voie (coord. structure)", "Libellé Voie (coord. structure)", "Bureau cedex (coord. structure)",
    "Code commune (coord. structure)", "Libellé commune (coord. structure)", "Téléphone (coord. structure)",
)  # fmt: skip


class RppsReader:
    """One file. A row's place is its site's where FINESS knows it, otherwise the commune's centre."""

    source = Source.RPPS

    def __init__(self, file: Path, locator: Locator, *, list_military: bool) -> None:
        self._file = HeadedFile(file, "|", quoted=False)
        self._locator = locator
        self._military = list_military
        at = {name: self._file.needed(name) for name in _NEEDED}
        at |= {name: self._file.column(name) for name in _WANTED}
        (
            self._id, self._profession, self._surname, self._given, self._postcode, self._profession_label,
            self._category, self._skill, self._skill_label, self._mode, self._title, self._civility, self._siret,
            self._site, self._structure, self._company, self._sign, self._number, self._repeat, self._way_type,
            self._way, self._cedex, self._commune, self._city, self._phone,
        ) = at.values()  # fmt: skip
        self._last = max(at.values())

    def rows(self) -> Iterator[tuple[int, Raw]]:
        return self._file.rows()

    def entry(self, raw: Sequence[str]) -> Entry:
        row = [*raw, ""]  # a column that the file lacks is read at -1
        if len(raw) <= self._last or not row[self._id] or not row[self._profession]:
            raise Rejected("row-incomplete")
        if row[self._category] == MILITARY and not self._military:
            raise Rejected("military-not-listed")
        if not row[self._postcode] and not row[self._site] and not row[self._commune]:
            raise Rejected("no-address")
        site, commune, postcode = row[self._site], row[self._commune], row[self._postcode]
        facts = {
            "kind": KINDS.get(row[self._profession], Kind.PROFESSIONAL),
            "activity": row[self._profession_label],
            "activity_code": row[self._profession],
            "speciality": row[self._skill_label],
            "speciality_code": row[self._skill],
            "postcode": postcode,
            "city": row[self._city] or row[self._cedex],
            "commune": commune,
            "site": site,
        }
        practitioner = {
            "surname": row[self._surname],
            "given_name": row[self._given],
            "title": row[self._title] or row[self._civility],
            "sex": sex(row[self._civility]) or sex(row[self._title]),
            "street": words(row[self._number], row[self._repeat], row[self._way_type], row[self._way]),
            "phone": phone(row[self._phone]),
        }
        place = self._locator.site(site) or self._locator.around(commune, postcode)
        return Entry(self._key(row), facts, practitioner, place)

    def _key(self, row: Sequence[str]) -> str:
        """A person has one row for each profession, skill, way of working and site."""
        site = row[self._structure] or row[self._site] or row[self._siret] or f"{row[self._postcode]} {row[self._way]}"
        return "|".join(("rpps", row[self._id], row[self._profession], row[self._skill], row[self._mode], site))
