"""French as it is written: on every page no space that would break before : ; ? ! or inside « »."""

import datetime as dt
import itertools
import re

import pytest

from shared.web import french
from tests.services.gateway.fakes import World, story, world
from tests.web import NOW

PAGES = [
    "/", "/contact", "/conditions-generales", "/mentions-legales", "/accessibilite", "/rien", "/mon-compte",
    "/ma-carte-vitale", "/ma-carte-vitale/commande", "/ma-carte-vitale/declaration", "/mes-messages",
    "/creer-mon-compte/code-provisoire", "/au-revoir", "/lien-non-valable", "/adresse-confirmee", "/confirmer/a.b.c",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Où ?", "Où\u00a0?"),
        ("Attention !", "Attention\u00a0!"),
        ("perdue ; volée : oui", "perdue\u00a0; volée\u00a0: oui"),
        ("écrivez « inconnu ».", "écrivez «\u00a0inconnu\u00a0»."),
        ("sous 8 jours", "sous 8\u00a0jours"),
        ("de 8 h à 17 h", "de 8\u00a0h à 17\u00a0h"),
        ("04 94 16", "04\u00a094\u00a016"),
        ("a != b", "a != b"),
        ("12:30", "12:30"),
    ],
)
def test_spaces_that_must_not_break(text: str, expected: str) -> None:
    assert french.typography(text) == expected
    assert french.typography(expected) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (dt.date(2026, 11, 24), "24\u00a0novembre 2026"),
        (dt.date(2026, 8, 1), "1er\u00a0août 2026"),
        (dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC), "1er\u00a0janvier 2027"),
    ],
)
def test_days(value: dt.date, expected: str) -> None:
    assert french.day(value) == expected


def test_moments_are_those_of_paris_summer_and_winter() -> None:
    assert french.moment(dt.datetime(2026, 11, 24, 13, 2, tzinfo=dt.UTC)) == "24\u00a0novembre 2026 à 14\u00a0h\u00a002"
    assert french.moment(dt.datetime(2026, 7, 1, 7, 5, tzinfo=dt.UTC)) == "1er\u00a0juillet 2026 à 9\u00a0h\u00a005"
    assert french.clock_time(NOW) == "14:02:07"


def words_of(html: str) -> str:
    without = re.sub(r"(?s)<(script|style).*?</\1>", "", html)
    shown = re.findall(r'(?:alt|aria-label|content)="([^"]*)"', without)
    return "\n".join([re.sub(r"<[^>]+>", "\n", without), *shown])


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_written_in_french_typography(path: str, signed_in: bool) -> None:  # noqa: FBT001
    site: World = world()
    site.cards.story = story("lost", ("reported", NOW), ("requested", NOW))
    browser = site.browser()
    if signed_in:
        await browser.sign_in()
    page = await browser.get(path)
    assert '<html lang="fr"' in page.html
    found = re.findall(r".{0,20}(?:\S [:;?!»](?!=)|« ).{0,10}", words_of(page.html))
    assert found == []


@pytest.mark.parametrize("path", ["/connexion", "/creer-mon-compte/identite"])
async def test_what_is_said_of_errors_is_written_so_too(path: str) -> None:
    page = await world().browser().fill(path, nir="185018313704200")
    assert "contient une erreur\u00a0:" in page.html


@pytest.mark.parametrize("path", PAGES)
async def test_the_frame_of_every_page(path: str) -> None:
    browser = world().browser()
    await browser.sign_in()
    html = (await browser.get(path)).html
    assert html.count("<h1") == 1
    assert html.index('href="#contenu"') < html.index("<header")
    assert 'id="contenu" tabindex="-1"' in html
    assert re.search(r"<title>\S.* \u2013 Mon compte en ligne</title>", html)
    assert 'name="viewport" content="width=device-width' in html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for label in re.findall(r'<label[^>]*for="([^"]+)"', html):
        assert label in ids
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
