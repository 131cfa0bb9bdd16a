"""« Ma CEAM »: the card, its order, its loss."""

import datetime as dt
from typing import Any

import pytest

from services.cards.settings import EUROPE
from services.gateway.clients.ceam import Ceam
from services.gateway.pages.countries import NAMES, in_order
from shared.numbers import number_of
from shared.web.channel import Refused
from tests.services.gateway.fakes import Browser, World, world
from tests.services.gateway.screens import named
from tests.web import NOW

ORDER = "5f2f6c1e-7f6b-4f0e-9a52-2f1f6f0f9a02"
LIVE: dict[str, Any] = {
    "card_id": "6f2f6c1e-7f6b-4f0e-9a52-2f1f6f0f9a02",
    "number_end": "0042",
    "status": "active",
    "status_since": NOW,
    "expires_on": "2028-01-31",
}
DATE = {"departure_on__jour": "24", "departure_on__mois": "12", "departure_on__annee": "2026"}


def ordered(step: str, **more: Any) -> Ceam:
    facts = {"order_id": ORDER, "step": step, "timeline": [{"step": "requested", "at": NOW}], **more}
    return Ceam.model_validate(facts)


async def member(card: Ceam | None = None) -> tuple[World, Browser]:
    site = world()
    site.ceam.card = card
    browser = site.browser()
    await browser.sign_in()
    return site, browser


def test_every_country_of_the_settings_has_a_name_and_stands_in_order() -> None:
    assert set(EUROPE) == NAMES.keys()
    names = [name for _, name in in_order(EUROPE)]
    assert names == sorted(names)
    assert in_order(["XX"]) == [("XX", "XX")]


def test_every_state_has_words() -> None:
    from services.cards.domain.ceam_words import CardStatus, Step  # noqa: PLC0415

    assert named("ceam/status.html", "tags") == {status.value for status in CardStatus}
    assert named("ceam/step.html", "steps") == {step.value for step in Step}


async def test_without_a_card_one_may_be_ordered() -> None:
    _, browser = await member()
    page = await browser.get("/ma-ceam")
    assert "Vous n'avez pas de carte européenne." in page.text
    assert 'href="/ma-ceam/commande"' in page.html
    assert "Suisse : la carte peut y être refusée" in page.text


@pytest.mark.parametrize("path", ["/ma-ceam", "/ma-ceam/commande"])
async def test_who_is_no_national_of_the_union_is_warned_and_who_is_one_is_not(path: str) -> None:
    site, browser = await member()
    site.ceam.eu_national = False
    assert "Suisse : la carte peut y être refusée, car la caisse ne connaît pas" in (await browser.get(path)).text
    site.ceam.eu_national = None
    assert "Suisse : la carte peut y être refusée à une personne qui" in (await browser.get(path)).text
    site.ceam.eu_national = True
    assert "refusée" not in (await browser.get(path)).text


async def test_a_live_card_is_shown_and_no_second_one_offered() -> None:
    _, browser = await member(Ceam.model_validate(LIVE))
    page = await browser.get("/ma-ceam")
    for words in ("Valable", "•••• 0042", "31 janvier 2028"):
        assert words in page.text
    assert 'href="/ma-ceam/commande"' not in page.html
    assert 'href="/ma-ceam/declaration"' in page.html


async def test_a_card_about_to_end_may_be_renewed() -> None:
    near = {**LIVE, "expires_on": (NOW.date() + dt.timedelta(days=90)).isoformat(), "expiry_near": True}
    _, browser = await member(Ceam.model_validate(near))
    page = await browser.get("/ma-ceam")
    assert "Elle expire bientôt" in page.text
    assert 'href="/ma-ceam/commande"' in page.html


async def test_an_order_goes_to_the_service_with_its_trip() -> None:
    site, browser = await member()
    page = await browser.fill("/ma-ceam/commande", country="IT", posted="non", **DATE)
    assert page.path == "/ma-ceam"
    assert "La carte européenne est commandée." in page.text
    trip = site.ceam.last("order")["trip"]
    assert (trip.country, trip.departure_on, trip.posted_to) == ("IT", dt.date(2026, 12, 24), None)


