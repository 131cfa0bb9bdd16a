"""Annuaire santé ameli: who has which convention, takes the carte Vitale or the app. No coordinates, no tariffs.

Two files are published, `liste-ps` (24 columns) and `liste-cds`, one row for each speciality; the older single file is
read, too. Professionals have no number in any: searches join them to RPPS by name; centres have their FINESS number.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from services.geo.directory.entries import Entry, Raw, phone, sex, words
from services.geo.directory.headed import HeadedFile
from services.geo.directory.locating import Locator
from services.geo.domain.facts import Kind, Sector, Source
from services.geo.gazetteer import normal
from shared.kernel import Rejected

SPECIALITIES: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(("19", "36", "53", "54"), Kind.DENTIST),
    "21": Kind.MIDWIFE,
    **dict.fromkeys(("24", "86"), Kind.NURSE),
    "26": Kind.PHYSIOTHERAPIST,
    "27": Kind.CHIROPODIST,
    "28": Kind.SPEECH_THERAPIST,
    "29": Kind.ORTHOPTIST,
    **dict.fromkeys(("50", "51"), Kind.PHARMACIST),
}
"""By `specialite_code`."""
DOCTORS: Final = "1"
"""`type_ps_code` of all doctors, whatever their speciality."""
SECTORS: Final = {"0": Sector.NONE, "1": Sector.ONE, "3": Sector.TWO}
"""By `secteur_conventionnel_code`; 2 is the old right to exceed the fees, which is neither sector."""
_PROFESSIONS: Final = (
    ("medecin", Kind.DOCTOR),
    ("generaliste", Kind.DOCTOR),
    ("dentiste", Kind.DENTIST),
    ("sage femme", Kind.MIDWIFE),
    ("infirmier", Kind.NURSE),
    ("kinesitherapeute", Kind.PHYSIOTHERAPIST),
    ("podologue", Kind.CHIROPODIST),
    ("orthophoniste", Kind.SPEECH_THERAPIST),
    ("orthoptiste", Kind.ORTHOPTIST),
)
"""By the older file's words."""
_YES: Final = frozenset({"o", "oui", "true"})
_NO: Final = frozenset({"n", "non", "false"})


class _Reader:
    """What both files say in the same columns."""

    def __init__(self, file: Path, locator: Locator) -> None:
        self._file = HeadedFile(file, ";", quoted=True)
        self._locator = locator
        column, needed = self._file.column, self._file.needed
        self._postcode = needed("coordonnees_code_postal", "cp")
        self._city = needed("coordonnees_ville", "ville")
        self._speciality = needed("specialite_libelle", "profession")
        self._street = column("coordonnees_voie", "adresse")
        self._more = column("coordonnees_complement")
        self._phone = column("coordonnees_num_tel", "tel")
        self._last = max(self._postcode, self._city, self._speciality)

    def rows(self) -> Iterator[tuple[int, Raw]]:
        return self._file.rows()

    def _row(self, raw: Sequence[str]) -> list[str]:
        if len(raw) <= self._last:
            raise Rejected("row-incomplete")
        return [*(text.strip() for text in raw), ""]  # a column that the file lacks is read at -1

    def _where(self, row: list[str]) -> dict[str, str]:
        postcode, city = row[self._postcode][:5], row[self._city]
        commune = self._locator.gazetteer.named(city, postcode)
        return {"postcode": postcode, "city": city, "commune": commune.code if commune else ""}

    def _reached(self, row: list[str]) -> dict[str, str]:
        return {"street": words(row[self._street], row[self._more]), "phone": phone(row[self._phone])}


