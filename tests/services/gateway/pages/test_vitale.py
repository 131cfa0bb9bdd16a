"""« Ma carte Vitale » and « Suivre la commande », in every state of a card and of an order."""

import datetime as dt
from typing import Any

import pytest

from services.gateway.clients.cards import Stage, Vitale
from shared.numbers import number_of
from shared.web.channel import Refused
from tests.services.gateway.fakes import MEMBER, VITALE, Browser, World, story, world
from tests.web import NOW

DAY = dt.timedelta(days=1)


async def card_page(site: World, path: str = "/ma-carte-vitale") -> Any:
    browser: Browser = site.browser()
    await browser.sign_in()
    return await browser.get(path)


def card(**change: Any) -> Vitale:
    return Vitale.model_validate({**VITALE.model_dump(), **change})


CARDS: list[tuple[dict[str, Any], list[str], bool]] = [
    ({}, ["Valable", "•••••••• 909", "4 mars 2021"], True),
    (
        {"status": "damaged", "since": NOW, "advice": "send_back"},
        ["Détériorée, à remplacer", "Déclarée détériorée le", "Renvoyez-la ensuite à la caisse"],
        True,
    ),
    (
        {"status": "opposed", "since": NOW, "advice": "wait_for_replacement", "opposed_at": NOW, "reason": "lost"},
        ["En opposition", "En opposition depuis le 24 novembre 2026 à 14 h 02", "détruisez-la"],
        False,
    ),
    (
        {"advice": "expect_letter", "opposed_at": NOW, "opposed_serial_end": "123"},
        ["Guettez votre boîte aux lettres", "Carte précédente", "•••••••• 123"],
        True,
    ),
    ({"advice": "check_address"}, ["La poste nous a rendu la nouvelle carte"], True),
]


@pytest.mark.parametrize(("change", "words", "reportable"), CARDS)
async def test_each_state_of_a_card_is_told(change: dict[str, Any], words: list[str], reportable: bool) -> None:  # noqa: FBT001
    site = world()
    site.cards.card = card(**change)
    page = await card_page(site)
    for one in words:
        assert one in page.text
    assert ('href="/ma-carte-vitale/declaration"' in page.html) is reportable


async def test_no_card_says_what_to_do() -> None:
    site = world()
    site.cards.card = None
    page = await card_page(site)
    assert page.status == 200
    assert "Aucune carte Vitale à votre nom" in page.text


async def test_an_erased_number_is_shown_as_erased() -> None:
    site = world()
    site.cards.card = card(serial_end="effacé")
    assert "•••••••• effacé" in (await card_page(site)).text


async def test_a_stale_page_says_so_and_where_to_ask_again() -> None:
    site = world()
    site.cards.lag = 2
    page = await card_page(site)
    assert "Votre demande est prise en compte, la mise à jour est en cours." in page.text
    assert 'data-pending="/ma-carte-vitale/a-jour"' in page.html


async def test_the_page_that_waits_is_told_when_it_may_stop() -> None:
    site = world()
    browser = site.browser()
    await browser.sign_in()
    site.cards.lag = 1
    assert (await browser.client.get("/ma-carte-vitale/a-jour")).json() == {"pending": True}
    site.cards.lag = 0
    assert (await browser.client.get("/ma-carte-vitale/a-jour")).json() == {"pending": False}


