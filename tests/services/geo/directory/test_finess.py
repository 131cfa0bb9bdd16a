"""FINESS in all its forms says the same of the same establishments."""

import contextlib
import json
from pathlib import Path

import pytest

from services.geo.directory.entries import Entry
from services.geo.directory.finess import FinessReader
from services.geo.directory.finess_plus import FinessPlusReader
from services.geo.domain.facts import Kind, Precision
from services.geo.gazetteer import load
from shared.kernel import Rejected

NEWER = "1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93 (Métropole)"
STOCK = f"""finess;etalab;111;2026-05-12
structureet;010000123;010000001;PHARMACIE;"PHARMACIE ""DU PORT""; SELARL";;;12;R;DU FOUR;;;053;01;AIN;01000 BOURG EN BRESSE CEDEX;474220001;;620;Pharmacie d'Officine;;;;;;;;;;;;
structureet;970100123;;CHU;CHU DE POINTE A PITRE;;;;RTE;DE CHAUVEL;;;120;9A;GUADELOUPE;97110 POINTE A PITRE;0590891010;;101;Centre Hospitalier Régional (C.H.R.);;;;;;;;;;;;
structureet;010000999;;LABO;LABO DU LAC;;;1;PL;DU LAC;;;053;01;AIN;01000 BOURG EN BRESSE;;;611;Laboratoire;;;;;;;;;;;;
structureet;010000998;;SANS RIEN;;;;;;;;;053;01;AIN;;;;;;;;;;;;;;;;;
geolocalisation;010000123;870262.2;6571540.8;{NEWER};2025-01-01
geolocalisation;970100123;1795384.4;657242.9;1,ATLASANTE,90,BAN,EPSG:5490 RGAF09 / UTM 20N (Antilles);2025-01-01
geolocalisation;010000999;1.0;2.0;1,X,EPSG:9999;2025-01-01
"""
HEADER = (
    "nofinesset;nofinessej;rs;rslongue;complrs;compldistrib;numvoie;typvoie;voie;compvoie;lieuditbp;region;libregion;departement;libdepartement;"
    "cog;codepostal;libelle_routage;ligneacheminement;telephone;telecopie;categetab;libcategetab;liblongcategetab;categretab;libcategretab;siret;"
    "codeape;libcodeape;mft;libmft;liblongmft;sph;libsph;numen;coordx;coordy;sourcegeocod;dategeocod;dateautor;dateouvert;datemaj"
)


def headed_row(source: str) -> str:
    values = {
        "nofinesset": "010000123", "rs": "PHARMACIE", "rslongue": '"PHARMACIE ""DU PORT""; SELARL"', "numvoie": "12", "typvoie": "R",
        "voie": "DU FOUR", "departement": "01", "cog": "01053", "codepostal": "01000", "ligneacheminement": "01000 BOURG EN BRESSE CEDEX",
        "telephone": "474220001", "categetab": "620", "libcategetab": "Pharmacie d'Officine", "coordx": "870262.2", "coordy": "6571540.8",
        "sourcegeocod": source, "dategeocod": "2019-01-01", "datemaj": "2020-01-01",
    }  # fmt: skip
    return ";".join(values.get(name, "") for name in HEADER.split(";"))


def read(file: Path) -> dict[str, Entry]:
    reader = FinessReader(file, load()) if file.suffix == ".csv" else FinessPlusReader(file, load())
    found = {}
    for _, raw in reader.rows():
        with contextlib.suppress(Rejected):
            entry = reader.entry(raw)
            found[entry.key] = entry
    return found


@pytest.fixture
def stock(tmp_path: Path) -> Path:
    file = tmp_path / "507-stock.csv"
    file.write_text(STOCK, encoding="utf-8")
    return file


def test_the_stock_without_header(stock: Path) -> None:
    found = read(stock)
    assert set(found) == {"finess|010000123", "finess|970100123", "finess|010000999"}
    pharmacy = found["finess|010000123"]
    assert pharmacy.facts == {
        "kind": Kind.PHARMACY, "activity": "Pharmacie d'Officine", "activity_code": "620", "label": 'PHARMACIE "DU PORT"; SELARL',
        "street": "12 R DU FOUR", "phone": "0474220001", "postcode": "01000", "city": "BOURG EN BRESSE CEDEX", "commune": "01053",
        "site": "010000123",
    }  # fmt: skip
    assert pharmacy.position == (46_222_286, 5_209_181, Precision.ADDRESS)
    assert pharmacy.practitioner is None