async def test_neither_country_nor_date_need_be_known() -> None:
    site, browser = await member()
    assert (await browser.fill("/ma-ceam/commande", country="", posted="")).path == "/ma-ceam"
    assert site.ceam.last("order")["trip"].departure_on is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"country": "IT", "posted": ""}, "Répondez par oui ou par non."),
        ({"country": "", "departure_on__jour": "24"}, "La date n'existe pas."),
        ({**DATE, "country": "", "departure_on__annee": "2025"}, "La date de départ est passée."),
        ({**DATE, "country": "", "departure_on__annee": "2036"}, "La date est trop lointaine"),
    ],
)
async def test_a_wrong_field_is_named_and_what_was_typed_stays(fields: dict[str, str], words: str) -> None:
    site, browser = await member()
    page = await browser.fill("/ma-ceam/commande", **fields)
    assert (page.status, words in page.text) == (422, True)
    assert "order" not in {name for name, _ in site.ceam.calls}


async def test_the_country_of_posting_leads_to_the_s1() -> None:
    site, browser = await member()
    page = await browser.get("/ma-ceam/commande")
    form = page.form()
    site.ceam.refusal = Refused("ceam-posted-there", 422)
    page = await browser.send(form, country="DE", posted="oui")
    assert "c'est le formulaire S1 qui vous couvre" in page.text
    assert site.ceam.last("order")["trip"].posted_to == "DE"


@pytest.mark.parametrize("code", ["ceam-no-rights", "ceam-order-open", "ceam-card-live", "ceam-unknown"])
async def test_a_refusal_of_the_service_is_explained(code: str) -> None:
    site, browser = await member()
    form = (await browser.get("/ma-ceam/commande")).form()
    site.ceam.refusal = Refused(code, 409)
    page = await browser.send(form, country="", posted="")
    assert page.status == 409
    assert "/ma-ceam" in page.html


async def test_a_refused_country_is_said_beside_it() -> None:
    site, browser = await member()
    form = (await browser.get("/ma-ceam/commande")).form()

    async def refuse(*_: object) -> None:
        raise Refused("ceam-country-not-covered", 422)

    site.ceam.order = refuse  # type: ignore[assignment, method-assign]
    page = await browser.send(form, country="IT", posted="non")
    assert (page.status, "n'est pas valable dans ce pays" in page.text) == (422, True)


@pytest.mark.parametrize(
    "step", ["requested", "in_production", "sent", "returned", "address_checked", "delivered", "cancelled"]
)
async def test_each_step_of_an_order_is_told(step: str) -> None:
    _, browser = await member(ordered(step))
    page = await browser.get("/ma-ceam")
    assert page.status == 200
    assert number_of(ORDER) in page.text
    assert ("/ma-ceam/annuler" in page.html) is (step in {"requested", "in_production"})
    assert ("/ma-ceam/recue" in page.html) is (step == "sent")
    assert ("/ma-ceam/adresse" in page.html) is (step == "returned")
    assert ("12 rue du Four 83000 TOULON" in page.text) is (step == "returned")


@pytest.mark.parametrize(
    ("step", "button", "what"),
    [("sent", "recue", "receipt"), ("requested", "annuler", "cancellation"), ("returned", "adresse", "address")],
)
async def test_what_a_member_says_of_an_order(step: str, button: str, what: str) -> None:
    site, browser = await member(ordered(step))
    page = await browser.get("/ma-ceam")
    assert (await browser.send(page.form(f"/ma-ceam/{button}"))).path == "/ma-ceam"
    assert (site.ceam.last("of_order")["what"], site.ceam.last("of_order")["order_id"]) == (what, ORDER)


async def test_a_loss_names_the_card_that_was_shown() -> None:
    site, browser = await member(Ceam.model_validate(LIVE))
    form = (await browser.get("/ma-ceam/declaration")).form()
    date = {"happened_on__jour": "23", "happened_on__mois": "11", "happened_on__annee": "2026"}
    page = await browser.send(form, reason="lost", **date)
    assert "Votre déclaration est enregistrée." in page.text
    sent = site.ceam.last("report")
    assert (sent["card_id"], sent["reason"]) == (LIVE["card_id"], "lost")


async def test_without_a_live_card_there_is_nothing_to_declare() -> None:
    _, browser = await member(ordered("requested"))
    assert (await browser.get("/ma-ceam/declaration")).path == "/ma-ceam"


async def test_the_page_that_waits_is_told_when_it_may_stop() -> None:
    site, browser = await member()
    site.ceam.lag = 1
    assert (await browser.client.get("/ma-ceam/a-jour")).json() == {"pending": True}
