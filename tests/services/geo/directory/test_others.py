"""RPPS, Annuaire santé ameli, the fund's offices."""

from pathlib import Path

import pytest

from deploy.local.seed.directory_layouts import COLUMNS
from services.geo.directory.ameli import AmeliReader, CentresReader
from services.geo.directory.entries import Entry, Reader, phone, sex
from services.geo.directory.fund import FundReader
from services.geo.directory.locating import Locator
from services.geo.directory.rpps import RppsReader
from services.geo.domain.facts import Kind, Precision, Sector, Sex
from services.geo.gazetteer import load
from shared.kernel import Rejected

SITES = {
    "830000001": ((43.1201, 5.9302), "83137"),
    "830000002": ((43.1301, 5.9402), "83137"),
    "830000003": ((43.9, 5.9), "83137"),
}
LOCATOR = Locator(load(), SITES)
ROW = {
    "Type d'identifiant PP": "8", "Identification nationale PP": "810001234567", "Libellé civilité d'exercice": "Docteur", "Libellé civilité": "Madame", "Nom d'exercice": "MARTIN",
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
        "sex": Sex.FEMALE,
        "street": "12 Rue du Four",
        "phone": "0199000001",
    }
    assert entry.position == (43_130_000, 5_930_000, Precision.COMMUNE)


@pytest.mark.parametrize(
    ("title", "said"),
    [("M", Sex.MALE), ("MME", Sex.FEMALE), ("Mlle.", Sex.FEMALE), ("H", Sex.MALE), ("Docteur", None), ("", None)],
)
def test_a_civil_title_says_the_sex(title: str, said: Sex | None) -> None:
    assert sex(title) is said


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
    with pytest.raises(Rejected, match="file-unknown"):
        ameli(tmp_path, CENTRES)
    with pytest.raises(Rejected, match="file-unknown"):
        CentresReader(written(tmp_path, PROFESSIONALS), LOCATOR)
    file = tmp_path / "offices.json"
    file.write_text('[{"id": 3}]')
    with pytest.raises(Rejected, match="file-unknown"):
        FundReader(file, LOCATOR)


PROFESSIONALS = (
    "ps_activite_nom;ps_activite_prenom;ps_activite_civilite;ps_activite_raison_sociale;ps_activite_carte_vitale;ps_activite_apcv;"
    "specialite_code;specialite_libelle;type_ps_code;type_ps_libelle;coordonnees_num_tel;coordonnees_voie;coordonnees_complement;"
    "coordonnees_lieu_dit;coordonnees_code_postal;coordonnees_ville;secteur_conventionnel_code;secteur_conventionnel_libelle;"
    "nature_exercice_code;nature_exercice_libelle;option_tarifaire_code;option_tarifaire_libelle;activite_particuliere_code;"
    "activite_particuliere_libelle"
)
MARTIN = {
    "ps_activite_nom": "MARTIN", "ps_activite_prenom": "Zoé", "ps_activite_civilite": "F", "ps_activite_carte_vitale": "true",
    "ps_activite_apcv": "false", "specialite_code": "03", "specialite_libelle": "Cardiologue", "type_ps_code": "1",
    "coordonnees_num_tel": "0199000001", "coordonnees_voie": "12 RUE DU FOUR", "coordonnees_code_postal": "83000",
    "coordonnees_ville": "TOULON", "secteur_conventionnel_code": "3", "secteur_conventionnel_libelle": "Secteur 2",
    "nature_exercice_code": "01", "option_tarifaire_libelle": "OPTAM",
}  # fmt: skip
CENTRES = (
    "etab_finess;etab_raison_sociale;etab_carte_vitale;etab_apcv;specialite_code;specialite_libelle;type_etab_code;type_etab_libelle;"
    "coordonnees_num_tel;coordonnees_voie;coordonnees_complement;coordonnees_lieu_dit;coordonnees_code_postal;coordonnees_ville"
)


def ameli(tmp_path: Path, header: str, *rows: str, bom: str = "") -> list[Entry | str]:
    return entries(AmeliReader(written(tmp_path, header, *rows, bom=bom), LOCATOR))


def written(tmp_path: Path, *lines: str, bom: str = "") -> Path:
    file = tmp_path / "ameli.csv"
    file.write_text(bom + "\n".join(lines) + "\n", encoding="utf-8")
    return file


def professional(tmp_path: Path, **changes: str) -> Entry | str:
    row = {**MARTIN, **changes}
    [found] = ameli(
        tmp_path, PROFESSIONALS, ";".join(row.get(name, "") for name in PROFESSIONALS.split(";")), bom="\ufeff"
    )
    return found


def test_ameli_knows_the_convention_and_the_card(tmp_path: Path) -> None:
    entry = professional(tmp_path)
    assert isinstance(entry, Entry)
    assert entry.practitioner == {
        "surname": "MARTIN",
        "given_name": "Zoé",
        "title": "",
        "sex": Sex.FEMALE,
        "street": "12 RUE DU FOUR",
        "phone": "0199000001",
    }
    facts = entry.facts
    assert (facts["kind"], facts["activity"], facts["speciality"]) == (Kind.DOCTOR, "Médecin", "Cardiologue")
    assert (facts["sector"], facts["optam"], facts["vitale"], facts["app_vitale"]) == (Sector.TWO, True, True, False)
    assert (facts["commune"], facts["postcode"]) == ("83137", "83000")
    assert entry.position == (43_130_000, 5_930_000, Precision.COMMUNE)


