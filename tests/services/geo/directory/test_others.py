"""RPPS, Annuaire santé ameli, the fund's offices."""

from pathlib import Path

import pytest

from deploy.local.seed.rpps_columns import COLUMNS
from services.geo.directory.ameli import AmeliReader
from services.geo.directory.entries import Entry, Reader, phone
from services.geo.directory.fund import FundReader
from services.geo.directory.locating import Locator
from services.geo.directory.rpps import RppsReader
from services.geo.domain.facts import Kind, Precision, Sector
from services.geo.gazetteer import load
from shared.kernel import Rejected

SITES = {
    "830000001": ((43.1201, 5.9302), "83137"),
    "830000002": ((43.1301, 5.9402), "83137"),
    "830000003": ((43.9, 5.9), "83137"),
}
LOCATOR = Locator(load(), SITES)
ROW = {
    "Type d'identifiant PP": "8", "Identification nationale PP": "810001234567", "Libellé civilité d'exercice": "Docteur", "Nom d'exercice": "MARTIN",
    "Prénom d'exercice": "Zoé", "Code profession": "10", "Libellé profession": "Médecin", "Code catégorie professionnelle": "C",
    "Code savoir-faire": "SM38", "Libellé savoir-faire": "Cardiologie", "Code mode exercice": "L", "Identifiant technique de la structure": "C1",
    "Numéro Voie (coord. structure)": "12", "Libellé type de voie (coord. structure)": "Rue", "Libellé Voie (coord. structure)": "du Four",
    "Code postal (coord. structure)": "83000", "Code commune (coord. structure)": "83137", "Libellé commune (coord. structure)": "Toulon",
    "Téléphone (coord. structure)": "01 99 00 00 01",
}  # fmt: skip


