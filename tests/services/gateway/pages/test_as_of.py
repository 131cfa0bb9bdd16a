"""Until when what a page shows is up to date, as the service behind it says."""

import datetime as dt

import pytest

from services.gateway.clients.persons import Look
from tests.services.gateway.fakes import World, world
from tests.services.gateway.pages.test_profile import member
from tests.web import NOW

SAID = "Informations à jour le 24 novembre 2026 à 13 h 59."
OLDER = NOW - dt.timedelta(minutes=3)
PATHS = (
    *("/ma-carte-vitale", "/ma-carte-vitale/commande", "/ma-ceam", "/mon-attestation", "/mon-profil"),
    *("/mon-profil/historique", "/mon-profil/coordonnees-bancaires", "/mon-profil/consultations"),
    *("/ma-securite", "/ma-securite/appareils"),
)
"""Also where there is nothing to show: that is true until a moment, too."""


def aged(as_of: dt.datetime | None) -> World:
    site = world()
    for fake in (site.identity, site.keys, site.cards, site.ceam, site.persons, site.attestations):
        fake.as_of = as_of
    return site


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_says_until_when_it_is_up_to_date(path: str) -> None:
    page = await (await member(aged(OLDER))).get(path)
    assert (page.path, SAID in page.text) == (path, True)


@pytest.mark.parametrize("path", PATHS)
async def test_one_whose_age_nobody_knows_claims_none(path: str) -> None:
    assert "à jour le" not in (await (await member(aged(None))).get(path)).text


async def test_where_there_is_something_to_show_it_is_said_too() -> None:
    site = aged(OLDER)
    site.persons.seen = (Look(at=NOW, role="agent", purpose="call", part="profile"),)
    assert SAID in (await (await member(site)).get("/mon-profil/consultations")).text


async def test_of_a_page_of_several_answers_the_oldest_counts() -> None:
    site = aged(NOW)
    site.keys.as_of, site.persons.as_of = OLDER, OLDER
    browser = await member(site)
    for path in ("/ma-securite/appareils", "/mon-attestation"):
        assert SAID in (await browser.get(path)).text, path
