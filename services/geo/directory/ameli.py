"""Annuaire santé ameli: who has which convention, takes the carte Vitale or the app. No coordinates, no tariffs."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from services.geo.directory.entries import Entry, Raw, phone, words
from services.geo.directory.headed import HeadedFile
from services.geo.directory.locating import Locator
from services.geo.domain.facts import Kind, Sector, Source
from services.geo.gazetteer import normal
from shared.kernel import Rejected

_PROFESSIONS: Final = (
    ("centre de sante", Kind.HEALTH_CENTRE),
    ("medecin", Kind.DOCTOR),
    ("generaliste", Kind.DOCTOR),
    ("chirurgien dentiste", Kind.DENTIST),
    ("dentiste", Kind.DENTIST),
    ("sage femme", Kind.MIDWIFE),
    ("infirmier", Kind.NURSE),
    ("kinesitherapeute", Kind.PHYSIOTHERAPIST),
    ("podologue", Kind.CHIROPODIST),
    ("orthophoniste", Kind.SPEECH_THERAPIST),
    ("orthoptiste", Kind.ORTHOPTIST),
)
_YES: Final = frozenset({"o", "oui", "1", "true", "vrai"})
_NO: Final = frozenset({"n", "non", "0", "false", "faux"})


class AmeliReader:
    """One file; its columns go by several names, for it has changed before."""

    source = Source.AMELI

    def __init__(self, file: Path, locator: Locator) -> None:
        self._file = HeadedFile(file, ";", quoted=True)
        self._locator = locator
        column = self._file.column
        self._surname = self._file.needed("nom", "nom_ps", "Nom du professionnel")
        self._postcode = self._file.needed("code_postal", "cp", "Code postal")
        self._profession = self._file.needed("profession", "libelle_profession", "Profession")
        self._given = column("prenom", "prenom_ps", "Prénom du professionnel")
        self._title = column("civilite", "Civilité")
        self._skill = column("specialite", "libelle_specialite", "Spécialité")
        self._street = column("adresse", "adresse3", "voie")
        self._city = column("ville", "commune", "libelle_commune")
        self._phone = column("telephone", "numero_telephone", "tel")
        self._sector = column("convention", "secteur", "secteur_conventionnel")
        self._option = column("option", "option_tarifaire", "contrat")
        self._vitale = column("carte_vitale", "vitale", "sesam_vitale")
        self._app = column("app_carte_vitale", "app_vitale", "application_carte_vitale")

    def rows(self) -> Iterator[tuple[int, Raw]]:
        return self._file.rows()

    def entry(self, raw: Sequence[str]) -> Entry:
        row = [*(text.strip() for text in raw), ""]  # a column that the file lacks is read at -1
        if len(raw) <= max(self._surname, self._postcode, self._profession) or not row[self._surname]:
            raise Rejected("row-incomplete")
        profession, postcode, city = row[self._profession], row[self._postcode], row[self._city]
        kind = next((kind for word, kind in _PROFESSIONS if word in normal(profession)), Kind.PROFESSIONAL)
        known = self._locator.gazetteer.named(city, postcode)
        commune = known.code if known else ""
        public = kind is Kind.HEALTH_CENTRE
        street, number = words(row[self._street]), phone(row[self._phone])
        facts = {
            "kind": kind,
            "activity": profession,
            "speciality": row[self._skill],
            "label": row[self._surname] if public else "",
            "street": street if public else "",
            "phone": number if public else "",
            "postcode": postcode,
            "city": city,
            "commune": commune,
            "sector": _sector(row[self._sector]),
            "optam": "optam" in row[self._option].lower() if row[self._option] else None,
            "vitale": _yes_or_no(row[self._vitale]),
            "app_vitale": _yes_or_no(row[self._app]),
        }
        practitioner = {
            "surname": row[self._surname],
            "given_name": row[self._given],
            "title": row[self._title],
            "street": street,
            "phone": number,
        }
        key = "|".join(("ameli", row[self._surname], row[self._given], profession, row[self._skill], postcode, street))
        place = self._locator.around(commune, postcode)
        return Entry(key, facts, None if public else practitioner, place)


def _sector(text: str) -> Sector | None:
    plain = normal(text)
    if "non conventionne" in plain or plain == "nc":
        return Sector.NONE
    found = next((one for one in plain if one in "12"), "")
    return Sector(found) if found else None


def _yes_or_no(text: str) -> bool | None:
    plain = text.strip().lower()
    return True if plain in _YES else False if plain in _NO else None