async def test_the_story_of_an_order_past_and_to_come() -> None:
    site = world()
    site.cards.story = story(
        "stolen",
        ("reported", NOW),
        ("opposed", NOW),
        ("requested", NOW),
        ("validated", NOW),
        ("in_production", NOW + DAY),
    )
    text = (await card_page(site, "/ma-carte-vitale/commande")).text
    assert number_of(str(site.cards.story.order_id)) in text
    order = [
        "Vous avez déclaré la carte volée",
        "L'ancienne carte est mise en opposition",
        "La nouvelle carte est commandée",
        "La nouvelle carte est en fabrication Le 25 novembre 2026 à 14 h 02 Vous en êtes là",
        "Envoi par courrier À venir",
        "Arrivée dans votre boîte aux lettres Prévue entre le 8 décembre 2026 et le 15 décembre 2026",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


STAGES = {
    "reported": "Votre déclaration est enregistrée.",
    "opposed": "la nouvelle va être commandée",
    "requested": "il nous manque la photo et la pièce d'identité.",
    "documents_received": "nous les vérifions.",
    "photo_rejected": "il faut un nouvel envoi.",
    "photo_resubmitted": "nous le vérifions.",
    "validated": "la nouvelle carte part en fabrication.",
    "in_production": "La nouvelle carte est en fabrication.",
    "sent": "La nouvelle carte est dans le courrier.",
    "delivered": "La nouvelle carte est arrivée.",
    "returned_undelivered": "votre adresse est à vérifier.",
    "address_checked": "la carte va repartir.",
    "resent": "de nouveau dans le courrier.",
    "cancelled": "La commande est annulée.",
}


@pytest.mark.parametrize("stage", Stage)
async def test_each_stage_is_told(stage: Stage) -> None:
    site = world()
    site.cards.story = story("lost", (stage, NOW))
    page = await card_page(site, "/ma-carte-vitale/commande")
    assert STAGES[stage] in page.text
    assert ("Vous en êtes là" in page.text) is (stage not in {"delivered", "cancelled"})
    assert ("Arrivée dans votre boîte aux lettres" in page.text) is (stage not in {"delivered", "cancelled"})


@pytest.mark.parametrize(
    ("stage", "button", "what"),
    [
        ("sent", "recue", "receipt"),
        ("resent", "recue", "receipt"),
        ("returned_undelivered", "adresse", "address"),
        ("requested", "annuler", "cancellation"),
        ("validated", "annuler", "cancellation"),
    ],
)
async def test_what_a_member_says_of_an_order_with_one_button(stage: str, button: str, what: str) -> None:
    site = world()
    site.cards.story = story("lost", (stage, NOW))
    browser = site.browser()
    await browser.sign_in()
    page = await browser.get("/ma-carte-vitale/commande")
    page = await browser.send(page.form(f"/ma-carte-vitale/commande/{button}"))
    assert page.status == 200
    sent = site.cards.last("order")
    assert (sent["what"], sent["order_id"]) == (what, site.cards.story.order_id)


async def test_a_button_of_another_day_changes_nothing_and_says_so() -> None:
    site = world()
    site.cards.story = story("lost", ("sent", NOW))
    browser = site.browser()
    await browser.sign_in()
    form = (await browser.get("/ma-carte-vitale/commande")).form("/ma-carte-vitale/commande/recue")
    site.cards.refusal = Refused("vitale-order-not-on-its-way", 409)
    assert "La commande a avancé entre-temps." in (await browser.send(form)).text


async def test_a_returned_card_shows_the_address_that_it_goes_to() -> None:
    site = world()
    site.cards.story = story("lost", ("returned_undelivered", NOW))
    assert "12 rue du Four 83000 TOULON" in (await card_page(site, "/ma-carte-vitale/commande")).text


async def test_a_cancelled_order_may_be_placed_again() -> None:
    site = world()
    site.cards.story = story("lost", ("cancelled", NOW))
    browser = site.browser()
    await browser.sign_in()
    form = (await browser.get("/ma-carte-vitale/commande")).form("/ma-carte-vitale/commande/nouvelle")
    assert (await browser.send(form)).status == 200
    assert site.cards.last("order_again")["who"].person == MEMBER


async def test_a_presumed_arrival_says_what_to_do_if_it_is_wrong() -> None:
    site = world()
    site.cards.story = story("lost", ("sent", NOW), ("delivered", NOW)).model_copy(update={"arrival": "presumed"})
    text = (await card_page(site, "/ma-carte-vitale/commande")).text
    assert "nous supposons qu'elle vous est parvenue" in text
    assert "La nouvelle carte est supposée arrivée" in text


async def test_a_use_of_the_dead_card_is_told_to_its_holder() -> None:
    site = world()
    site.cards.card = card(status="opposed", opposed_at=NOW, used_after_opposition=NOW)
    assert "Quelqu'un a présenté la carte en opposition le 24 novembre 2026" in (await card_page(site)).text


async def test_the_end_of_rights_is_told_on_the_card() -> None:
    site = world()
    site.cards.card = card(status="opposed", reason="rights_ended", opposed_at=NOW)
    assert "Les droits ont pris fin" in (await card_page(site)).text


async def test_no_order_leads_to_the_declaration() -> None:
    page = await card_page(world(), "/ma-carte-vitale/commande")
    assert "Aucune commande n'est en cours." in page.text
    assert 'href="/ma-carte-vitale/declaration"' in page.html


async def test_cards_down_is_a_page_that_says_what_is_safe() -> None:
    site = world()
    site.cards.down = True
    page = await card_page(site)
    assert page.status == 503
    assert page.answer.headers["Retry-After"] == "30"
    assert "Ce qui est déjà enregistré est intact." in page.text
