"""The member's home page, and the wait for the address to be confirmed."""

import datetime as dt

import pytest

from shared.web.channel import Refused
from tests.services.gateway.fakes import EMAIL, Browser, World, sent, story, world
from tests.web import NOW


async def signed_in(site: World) -> Browser:
    browser = site.browser()
    await browser.sign_in()
    return browser


async def test_home_shows_card_request_messages_and_the_age_of_it_all() -> None:
    site = world()
    site.cards.story = story("lost", ("reported", NOW), ("opposed", NOW), ("requested", NOW), ("validated", NOW))
    site.notifications.sent = (sent("vitale-ordered"), sent("vitale-opposed"))
    page = await (await signed_in(site)).get("/mon-compte")
    assert "Valable" in page.text
    assert "se terminant par 909" in page.text
    assert "Elle devrait arriver entre le 8 décembre 2026 et le 15 décembre 2026." in page.text
    assert "Votre nouvelle carte Vitale est commandée" in page.text
    assert "À jour le 24 novembre 2026 à 14 h 02" in page.text


async def test_home_without_anything_says_what_can_be_done() -> None:
    site = world()
    site.cards.card = None
    page = await (await signed_in(site)).get("/mon-compte")
    assert "Aucune carte connue à votre nom." in page.text
    assert "Aucune demande en cours." in page.text
    assert "Aucun message pour l'instant." in page.text
    assert 'href="/ma-carte-vitale/declaration"' in page.html


@pytest.mark.parametrize("service", ["cards", "notifications"])
async def test_one_service_down_leaves_the_rest_of_home_standing(service: str) -> None:
    site = world()
    browser = await signed_in(site)
    getattr(site, service).down = True
    page = await browser.get("/mon-compte")
    assert page.status == 200
    assert "Indisponible pour le moment." in page.text
    assert ("Valable" in page.text) is (service == "notifications")


async def test_home_stands_while_identity_is_down_once_the_address_is_known_to_be_confirmed() -> None:
    site = world()
    browser = await signed_in(site)
    site.identity.down = True
    assert (await browser.get("/mon-compte")).status == 200
    assert (await browser.get("/ma-carte-vitale")).status == 200


async def test_home_tells_when_somebody_came_in_before() -> None:
    site = world()
    site.identity.signed_in_before = NOW - dt.timedelta(days=2)
    page = await (await signed_in(site)).get("/mon-compte")
    assert "Votre connexion précédente date du 22 novembre 2026 à 14 h 02." in page.text


async def test_a_returned_letter_asks_for_attention() -> None:
    site = world()
    site.cards.story = story(
        "lost", ("reported", NOW), ("requested", NOW), ("sent", NOW), ("returned_undelivered", NOW)
    )
    page = await (await signed_in(site)).get("/mon-compte")
    assert "À faire" in page.text
    assert "votre adresse est à vérifier" in page.text


async def test_messages_down_is_a_page_and_the_card_still_opens() -> None:
    site = world()
    browser = await signed_in(site)
    site.notifications.down = True
    page = await browser.get("/mes-messages")
    assert page.status == 503
    assert "Le service des messages ne répond pas" in page.text
    assert "Les autres pages de votre compte fonctionnent." in page.text
    assert (await browser.get("/ma-carte-vitale")).status == 200


@pytest.mark.parametrize("path", ["/mon-compte", "/ma-carte-vitale", "/ma-carte-vitale/declaration", "/mes-messages"])
async def test_before_the_address_is_confirmed_every_service_leads_to_the_page_that_waits(path: str) -> None:
    site = world()
    site.identity.confirmed = False
    page = await (await signed_in(site)).get(path)
    assert page.path == "/mon-compte/adresse-a-confirmer"
    assert EMAIL in page.text
    assert site.cards.calls == []


async def test_the_message_can_be_sent_again() -> None:
    site = world()
    site.identity.confirmed = False
    browser = await signed_in(site)
    page = await browser.fill("/mon-compte/adresse-a-confirmer")
    assert page.path == "/mon-compte/adresse-a-confirmer"
    assert "vient de vous être renvoyé" in page.text
    assert "vient de vous être renvoyé" not in (await browser.get(page.path)).text


async def test_a_message_just_sent_is_not_sent_at_once_again() -> None:
    site = world()
    site.identity.confirmed = False
    browser = await signed_in(site)
    page = await browser.get("/mon-compte/adresse-a-confirmer")
    site.identity.refusal = Refused("link-just-sent", 409)
    assert "Attendez une minute" in (await browser.send(page.form())).text


async def test_once_confirmed_the_services_open_in_the_same_session() -> None:
    site = world()
    site.identity.confirmed = False
    browser = await signed_in(site)
    site.identity.confirmed = True
    assert (await browser.get("/mon-compte")).path == "/mon-compte"


async def test_the_session_tells_identity_what_it_opens() -> None:
    site = world()
    site.identity.confirmed = False
    browser = await signed_in(site)
    assert site.identity.last("account")["who"].access == "email-pending"
    site.identity.confirmed = True
    await browser.get("/mon-compte")
    assert site.cards.last("all_of")["who"].access == "full"
