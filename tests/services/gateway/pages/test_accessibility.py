"""The declaration of accessibility says what the grid says, and the grid has every criterion once."""

import re
from collections import Counter

import pytest

from services.gateway.pages.accessibility import GRID, Grid
from tests.architecture.accessibility import FILE, document
from tests.architecture.tree import ROOT
from tests.services.gateway.fakes import world

PER_THEME = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)


def grid(*states: str) -> Grid:
    return Grid.read("".join(f"1.{number}\twords\t{state}\thow\n" for number, state in enumerate(states, 1)))


def test_the_grid_has_the_106_criteria_in_their_order() -> None:
    numbers = [f"{theme}.{one}" for theme, most in enumerate(PER_THEME, 1) for one in range(1, most + 1)]
    assert [one.number for one in GRID.criteria] == numbers
    assert len(numbers) == 106
    assert all(one.words and one.how for one in GRID.criteria)


@pytest.mark.parametrize(
    ("states", "rate", "status"),
    [
        (["C", "C", "NA"], 100, "totalement conforme"),
        (["C", "NC", "NA"], 50, "partiellement conforme"),
        (["C", "NC", "NC"], 33, "non conforme"),
        (["C", "C", "C", "V"], 75, "partiellement conforme"),
        (["C", "V", "V"], 33, "non conforme"),
    ],
)
def test_the_rate_is_of_what_applies_and_what_nobody_verified_is_not_won(
    states: list[str], rate: int, status: str
) -> None:
    assert (grid(*states).rate, grid(*states).status) == (rate, status)


async def test_the_page_says_what_the_grid_says() -> None:
    page = await world().browser().get("/accessibilite")
    assert f"Ce site est {GRID.status}" in page.text
    assert f"{GRID.conforming} sont respectés ({GRID.rate} %)" in page.text
    for one in (*GRID.failing, *GRID.unseen):
        assert f"{one.number} : {one.words}" in page.text
    assert f"Accessibilité : {GRID.status}" in (await world().browser().get("/contact")).text


def test_the_document_is_the_grid_of_today() -> None:
    assert FILE.read_text(encoding="utf-8") == document(), "run `make contracts`"


def test_what_the_grid_points_to_exists() -> None:
    named = Counter(name for one in GRID.criteria for name in re.findall(r"test_\w+\.py", one.how))
    assert named
    for name in named:
        assert list((ROOT / "tests").rglob(name)), name
