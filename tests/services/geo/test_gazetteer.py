"""The packaged communes: what somebody may mean, and where it lies."""

import pytest

from services.geo.gazetteer import load, normal


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("toulon", "Toulon"), ("TOULON", "Toulon"), ("83000", "Toulon"), ("83000 toul", "Toulon"), ("st denis", "Saint-Denis"),
        ("saint-étienne", "Saint-Étienne"), ("noumea", "Nouméa"), ("papeete", "Papeete"), ("97500", "Saint-Pierre"), ("l'isle adam", "L'Isle-Adam"),
    ],
)  # fmt: skip
def test_suggestions_forgive_accents_hyphens_and_case(typed: str, first: str) -> None:
    assert load().suggestions(typed)[0].name == first


@pytest.mark.parametrize("typed", ["", "   ", "zzzz", "00000"])
def test_nothing_is_suggested_for_nothing(typed: str) -> None:
    assert load().suggestions(typed) == []


def test_overseas_is_there_with_its_departements() -> None:
    found = load()
    for code, departement in (
        ("97502", "975"),
        ("98818", "988"),
        ("98735", "987"),
        ("97411", "974"),
        ("83137", "83"),
        ("2A004", "2A"),
    ):
        commune = found.commune(code)
        assert commune is not None
        assert commune.departement == departement
        assert commune.centre is not None


def test_centres_are_where_they_should_be() -> None:
    found = load()
    brest = found.centre_of_postcode("29200")
    assert brest is not None
    assert abs(brest[0] - 48.39) < 0.05
    assert found.centre_of_postcode("99109") is None
    assert found.centre_of_departement("99") is None
    assert found.centre_of_departement("29") is not None


def test_an_address_line_names_its_commune() -> None:
    found = load()
    for name, postcode in (("TOULON CEDEX 9", "83000"), ("Toulon", "83200"), ("whatever", "98800")):
        commune = found.named(name, postcode)
        assert commune is not None, name
    assert found.named("Nulle-Part", "00000") is None


def test_normal_form() -> None:
    assert normal("St-Œuf  d'Été") == "saint oeuf d ete"
    assert normal("Ste Marie") == normal("SAINTE-MARIE")
