"""A session that lapses while a form is filled in: what was typed waits, sealed, half an hour, for its member alone."""

import pytest

from services.gateway.clients.identity import Access, SignedIn
from tests.services.gateway.fakes import CODE, MEMBER, NIR, Browser, World, world
from tests.web import Page

LINE = "/mon-profil/adresse"
FACTS = "/ma-carte-vitale/declaration/circonstances"
TYPED = {"happened_on-jour": "23", "happened_on-mois": "11", "happened_on-annee": "2026", "place": "Toulon, gare"}


@pytest.fixture
def site() -> World:
    return world()


async def at_the_facts(site: World) -> tuple[Browser, Page]:
    """In the middle of a declaration."""
    browser = site.browser()
    await browser.sign_in()
    page = await browser.fill("/ma-carte-vitale/declaration", reason="lost")
    assert page.path == FACTS
    return browser, page


def value(page: Page, name: str) -> str:
    return page.form().fields[name]


async def test_after_signing_in_again_the_form_is_as_it_was(site: World) -> None:
    browser, page = await at_the_facts(site)
    site.clock.pass_(minutes=20)
    page = await browser.send(page.form(), **TYPED)
    assert (page.path, str(page.answer.url.query)) == ("/connexion", f"b'suite={FACTS}&session=expiree'")
    assert "Votre session a expiré" in page.text
    page = await browser.send(page.form(), nir=NIR, code=CODE)
    assert page.path == FACTS
    assert "Ce que vous aviez saisi est toujours là, rien n'a été envoyé" in page.text
    assert {name: value(page, name) for name in TYPED} == TYPED
    assert "report" not in {name for name, _ in site.cards.calls}
    page = await browser.send(page.form())
    assert page.path == "/ma-carte-vitale/declaration/recapitulatif"


async def test_it_is_shown_once(site: World) -> None:
    browser, page = await at_the_facts(site)
    site.clock.pass_(minutes=20)
    page = await browser.send(page.form(), **TYPED)
    await browser.send(page.form(), nir=NIR, code=CODE)
    assert value(await browser.get(FACTS), "place") == ""


async def test_another_member_who_signs_in_there_sees_nothing_of_it(site: World) -> None:
    browser, page = await at_the_facts(site)
    site.clock.pass_(minutes=20)
    page = await browser.send(page.form(), **TYPED)
    other = "7f0c1c2e-7f6b-4f0e-9a52-2f1f6f0f9a09"
    site.identity.opens = SignedIn(stream="account:x", version=1, member_id=other, session_id=other, access=Access.FULL)
    page = await browser.send(page.form(), nir=NIR, code=CODE)
    assert "Toulon, gare" not in page.html
    assert "toujours là" not in page.text
    assert page.path == "/ma-carte-vitale/declaration"


async def test_after_half_an_hour_it_is_gone(site: World) -> None:
    browser, page = await at_the_facts(site)
    site.clock.pass_(minutes=20)
    page = await browser.send(page.form(), **TYPED)
    site.clock.pass_(minutes=30)
    page = await browser.send((await browser.get("/connexion")).form(), nir=NIR, code=CODE)
    assert "Toulon, gare" not in (await browser.get(FACTS)).html


async def test_it_is_sealed(site: World) -> None:
    browser, page = await at_the_facts(site)
    site.clock.pass_(minutes=20)
    await browser.send(page.form(), **TYPED)
    assert all(b"Toulon" not in row.sealed and row.holder != MEMBER for row in site.sessions.rows.values())
    assert len(site.sessions.rows) == 1


async def test_codes_are_never_kept(site: World) -> None:
    browser = site.browser()
    await browser.sign_in()
    page = await browser.get("/confirmation-identite")
    site.clock.pass_(minutes=20)
    page = await browser.send(page.form(), code="Secret-123")
    session = await site.site.sessions.open(browser.cookie)
    held = session.state.held
    assert held is not None
    assert "Secret-123" not in held.fields.values()


async def test_a_form_from_elsewhere_is_not_kept(site: World) -> None:
    browser, page = await at_the_facts(site)
    site.clock.pass_(minutes=20)
    page = await browser.send(page.form(), **TYPED, jeton="forged")
    assert page.status == 403
    assert (await site.site.sessions.open(browser.cookie)).state.held is None


async def test_a_button_that_has_no_page_of_its_own_leads_nowhere_afterwards(site: World) -> None:
    browser = site.browser()
    await browser.sign_in()
    page = await browser.get("/mes-messages/choix")
    form = page.form("/deconnexion") if "/deconnexion" in page.html else page.form()
    site.clock.pass_(minutes=20)
    page = await browser.send(form)
    assert "suite" not in str(page.answer.url.query)