class AmeliReader(_Reader):
    """The professionals."""

    source = Source.AMELI

    def __init__(self, file: Path, locator: Locator) -> None:
        super().__init__(file, locator)
        column = self._file.column
        self._surname = self._file.needed("ps_activite_nom", "nom")
        self._company = column("ps_activite_raison_sociale")
        self._code = column("specialite_code")
        self._type = column("type_ps_code")
        self._given = column("ps_activite_prenom", "prenom")
        self._civility = column("ps_activite_civilite", "civilite")
        self._sector_code = column("secteur_conventionnel_code")
        self._sector = column("convention")
        self._option = column("option_tarifaire_libelle", "option")
        self._vitale = column("ps_activite_carte_vitale", "vitale")
        self._app = column("ps_activite_apcv")
        self._nature = column("nature_exercice_code")
        self._last = max(self._last, self._surname)

    def entry(self, raw: Sequence[str]) -> Entry:
        row = self._row(raw)
        if not row[self._surname]:
            raise Rejected("no-professional" if row[self._company] else "row-incomplete")
        kind, speciality = self._kind(row), row[self._speciality]
        doctor = kind is Kind.DOCTOR
        where, option = self._where(row), row[self._option].lower()
        facts = {
            "kind": kind,
            "activity": "Médecin" if doctor else speciality,
            "speciality": speciality if doctor else "",
            **where,
            "sector": self._sector_of(row),
            "optam": "optam" in option if option else None,
            "vitale": _yes_or_no(row[self._vitale]),
            "app_vitale": _yes_or_no(row[self._app]),
        }
        surname, given_name, reached = row[self._surname], row[self._given], self._reached(row)
        title = {"title": "", "sex": sex(row[self._civility])}
        who = {"surname": surname, "given_name": given_name, **title, **reached}
        name = (surname, given_name, speciality, where["postcode"], reached["street"], row[self._nature])
        place = self._locator.around(where["commune"], where["postcode"])
        return Entry("|".join(("ameli", *name)), facts, who, place)

    def _kind(self, row: list[str]) -> Kind:
        if self._code >= 0:
            kind = Kind.DOCTOR if row[self._type] == DOCTORS else Kind.PROFESSIONAL
            return SPECIALITIES.get(row[self._code].zfill(2), kind)
        plain = normal(row[self._speciality])
        return next((kind for word, kind in _PROFESSIONS if word in plain), Kind.PROFESSIONAL)

    def _sector_of(self, row: list[str]) -> Sector | None:
        if self._sector_code >= 0:
            return SECTORS.get(row[self._sector_code])
        plain = normal(row[self._sector])
        if "non conventionne" in plain:
            return Sector.NONE
        found = next((one for one in plain if one in "12"), "")
        return Sector(found) if found else None


class CentresReader(_Reader):
    """The health centres: rows of one centre differ in their speciality alone, and the first stands for it."""

    source = Source.CENTRES

    def __init__(self, file: Path, locator: Locator) -> None:
        super().__init__(file, locator)
        self._finess = self._file.needed("etab_finess")
        self._name = self._file.needed("etab_raison_sociale")
        self._vitale = self._file.column("etab_carte_vitale")
        self._app = self._file.column("etab_apcv")
        self._last = max(self._last, self._finess, self._name)

    def rows(self) -> Iterator[tuple[int, Raw]]:
        seen: set[str] = set()
        for number, raw in self._file.rows():
            finess = raw[self._finess].strip() if len(raw) > self._finess else ""
            if not finess or finess not in seen:
                seen.add(finess)
                yield number, raw

    def entry(self, raw: Sequence[str]) -> Entry:
        row = self._row(raw)
        finess = row[self._finess]
        if not finess or not row[self._name]:
            raise Rejected("row-incomplete")
        where = self._where(row)
        facts = {
            "kind": Kind.HEALTH_CENTRE,
            "activity": "Centre de santé",
            "label": row[self._name],
            **self._reached(row),
            **where,
            "site": finess,
            "vitale": _yes_or_no(row[self._vitale]),
            "app_vitale": _yes_or_no(row[self._app]),
        }
        place = self._locator.site(finess) or self._locator.around(where["commune"], where["postcode"])
        return Entry(f"ameli|{finess}", facts, None, place)


def _yes_or_no(text: str) -> bool | None:
    plain = text.lower()
    return True if plain in _YES else False if plain in _NO else None