def test_overseas_letters_projection_and_a_swap(stock: Path) -> None:
    hospital = read(stock)["finess|970100123"]
    assert hospital.facts["commune"] == "97120"
    assert hospital.facts["kind"] is Kind.HOSPITAL
    assert hospital.position == (16_234_004, -61_528_737, Precision.ADDRESS)


def test_without_a_known_projection_the_commune_is_shown_and_it_is_counted(stock: Path) -> None:
    laboratory = read(stock)["finess|010000999"]
    assert laboratory.position == (46_222_000, 5_209_000, Precision.COMMUNE), "the median of the commune's sites"
    assert FinessReader(stock, load()).notes == {"projection-unknown": 1}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize(
    "source", [NEWER, "1;ATLASANTE;100;IGN;BD_ADRESSE;V2.1;LAMBERT_93", '"1;ATLASANTE;LAMBERT_93"']
)
def test_the_older_form_with_header_says_the_same(tmp_path: Path, stock: Path, encoding: str, source: str) -> None:
    file = tmp_path / "etalab.csv"
    file.write_bytes(f"{HEADER}\n{headed_row(source)}\n".encode(encoding))
    [entry] = read(file).values()
    assert entry == read(stock)["finess|010000123"]


def test_names_keep_their_accents_in_windows_1252(tmp_path: Path) -> None:
    file = tmp_path / "etalab.csv"
    row = headed_row(NEWER).replace("PORT", "THÉÂTRE")
    file.write_bytes(f"{HEADER}\n{row}\n".encode("cp1252"))
    assert read(file)["finess|010000123"].facts["label"] == 'PHARMACIE "DU THÉÂTRE"; SELARL'


def plus(x: object, y: object, latitude: object, longitude: object) -> dict[str, object]:
    place = {
        "coordonneeX": x,
        "coordonneeY": y,
        "directionLatitude": latitude,
        "directionLongitude": longitude,
        "scoreBAN": 0.9,
    }
    address = {"numeroVoie": "12", "typeVoie": "R", "libelleVoie": "DU FOUR", "codePostal": "01000", "libelleCommune": "Bourg-en-Bresse",
               "codeCommune": "01053", "coordonneesGeographique": place}  # fmt: skip
    ege = {"numeroFinessEg": "010000123", "raisonSociale": "PHARMACIE DU PORT", "codeCategorie": "620", "libelleCategorie": "Pharmacie d'Officine",
           "telephone": "0474220001", "adresse": [address]}  # fmt: skip
    return {"pmej": [{"ege": [ege, {"numeroFinessEg": ""}]}]}


@pytest.mark.parametrize(
    "numbers",
    [
        (870262.2, 6571540.8, 46.222286, 5.209181),
        (6571540.8, 870262.2, 5.209181, 46.222286),
        (870262.2, 6571540.8, None, None),
        (6571540.8, 870262.2, "", ""),
        ("870262,2", "6571540,8", "abc", None),
    ],
    ids=["right", "swapped", "projected only", "projected and swapped", "texts"],
)
def test_finess_plus_with_its_swaps(tmp_path: Path, numbers: tuple[object, ...]) -> None:
    file = tmp_path / "plus.json"
    file.write_text(json.dumps(plus(*numbers)))
    [entry] = read(file).values()
    assert entry.position == (46_222_286, 5_209_181, Precision.ADDRESS)
    assert (entry.key, entry.facts["kind"], entry.facts["city"]) == (
        "finess|010000123",
        Kind.PHARMACY,
        "Bourg-en-Bresse",
    )


def test_finess_plus_without_any_coordinates(tmp_path: Path) -> None:
    file = tmp_path / "plus.json"
    file.write_text(json.dumps(plus(None, None, None, None)))
    [entry] = read(file).values()
    assert entry.position is not None
    assert entry.position[2] is Precision.COMMUNE


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.csv", "a;b;c\n1;2;3\n"), ("a.csv", ""), ("a.json", "[]"), ("a.json", "{"), ("a.json", '{"pmej": 3}')],
)
def test_another_file_is_refused(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(Rejected, match="file-unknown"):
        read(file)