@pytest.mark.parametrize(
    ("code", "option", "card", "sector", "optam", "vitale"),
    [
        ("1", "", "true", Sector.ONE, None, True),
        ("1", "OPTAM-CO", "false", Sector.ONE, True, False),
        ("0", "Aucune", "", Sector.NONE, False, None),
        ("2", "", "?", None, None, None),
        ("", "", "TRUE", None, None, True),
    ],
)
def test_ameli_has_codes_for_sectors_and_says_what_it_says(
    tmp_path: Path,
    code: str,
    option: str,
    card: str,
    sector: Sector | None,
    *,
    optam: bool | None,
    vitale: bool | None,
) -> None:
    entry = professional(
        tmp_path, secteur_conventionnel_code=code, option_tarifaire_libelle=option, ps_activite_carte_vitale=card
    )
    assert isinstance(entry, Entry)
    facts = entry.facts
    assert (facts["sector"], facts["optam"], facts["vitale"]) == (sector, optam, vitale)


@pytest.mark.parametrize(
    ("type_", "code", "label", "kind"),
    [
        ("1", "01", "Médecin généraliste", Kind.DOCTOR),
        ("5", "19", "Chirurgien-dentiste", Kind.DENTIST),
        ("5", "36", "Chirurgien-dentiste spécialiste en orthopédie dento-faciale", Kind.DENTIST),
        ("2", "21", "Sage-femme", Kind.MIDWIFE),
        ("2", "24", "Infirmier", Kind.NURSE),
        ("2", "86", "Infirmier en pratique avancée", Kind.NURSE),
        ("2", "26", "Masseur-kinésithérapeute", Kind.PHYSIOTHERAPIST),
        ("4", "68", "Opticien", Kind.PROFESSIONAL),
    ],
)
def test_amelis_codes_tell_the_profession(tmp_path: Path, type_: str, code: str, label: str, kind: Kind) -> None:
    entry = professional(tmp_path, type_ps_code=type_, specialite_code=code, specialite_libelle=label)
    assert isinstance(entry, Entry)
    assert entry.facts["kind"] is kind
    assert (entry.facts["activity"], entry.facts["speciality"]) == (
        ("Médecin", label) if kind is Kind.DOCTOR else (label, "")
    )


def test_what_ameli_says_of_laboratories_and_suppliers_is_set_aside(tmp_path: Path) -> None:
    assert professional(tmp_path, ps_activite_nom="", ps_activite_raison_sociale="LABO DU PORT") == "no-professional"
    assert professional(tmp_path, ps_activite_nom="") == "row-incomplete"
    assert ameli(tmp_path, PROFESSIONALS, "MARTIN;Zoé") == ["row-incomplete"]


def test_a_health_centre_stands_where_its_number_stands(tmp_path: Path) -> None:
    rows = [
        f'830000001;CENTRE DU PORT;true;true;{code};{label};124;Centre de santé;0199000002;"1; quai";;;83000;TOULON'
        for code, label in (("01", "Médecin généraliste"), ("21", "Sage-femme"))
    ]
    nameless = ";SANS NUMERO;true;true;01;x;124;y;;;;;83000;TOULON"
    entry, *others = entries(CentresReader(written(tmp_path, CENTRES, *rows, nameless, "1;2"), LOCATOR))
    assert isinstance(entry, Entry)
    assert others == ["row-incomplete", "row-incomplete"], "a centre is one place, whatever its rows"
    assert entry.practitioner is None
    assert (entry.facts["kind"], entry.facts["label"], entry.facts["street"], entry.facts["phone"]) == (
        Kind.HEALTH_CENTRE,
        "CENTRE DU PORT",
        "1; quai",
        "0199000002",
    )
    assert (entry.facts["site"], entry.facts["vitale"], entry.facts["app_vitale"]) == ("830000001", True, True)
    assert entry.position == (43_120_100, 5_930_200, Precision.ADDRESS)


@pytest.mark.parametrize(
    ("profession", "convention", "kind", "sector"),
    [
        ("Dentiste", "1", Kind.DENTIST, Sector.ONE),
        ("Médecin", "Secteur 2", Kind.DOCTOR, Sector.TWO),
        ("Infirmier", "Non conventionné", Kind.NURSE, Sector.NONE),
        ("Voyante", "", Kind.PROFESSIONAL, None),
    ],
)
def test_the_older_headings_of_ameli_are_read_too(
    tmp_path: Path, profession: str, convention: str, kind: Kind, sector: Sector | None
) -> None:
    entry = one(
        ameli(
            tmp_path,
            "H;NOM;PRENOM;CP;VILLE;TEL;profession;convention;option;vitale",
            f"F;MARTIN;Zoé;83000;Toulon;0199000001;{profession};{convention};;O",
        )
    )
    assert (entry.facts["kind"], entry.facts["sector"], entry.facts["vitale"]) == (kind, sector, True)


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
