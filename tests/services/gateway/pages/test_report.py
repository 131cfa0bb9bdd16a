"""« Déclarer ma carte Vitale perdue, volée ou détériorée », right and wrong."""

from typing import Any

import pytest

from services.gateway.clients.cards import Vitale
from shared.web.channel import Refused
from tests.services.gateway.fakes import CARD, MEMBER, VITALE, Browser, World, world
from tests.web import NOW, Page

BASE = "/ma-carte-vitale/declaration"
FACTS = {"happened_on__jour": "23", "happened_on__mois": "11", "happened_on__annee": "2026", "place": "Toulon, marché"}


async def member(site: World) -> Browser:
    browser = site.browser()
    await browser.sign_in()
    return browser


async def recap(browser: Browser, reason: str = "lost") -> Page:
    page = await browser.fill(BASE, reason=reason)
    assert page.path == f"{BASE}/circonstances"
    page = await browser.send(page.form(), **FACTS)
    assert page.path == f"{BASE}/recapitulatif"
    return page


@pytest.mark.parametrize(("reason", "words"), [("lost", "Perdue"), ("stolen", "Volée"), ("damaged", "Détériorée")])
async def test_the_recap_shows_what_will_be_sent_with_the_number_masked(reason: str, words: str) -> None:
    page = await recap(await member(world()), reason)
    for one in (words, "•••••••• 909", "23 novembre 2026", "Toulon, marché", "sur l'honneur"):
        assert one in page.text
    assert ("C'est définitif" in page.text) is (reason != "damaged")


@pytest.mark.parametrize("reason", ["lost", "stolen"])
async def test_a_declaration_shows_the_time_of_opposition(reason: str) -> None:
    site = world()
    browser = await member(site)
    page = await browser.send((await recap(browser, reason)).form(), honour="oui")
    assert page.path == f"{BASE}/faite"
    assert "Carte mise en opposition le 24 novembre 2026 à 14 h 02" in page.text
    sent = site.cards.last("report")
    assert sent["who"].member_id == MEMBER
    facts = sent["facts"]
    assert (facts.card_id, facts.reason, facts.place) == (CARD, reason, "Toulon, marché")
    assert facts.happened_on.isoformat() == "2026-11-23"


async def test_a_damaged_card_stays_valid_until_the_new_one_is_sent() -> None:
    browser = await member(world())
    page = await browser.send((await recap(browser, "damaged")).form(), honour="oui")
    assert "Votre carte reste valable jusqu'à l'envoi de la nouvelle" in page.text
    assert "opposition le" not in page.text


async def test_without_the_tick_nothing_is_sent() -> None:
    site = world()
    browser = await member(site)
    page = await browser.send((await recap(browser)).form())
    assert page.status == 422
    assert "Cochez la case pour certifier vos informations." in page.text
    assert "report" not in [name for name, _ in site.cards.calls]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"happened_on__jour": "25"}, "happened_on", "La date ne peut pas être dans l'avenir."),
        ({"happened_on__annee": "1997"}, "happened_on", "trop ancienne"),
        ({"happened_on__mois": "13"}, "happened_on", "n'existe pas"),
        ({"happened_on__jour": "", "happened_on__mois": "", "happened_on__annee": ""}, "happened_on", "Saisissez la date."),
        ({"place": ""}, "place", "Indiquez le lieu"),
        ({"place": "x" * 201}, "place", "trop long"),
    ],
)  # fmt: skip
async def test_wrong_facts_are_said_beside_their_field(change: dict[str, str], field: str, words: str) -> None:
    browser = await member(world())
    page = await browser.fill(BASE, reason="lost")
    answer = await browser.send(page.form(), **{**FACTS, **change})
    assert answer.status == 422
    assert words in answer.text
    assert f'id="{field}-error"' in answer.html


@pytest.mark.parametrize("reason", ["", "eaten"])
async def test_no_reason_asks_for_one(reason: str) -> None:
    page = await (await member(world())).fill(BASE, reason=reason)
    assert page.status == 422
    assert "Choisissez ce qui est arrivé à votre carte." in page.text


async def test_today_in_toulon_counts_though_it_is_yesterday_in_greenwich() -> None:
    site = world()
    site.clock.time = NOW.replace(hour=23, minute=30)
    browser = await member(site)
    page = await browser.fill(BASE, reason="lost")
    answer = await browser.send(page.form(), **{**FACTS, "happened_on__jour": "25"})
    assert answer.path == f"{BASE}/recapitulatif"


async def test_going_back_keeps_the_facts_and_may_change_the_reason() -> None:
    browser = await member(world())
    await recap(browser)
    page = await browser.fill(BASE, reason="stolen")
    assert page.form().fields["place"] == "Toulon, marché"
    assert page.form().fields["happened_on-annee"] == "2026"
    page = await browser.send(page.form(), **FACTS)
    assert "Volée" in page.text


