"""Cards of a child: whose page it is always stands on it, and nobody sees whom he may not."""

from services.gateway.clients.cards import Seen
from tests.services.gateway.fakes import MEMBER, Browser, World, story, world
from tests.web import NOW, Page

CHILD = "7f0c1c2e-7f6b-4f0e-9a52-2f1f6f0f9a03"
LEA = Seen(person_id=CHILD, given_names="Léa Marie", age=9)


async def parent() -> tuple[World, Browser]:
    site = world()
    site.cards.family = (*site.cards.family, LEA)
    browser = site.browser()
    await browser.sign_in()
    return site, browser


async def for_the_child(browser: Browser, path: str = "/ma-carte-vitale") -> Page:
    page = await browser.get(path)
    return await browser.send(page.form("/mes-cartes/pour"), personne=CHILD)


async def test_a_member_without_family_is_asked_nothing() -> None:
    browser = world().browser()
    await browser.sign_in()
    assert "/mes-cartes/pour" not in (await browser.get("/ma-carte-vitale")).html


async def test_a_parent_changes_to_a_child_and_back() -> None:
    site, browser = await parent()
    page = await for_the_child(browser)
    assert page.path == "/ma-carte-vitale"
    assert "Vous agissez pour Léa Marie." in page.text
    assert site.cards.last("vitale")["who"].person == CHILD
    page = await browser.send(page.form("/mes-cartes/pour"), personne=MEMBER)
    assert "Vous agissez pour" not in page.text
    assert site.cards.last("vitale")["who"].person == MEMBER


async def test_it_leads_back_to_the_page_it_was_asked_on() -> None:
    _, browser = await parent()
    assert (await for_the_child(browser, "/ma-ceam")).path == "/ma-ceam"


async def test_a_child_without_a_card_gets_an_explanation() -> None:
    site, browser = await parent()
    site.cards.card = None
    page = await for_the_child(browser)
    assert "Léa n'a pas de carte Vitale à son nom." in page.text
    assert "C'est normal avant 16 ans" in page.text


async def test_a_declaration_for_a_child_names_the_child_in_every_step() -> None:
    site, browser = await parent()
    await for_the_child(browser)
    page = await browser.fill("/ma-carte-vitale/declaration", reason="lost")
    assert "Vous agissez pour Léa Marie." in page.text
    date = {"happened_on__jour": "23", "happened_on__mois": "11", "happened_on__annee": "2026"}
    page = await browser.send(page.form(), place="École", **date)
    assert "Vous agissez pour Léa Marie." in page.text
    await browser.send(page.form(), honour="oui")
    sent = site.cards.last("report")["who"]
    assert (sent.member, sent.person) == (MEMBER, CHILD)


async def test_what_was_begun_for_one_person_is_not_taken_to_another() -> None:
    _, browser = await parent()
    await browser.fill("/ma-carte-vitale/declaration", reason="lost")
    await for_the_child(browser)
    assert (await browser.get("/ma-carte-vitale/declaration/circonstances")).path == "/ma-carte-vitale/declaration"


async def test_a_stranger_cannot_be_chosen() -> None:
    site, browser = await parent()
    page = await browser.get("/ma-carte-vitale")
    page = await browser.send(page.form("/mes-cartes/pour"), personne="8f0c1c2e-7f6b-4f0e-9a52-2f1f6f0f9a04")
    assert site.cards.last("vitale")["who"].person == MEMBER


async def test_a_view_that_ended_leads_back_to_the_own_cards() -> None:
    site, browser = await parent()
    await for_the_child(browser)
    site.cards.family = site.cards.family[:1]
    site.cards.story = story("lost", ("sent", NOW))
    page = await browser.get("/ma-carte-vitale")
    assert "Vous agissez pour" not in page.text
    assert site.cards.last("vitale")["who"].person == MEMBER
