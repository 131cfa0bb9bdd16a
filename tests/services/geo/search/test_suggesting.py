"""What somebody may mean who mistypes a commune."""

import pytest

from services.geo.search.suggesting import suggestions


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("toulon", "Toulon"), ("tolon", "Toulon"), ("tuolon", "Toulon"), ("Marseile", "Marseille"), ("marsseille", "Marseille"),
        ("saint etiene", "Saint-Étienne"), ("st-etienn", "Saint-Étienne"), ("stasbourg", "Strasbourg"), ("Bretst", "Brest"),
        ("noumaé", "Nouméa"), ("La Seine sur Mer", "La Seyne-sur-Mer"), ("83000 tolon", "Toulon"), ("fort de frnace", "Fort-de-France"),
    ],
)  # fmt: skip
def test_a_slip_of_the_finger_is_forgiven(typed: str, first: str) -> None:
    assert suggestions().of(typed)[0].name == first


def test_what_is_spelled_so_comes_before_what_differs() -> None:
    found = [one.name for one in suggestions().of("toul")]
    assert all(one.startswith("Toul") for one in found)
    assert len(found) == len(set(found)) == 8
    lyons = [one.name for one in suggestions().of("lion-devant-dun")]
    assert lyons[0] == "Lion-devant-Dun"


@pytest.mark.parametrize("typed", ["", "  ", "zzzzzz", "00000", "99999 toulon", "xx yy"])
def test_nothing_is_made_up(typed: str) -> None:
    assert suggestions().of(typed) == []


def test_a_postcode_narrows_a_slip() -> None:
    assert [one.name for one in suggestions().of("29200 bret")] == ["Brest"]