def rpps(
    tmp_path: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, military: bool = False
) -> list[Entry | str]:
    file = tmp_path / "rpps.txt"
    lines = ["|".join((*columns, "")), *("|".join((*(row.get(name, "") for name in columns), "")) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return entries(RppsReader(file, LOCATOR, list_military=military))


def entries(reader: Reader) -> list[Entry | str]:
    found: list[Entry | str] = []
    for _, raw in reader.rows():
        try:
            found.append(reader.entry(raw))
        except Rejected as refusal:
            found.append(refusal.code)
    return found


def one(found: list[Entry | str]) -> Entry:
    [entry] = found
    assert isinstance(entry, Entry)
    return entry


def test_a_professional_stands_at_the_median_of_his_commune(tmp_path: Path) -> None:
    entry = one(rpps(tmp_path, ROW))
    assert entry.facts == {
        "kind": Kind.DOCTOR, "activity": "Médecin", "activity_code": "10", "speciality": "Cardiologie", "speciality_code": "SM38",
        "postcode": "83000", "city": "Toulon", "commune": "83137", "site": "",
    }  # fmt: skip
    assert entry.practitioner == {
        "surname": "MARTIN",
        "given_name": "Zoé",
        "title": "Docteur",
        "street": "12 Rue du Four",
        "phone": "0199000001",
    }
    assert entry.position == (43_130_000, 5_930_000, Precision.COMMUNE)


def test_at_a_known_site_he_stands_there(tmp_path: Path) -> None:
    assert one(rpps(tmp_path, {**ROW, "Numéro FINESS site": "830000001"})).position == (
        43_120_100,
        5_930_200,
        Precision.ADDRESS,
    )
    assert one(rpps(tmp_path, {**ROW, "Numéro FINESS site": "999999999"})).position == (
        43_130_000,
        5_930_000,
        Precision.COMMUNE,
    )


@pytest.mark.parametrize(
    ("commune", "postcode", "precision"),
    [
        ("29019", "29200", Precision.COMMUNE),
        ("00000", "29200", Precision.POSTCODE),
        ("29999", "29999", Precision.DEPARTEMENT),
        ("97502", "97500", Precision.COMMUNE),
        ("98818", "98800", Precision.COMMUNE),
    ],
)
def test_otherwise_the_gazetteer_the_postcode_the_departement(
    tmp_path: Path, commune: str, postcode: str, precision: Precision
) -> None:
    entry = one(
        rpps(tmp_path, {**ROW, "Code commune (coord. structure)": commune, "Code postal (coord. structure)": postcode})
    )
    assert entry.position is not None
    assert entry.position[2] is precision


def test_a_person_has_several_rows_and_one_place_for_each(tmp_path: Path) -> None:
    found = rpps(
        tmp_path, ROW, {**ROW, "Identifiant technique de la structure": "C2"}, {**ROW, "Code savoir-faire": "SM54"}, ROW
    )
    keys = [entry.key for entry in found if isinstance(entry, Entry)]
    assert len(set(keys)) == 3
    assert keys[0] == keys[3]


def test_columns_are_read_by_name_and_later_ones_do_no_harm(tmp_path: Path) -> None:
    later = ("Code rôle", *reversed(COLUMNS), "Libellé rôle", "Genre activité")
    assert one(rpps(tmp_path, ROW, columns=later)) == one(rpps(tmp_path, ROW))
    fewer = tuple(name for name in COLUMNS if "Téléphone" not in name)
    entry = one(rpps(tmp_path, ROW, columns=fewer))
    assert entry.practitioner is not None
    assert entry.practitioner["phone"] == ""


def test_the_armed_forces_are_not_listed_unless_set(tmp_path: Path) -> None:
    row = {**ROW, "Code catégorie professionnelle": "M"}
    assert rpps(tmp_path, row) == ["military-not-listed"]
    assert one(rpps(tmp_path, row, military=True)).facts["kind"] is Kind.DOCTOR


def test_bad_rows_are_set_aside_with_a_reason(tmp_path: Path) -> None:
    nowhere = {name: "" for name in COLUMNS if "coord. structure" in name}
    assert rpps(tmp_path, {**ROW, **nowhere}, {**ROW, "Code profession": ""}) == ["no-address", "row-incomplete"]
    file = tmp_path / "cut.txt"
    file.write_text("|".join((*COLUMNS, "")) + "\n8|1|2\n")
    assert entries(RppsReader(file, LOCATOR, list_military=False)) == ["row-incomplete"]


def test_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="file-unknown"):
        rpps(tmp_path, columns=("a", "b"))
    with pytest.raises(Rejected, match="file-unknown"):
        ameli(tmp_path, "a;b", "")
    file = tmp_path / "offices.json"
    file.write_text('[{"id": 3}]')
    with pytest.raises(Rejected, match="file-unknown"):
        FundReader(file, LOCATOR)


HEADER = "nom;prenom;civilite;profession;specialite;adresse;code_postal;ville;telephone;convention;option;carte_vitale;app_carte_vitale"


def ameli(tmp_path: Path, header: str, *rows: str) -> list[Entry | str]:
    file = tmp_path / "ameli.csv"
    file.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return entries(AmeliReader(file, LOCATOR))


def test_ameli_knows_the_convention_and_the_card(tmp_path: Path) -> None:
    entry = one(
        ameli(
            tmp_path,
            HEADER,
            "MARTIN;Zoé;Madame;Médecin;Cardiologue;12 rue du Four;83000;Toulon;199000001;Secteur 2;OPTAM;oui;non",
        )
    )
    assert entry.practitioner == {
        "surname": "MARTIN",
        "given_name": "Zoé",
        "title": "Madame",
        "street": "12 rue du Four",
        "phone": "0199000001",
    }
    facts = entry.facts
    assert (facts["kind"], facts["sector"], facts["optam"], facts["vitale"], facts["app_vitale"]) == (
        Kind.DOCTOR,
        Sector.TWO,
        True,
        True,
        False,
    )
    assert (facts["commune"], facts["street"], facts["phone"]) == ("83137", "", "")
    assert entry.position == (43_130_000, 5_930_000, Precision.COMMUNE)


@pytest.mark.parametrize(
    ("convention", "option", "card", "sector", "optam", "vitale"),
    [
        ("Secteur 1", "", "O", Sector.ONE, None, True),
        ("1", "OPTAM-CO", "N", Sector.ONE, True, False),
        ("Non conventionné", "Aucune", "", Sector.NONE, False, None),
        ("", "", "?", None, None, None),
    ],
)
def test_ameli_in_other_words(
    tmp_path: Path,
    convention: str,
    option: str,
    card: str,
    sector: Sector | None,
    *,
    optam: bool | None,
    vitale: bool | None,
) -> None:
    facts = one(ameli(tmp_path, HEADER, f"MARTIN;;;Médecin;;;83000;Toulon;;{convention};{option};{card};")).facts
    assert (facts["sector"], facts["optam"], facts["vitale"]) == (sector, optam, vitale)


def test_a_health_centre_is_no_person(tmp_path: Path) -> None:
    entry = one(
        ameli(
            tmp_path, HEADER, 'CENTRE DU PORT;;;Centre de santé;;"1; quai";83000;Toulon;0199000002;Secteur 1;;oui;oui'
        )
    )
    assert entry.practitioner is None
    assert (entry.facts["label"], entry.facts["street"], entry.facts["phone"]) == (
        "CENTRE DU PORT",
        "1; quai",
        "0199000002",
    )


def test_the_older_headings_of_ameli_are_read_too(tmp_path: Path) -> None:
    entry = one(
        ameli(
            tmp_path,
            "H;NOM;PRENOM;CP;VILLE;TEL;profession;convention;option;vitale",
            "F;MARTIN;Zoé;83000;Toulon;0199000001;Dentiste;1;;O",
        )
    )
    assert (entry.facts["kind"], entry.facts["vitale"]) == (Kind.DENTIST, True)


def test_the_funds_desk_has_a_terminal(tmp_path: Path) -> None:
    file = tmp_path / "offices.json"
    file.write_text('[{"id": "t", "name": "Accueil", "street": "247 avenue Jacques Cartier", "postcode": "83000", "city": "Toulon", "terminal": true},'
                    '{"id": "b", "name": "Brest", "street": "", "postcode": "29200", "city": "Brest", "latitude": -4.48, "longitude": 48.39}]')  # fmt: skip
    toulon, brest = entries(FundReader(file, LOCATOR))
    assert isinstance(toulon, Entry)
    assert isinstance(brest, Entry)
    assert (toulon.facts["terminal"], toulon.position) == (True, (43_130_000, 5_930_000, Precision.COMMUNE))
    assert brest.position == (48_390_000, -4_480_000, Precision.ADDRESS)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("0494163600", "0494163600"),
        ("494163600", "0494163600"),
        ("04.94.16.36.00", "0494163600"),
        ("36 46", ""),
        ("", ""),
        ("1234567890", ""),
    ],
)
def test_phones_have_ten_digits_or_are_left_out(typed: str, found: str) -> None:
    assert phone(typed) == found