@pytest.mark.parametrize("step", ["circonstances", "recapitulatif"])
async def test_a_step_out_of_turn_leads_to_the_first(step: str) -> None:
    assert (await (await member(world())).get(f"{BASE}/{step}")).path == BASE


async def test_two_tabs_and_a_double_click_are_one_declaration() -> None:
    site = world()
    browser = await member(site)
    page = await recap(browser)
    first = await browser.send(page.form(), honour="oui")
    second = await browser.twin().send(page.form(), honour="oui")
    assert first.path == second.path == f"{BASE}/faite"
    commands = [arguments["command_id"] for name, arguments in site.cards.calls if name == "report"]
    assert len(commands) == 1


async def test_a_second_try_after_the_service_failed_is_the_same_command() -> None:
    site = world()
    browser = await member(site)
    page = await recap(browser)
    site.cards.down = True
    failed = await browser.send(page.form(), honour="oui")
    assert failed.status == 503
    assert "sans risque" in failed.text
    site.cards.down = False
    again = await browser.send((await browser.get(f"{BASE}/recapitulatif")).form(), honour="oui")
    assert again.path == f"{BASE}/faite"
    ids = {arguments["command_id"] for name, arguments in site.cards.calls if name == "report"}
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("vitale-already-opposed", "Cette carte est déjà en opposition"),
        ("vitale-already-reported", "déjà été déclarée détériorée"),
        ("vitale-unknown", "La situation de votre carte a changé"),
    ],
)
async def test_a_refusal_of_the_service_says_why(code: str, words: str) -> None:
    site = world()
    browser = await member(site)
    page = await recap(browser)
    site.cards.refusal = Refused(code, 409)
    # the page is rendered from the draft, the refusal meets the command
    answer = await browser.send(page.form(), honour="oui")
    assert answer.status == 409
    assert words in answer.text


async def test_a_declaration_that_was_stored_and_then_changed_stays_as_it_was_first_sent() -> None:
    site = world()
    browser = await member(site)
    page = await recap(browser)
    site.cards.refusal = Refused("command-reused", 422)
    answer = await browser.send(page.form(), honour="oui")
    assert answer.path == f"{BASE}/faite"


async def test_a_card_that_changed_meanwhile_is_not_reported_for_the_other() -> None:
    site = world()
    browser = await member(site)
    await recap(browser)
    site.cards.card = VITALE.model_copy(update={"card_id": "another"})
    assert (await browser.get(f"{BASE}/recapitulatif")).path == BASE


async def test_an_opposed_card_is_beyond_declaring() -> None:
    site = world()
    site.cards.card = Vitale.model_validate({**VITALE.model_dump(), "status": "opposed", "since": NOW})
    page = await (await member(site)).get(BASE)
    assert "Votre carte est déjà en opposition" in page.text
    assert not [form for form in page.forms if form.action == BASE]


async def test_no_card_gives_the_telephone() -> None:
    site = world()
    site.cards.card = None
    assert "appelez sans attendre" in (await (await member(site)).get(BASE)).text


async def test_a_declaration_that_does_not_show_yet_is_said_to_be_taken() -> None:
    site = world()
    browser = await member(site)
    page = await recap(browser)
    site.cards.lag = 1
    page = await browser.send(page.form(), honour="oui")
    assert page.path == f"{BASE}/faite"
    assert "Votre demande est prise en compte, la mise à jour est en cours." in page.text
    assert "Valable" not in page.text


async def test_the_queries_after_a_declaration_wait_for_it() -> None:
    site = world()
    browser = await member(site)
    await browser.send((await recap(browser)).form(), honour="oui")
    await browser.get("/ma-carte-vitale")
    assert site.cards.last("all_of")["written"] == f"3@vitale:{MEMBER}"
    site.clock.pass_(minutes=11)
    await browser.get("/ma-carte-vitale")
    assert site.cards.last("all_of")["written"] is None


async def test_the_done_page_of_nobody_leads_to_the_card() -> None:
    assert (await (await member(world())).get(f"{BASE}/faite")).path == "/ma-carte-vitale"


async def test_the_done_page_makes_room_once_the_new_card_is_there() -> None:
    site = world()
    browser = await member(site)
    await browser.send((await recap(browser)).form(), honour="oui")
    site.cards.card = VITALE.model_copy(update={"card_id": "the-new-one"})
    assert (await browser.get(f"{BASE}/faite")).path == "/ma-carte-vitale"


async def test_an_idle_session_loses_the_draft_and_says_that_nothing_was_sent() -> None:
    site = world()
    browser = await member(site)
    page = await recap(browser)
    site.clock.pass_(minutes=20)
    answer: Any = await browser.send(page.form(), honour="oui")
    assert answer.path == "/connexion"
    assert "report" not in [name for name, _ in site.cards.calls]
