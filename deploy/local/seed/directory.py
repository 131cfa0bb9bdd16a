"""Invented professionals and establishments in the layouts of the real files, of any size, the same for one seed."""

import json
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final

from pyproj import Transformer

from deploy.local.seed import directory_layouts as layouts
from deploy.local.seed.directory_doctors import Doctor
from deploy.local.seed.people import MEN, STREETS, SURNAMES, WOMEN
from services.geo.gazetteer import Commune, load

FULL: Final = (103_000, 1_900_000)
"""Rows of FINESS and of RPPS as they were published."""
ELSEWHERE: Final = ("977", "978", "984", "986", "987", "988", "989")
"""FINESS has no coordinates there, or none that we know a system of."""
TOWNS: Final = (
    "83137", "29019", "13201", "69383", "33063", "35238", "57463", "75112", "97105", "97209", "97302", "97411", "97608",
    "97502", "2A004",
)  # fmt: skip
"""Where the demo's places are."""
MILITARY_SHARE: Final = 0.01
WITH_SITE: Final = 0.4
LOCATED: Final = 0.95


DOCTORS: Final = 10_000
"""Of one file, how many may stand in the other, too."""


class Places:
    """Invents files. `towns`: INSEE codes (none: all communes, by population)."""

    def __init__(self, seed: int, towns: Sequence[str] = ()) -> None:
        self._random = Random(seed)  # noqa: S311 - the same places for the same seed
        gazetteer = load()
        wanted = [found for code in towns if (found := gazetteer.commune(code))] or gazetteer.communes
        self._communes = [one for one in wanted if one.postcodes and one.centre and one.departement not in ELSEWHERE]
        self._weights = list(accumulate(max(one.population, 100) for one in self._communes))
        self._sites: list[tuple[str, Commune]] = []
        self._centres: list[tuple[str, Commune]] = []
        self._doctors: list[Doctor] = []

    def finess(self, file: Path, count: int) -> Path:
        """The stock without header, coordinates behind the structures."""
        weights = list(accumulate(weight for *_, weight in layouts.CATEGORIES))
        with file.open("w", encoding="utf-8") as out:
            out.write("finess;etalab;111;2026-11-12\n")
            points = []
            for number in range(count):
                commune = self._commune()
                category = self._random.choices(layouts.CATEGORIES, cum_weights=weights)[0]
                site = f"{(layouts.LETTERS.get(commune.departement) or commune.departement)}{number:07d}"
                self._sites.append((site, commune))
                if category[0] == "124":
                    self._centres.append((site, commune))
                out.write(self._structure(site, commune, category, number))
                if self._random.random() < LOCATED:
                    points.append(self._point(site, commune))
            out.writelines(points)
        return file

    def rpps(self, file: Path, count: int) -> Path:
        """Activities of persons: some have two, some practise in an establishment of the other file."""
        weights = list(accumulate(weight for *_, weight in layouts.PROFESSIONS))
        columns = len(layouts.COLUMNS)
        at = {name: layouts.COLUMNS.index(name) for name in layouts.COLUMNS}
        random = self._random
        with file.open("w", encoding="utf-8") as out:
            out.write("|".join((*layouts.COLUMNS, "")) + "\n")
            for number in range(count):
                row = [""] * columns
                code, profession, skill, skill_label, _ = random.choices(layouts.PROFESSIONS, cum_weights=weights)[0]
                woman = random.random() < 0.6  # noqa: PLR2004 - three of five
                person = number - number % 10 if number % 10 == 9 else number  # noqa: PLR2004 - a second activity
                site, commune = self._practice()
                postcode = commune.postcodes[number % len(commune.postcodes)]
                row[at["Type d'identifiant PP"]], row[at["Identifiant PP"]] = "8", f"1{person:010d}"
                row[at["Identification nationale PP"]] = f"81{person:010d}"
                row[at["Libellé civilité"]] = "Madame" if woman else "Monsieur"
                row[at["Nom d'exercice"]] = _surname(person)
                row[at["Prénom d'exercice"]] = (WOMEN if woman else MEN)[person % 11]
                row[at["Code profession"]], row[at["Libellé profession"]] = code, profession
                military = random.random() < MILITARY_SHARE
                row[at["Code catégorie professionnelle"]] = "M" if military else "C"
                row[at["Code savoir-faire"]], row[at["Libellé savoir-faire"]] = skill, skill_label
                row[at["Code mode exercice"]] = "S" if site else "L"
                row[at["Numéro FINESS site"]] = site
                row[at["Identifiant technique de la structure"]] = f"F{site}" if site else f"C{number:012d}"
                row[at["Numéro Voie (coord. structure)"]] = str(number % 120 + 1)
                row[at["Libellé Voie (coord. structure)"]] = STREETS[number % len(STREETS)]
                row[at["Code postal (coord. structure)"]] = postcode
                row[at["Code commune (coord. structure)"]] = commune.code
                row[at["Libellé commune (coord. structure)"]] = commune.name
                row[at["Téléphone (coord. structure)"]] = f"0199{number % 1_000_000:06d}"
                out.write("|".join(row) + "|\n")
                if skill in layouts.AGREED and len(self._doctors) < DOCTORS:
                    street = f"{number % 120 + 1} {STREETS[number % len(STREETS)]}"
                    given = row[at["Prénom d'exercice"]]
                    self._doctors.append(Doctor(_surname(person), given, woman, skill, commune, postcode, street))
        return file

    def ameli(self, file: Path, count: int) -> Path:
        """Who has which convention, in the layout of `liste-ps`: every other row is of somebody in the other file."""
        with file.open("w", encoding="utf-8-sig") as out:
            out.write(";".join(layouts.PROFESSIONALS) + "\n")
            for number in range(count):
                doctor = self._doctors[number // 2 % len(self._doctors)] if self._doctors and number % 2 else None
                doctor = doctor or self._doctor(number)
                sector = self._random.choices(layouts.SECTORS, (75, 22, 3))[0]
                option = "OPTAM" if sector[0] == "3" and self._random.random() < 0.5 else ""  # noqa: PLR2004
                row = doctor.row(number) | {"option_tarifaire_libelle": option}
                row["secteur_conventionnel_code"], row["secteur_conventionnel_libelle"] = sector
                out.write(";".join(row.get(name, "") for name in layouts.PROFESSIONALS) + "\n")
        return file

    def _doctor(self, number: int) -> Doctor:
        """Somebody whom the other file does not have."""
        commune, woman = self._commune(), bool(number % 4)
        street = f"{number % 90 + 1} {STREETS[number % len(STREETS)]}"
        skill = self._random.choice([*layouts.AGREED])
        given = (WOMEN if woman else MEN)[number % 11]
        return Doctor(_surname(number + 7), given, woman, skill, commune, commune.postcodes[0], street)

    def centres(self, file: Path) -> Path:
        """The health centres of the establishments' file, in the layout of `liste-cds`: one row for each speciality."""
        with file.open("w", encoding="utf-8") as out:
            out.write(";".join(layouts.CENTRES) + "\n")
            for number, (site, commune) in enumerate(self._centres):
                where = (
                    f"0199{number:06d};{number % 90 + 1} RUE DU PORT;;;{commune.postcodes[0]};{commune.name.upper()}"
                )
                for code, label in layouts.SPECIALITIES[: 1 + number % 2]:
                    out.write(f"{site};CENTRE DE SANTE {commune.name.upper()};true;true;{code};{label};124;")
                    out.write(f"Centre de santé;{where}{commune.name.upper()}\n")
        return file

    def offices(self, file: Path) -> Path:
        """The fund's desk, as every page of the site names it."""
        office = {
            "id": "toulon", "name": "Accueil de la caisse à Toulon", "street": "247 avenue Jacques Cartier",
            "postcode": "83000", "city": "Toulon", "phone": "0494163600", "terminal": True,
        }  # fmt: skip
        file.write_text(json.dumps([office], ensure_ascii=False), encoding="utf-8")
        return file

    def _commune(self) -> Commune:
        return self._random.choices(self._communes, cum_weights=self._weights)[0]

    def _practice(self) -> tuple[str, Commune]:
        if self._sites and self._random.random() < WITH_SITE:
            return self._random.choice(self._sites)
        return "", self._commune()

    def _structure(self, site: str, commune: Commune, category: tuple[str, str, str, int], number: int) -> str:
        code, label, name, _ = category
        departement, overseas = commune.departement, layouts.LETTERS.get(commune.departement)
        field = f'"{name} ""{commune.name}""; n° {number}"'
        fields = [
            "structureet", site, "", name, field, "", "", str(number % 150 + 1), "", STREETS[number % 6].upper(), "",
            "", commune.code[-3:], overseas or departement, "", f"{commune.postcodes[0]} {commune.name.upper()}",
            f"0199{number % 1_000_000:06d}", "", code, label, *[""] * 12,
        ]  # fmt: skip
        return ";".join(fields) + "\n"

    def _point(self, site: str, commune: Commune) -> str:
        assert commune.centre is not None
        system, words = layouts.SYSTEMS.get(commune.departement, layouts.METROPOLE)
        spread = 0.02
        latitude = commune.centre[0] + self._random.uniform(-spread, spread)
        longitude = commune.centre[1] + self._random.uniform(-spread, spread)
        x, y = _transformer(system).transform(longitude, latitude)
        return f"geolocalisation;{site};{x:.1f};{y:.1f};1,ATLASANTE,96,BAN,{words};2026-01-05\n"


_TRANSFORMERS: dict[int, Transformer] = {}


def _transformer(system: int) -> Transformer:
    if system not in _TRANSFORMERS:
        _TRANSFORMERS[system] = Transformer.from_crs(4326, system, always_xy=True)
    return _TRANSFORMERS[system]


def _surname(number: int) -> str:
    """Many different names from few syllables."""
    first = SURNAMES[number % len(SURNAMES)].upper()
    return first if number % 3 else f"{first}-{SURNAMES[(number // 3) % len(SURNAMES)].upper()}"
