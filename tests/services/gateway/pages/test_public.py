"""What everybody may read."""

import re

import pytest

from services.gateway.pages.accessibility import GRID
from services.gateway.pages.public import SERVICES
from tests.services.gateway.fakes import world

CREDITS = (
    "govuk-frontend",
    "Atkinson Hyperlegible Next",
    "Leaflet",
    "Datamaps",
    "GeoNames",
    "FINESS",
    "Licence Ouverte",
)
PUBLIC = [
    "/",
    "/contact",
    "/conditions-generales",
    "/mentions-legales",
    "/accessibilite",
    "/plan-du-site",
    "/au-revoir",
]


@pytest.mark.parametrize("path", PUBLIC)
async def test_public_pages_answer_without_a_session(path: str) -> None:
    site = world()
    page = await site.browser().get(path)
    assert page.status == 200
    assert "Set-Cookie" not in page.answer.headers
    assert site.sessions.rows == {}


async def test_whose_works_are_used_is_said_and_each_licence_can_be_read() -> None:
    browser = world().browser()
    page = await browser.get("/mentions-legales")
    for credit in CREDITS:
        assert credit in page.text
    licences = re.findall(r'href="([^"]*licences/[^"]+)"', page.html)
    assert len(licences) == 4
    for licence in licences:
        assert (await browser.get(licence)).status == 200


@pytest.mark.parametrize("offered", [False, True])
async def test_a_cookie_for_the_map_is_named_where_the_map_is_offered(*, offered: bool) -> None:
    page = await world(ign_tiles=offered).browser().get("/mentions-legales")
    assert ("Un troisième, si vous demandez" in page.text) is offered


async def test_the_home_page_names_the_ten_services_in_the_members_words() -> None:
    page = await world().browser().get("/")
    assert len(SERVICES) == 10
    for service in SERVICES:
        assert service.words in page.text


async def test_every_service_leads_to_its_page() -> None:
    page = await world().browser().get("/")
    linked = re.findall(r'site-card__title"><a class="govuk-link" href="([^"]+)"', page.html)
    assert linked == [
        "/mes-remboursements",
        *("/mon-attestation", "/ma-ceam/commande", "/mon-profil/coordonnees-bancaires"),
        *("/ma-ceam/declaration", "/mon-profil"),
        *("/ma-carte-vitale/declaration", "/ma-carte-vitale/commande"),
        *("/lieux/bornes-vitale", "/lieux/annuaire"),
    ]


async def test_every_public_page_leads_to_the_desk_and_the_code_by_post_within_two_clicks() -> None:
    browser = world().browser()
    assert "/creer-mon-compte/code-provisoire" in (await browser.get("/")).html
    way_out = await browser.get("/creer-mon-compte/code-provisoire")
    assert "sous 8 jours" in way_out.text
    assert "au siège de toulon" in way_out.text.lower()


async def test_a_member_sees_the_way_to_his_account_on_the_home_page() -> None:
    browser = world().browser()
    await browser.sign_in()
    page = await browser.get("/")
    assert "Aller à mon compte" in page.text
    assert "Créer mon compte" not in page.text


async def test_the_accessibility_status_is_on_every_page_and_honest() -> None:
    assert f"Accessibilité : {GRID.status}" in (await world().browser().get("/contact")).text
