"""« Plan du site »: all that can be reached at once is on it, and all that is on it exists."""

import re

from services.gateway.pages.site_map import SECTIONS
from tests.services.gateway.fakes import world
from tests.services.gateway.pages.test_profile import member
from tests.services.gateway.test_routes import GETS, NO_PAGES, answering

MAPPED = [path for section in SECTIONS for _, path in section.pages]
BEGUN = re.compile(
    r"/creer-mon-compte/.+|/connexion/.+|/confirmation-identite.*|/ma-carte-vitale/(declaration|commande)/.+|"
    r"/mon-profil/coordonnees-bancaires/.+|/mes-donnees/effacement/.+|/ma-securite/application-de-codes/.+|"
    r"/mon-compte/adresse-a-confirmer.*|/code-oublie/.+|/contester/.+|/application/.+|/api/.+|/nouvelles-conditions|"
    r"/effacement|/compte-ferme|/au-revoir|/lien-non-valable|/adresse-confirmee|/hors-connexion|/mes-donnees/telecharger|.*{.*"
)
"""What follows from something that was begun, said or sent: no way leads there at once."""


def test_every_page_that_can_be_reached_at_once_is_on_the_map() -> None:
    missing = {route.path for route in GETS} - set(NO_PAGES) - set(MAPPED) - {"/plan-du-site"}
    assert {path for path in missing if not BEGUN.fullmatch(path)} == set()


def test_every_line_of_the_map_is_a_page_and_stands_there_once() -> None:
    assert all(answering(path) is not None for path in MAPPED)
    assert len(set(MAPPED)) == len(MAPPED)


async def test_the_map_is_in_the_footer_of_every_page_before_and_after_signing_in() -> None:
    site = world()
    for browser in (site.browser(), await member(site)):
        page = await browser.get("/plan-du-site")
        assert page.status == 200
        for _, path in SECTIONS[0].pages:
            assert f'href="{path}"' in page.html
        assert 'href="/plan-du-site"' in (await browser.get("/contact")).html
