"""From « je crée mon compte » to the new carte Vitale, on real Kafka, a real database, real mail and a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pymongo import MongoClient

from deploy.local.seed.manufacturer import advance
from services.cards.domain.serial import normalise
from tests.journeys import canary, steps
from tests.journeys.conftest import PHONE, Whole

pytestmark = [pytest.mark.connected, pytest.mark.slow]


def test_a_member_creates_an_account_reports_the_card_lost_and_follows_the_new_one(
    whole: Whole, page: Page, screenshots: Path
) -> None:
    person = whole.somebody()
    email = "marine.canari-7c1f@exemple.fr"

    def picture(name: str) -> None:
        page.screenshot(path=screenshots / f"{name}.png", full_page=True)

    page.goto("/")
    picture("01-accueil")
    steps.create_account(page, person, email)
    picture("02-verifiez-votre-messagerie")

    link = steps.confirmation_link(whole, email)
    steps.confirm(page, link)
    picture("03-adresse-confirmee")

    steps.sign_in(page, person)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    picture("04-tableau-de-bord")

    page.goto("/ma-carte-vitale")
    expect(page.locator("main")).to_contain_text("Numéro de série")
    picture("05-ma-carte-vitale")
    steps.declare(page, "lost", "Gare de Toulon, quai canari-7c1f")
    expect(page.locator("main")).to_contain_text(re.compile(r"Carte mise en opposition le \d"), timeout=10_000)
    picture("06-declaration-enregistree")

    steps.until(lambda: any("Vitale" in one for one in steps.subjects(whole, email)))
    steps.until(lambda: page.goto("/ma-carte-vitale/commande") and "il nous manque" in page.inner_text("main"))
    steps.send_documents(page)
    stages = ("sont acceptées", "en fabrication", "envoyée par courrier", "est arrivée")
    for number, stage in enumerate(stages):
        steps.until(lambda: advance(whole.stack))
        steps.until(lambda stage=stage: page.goto("/ma-carte-vitale/commande") and stage in page.inner_text("main"))
        picture(f"{number + 7:02d}-suivi-{number + 1}")
    page.set_viewport_size(PHONE)
    picture("11-suivi-telephone")
    page.goto("/ma-carte-vitale")
    expect(page.locator("main")).to_contain_text("Carte précédente")

    mails = steps.until(lambda: (found := steps.subjects(whole, email)) and len(found) >= 6 and found)
    assert len(mails) == len(set(mails)), mails

    secrets = [person.nir, person.iban, person.surname, email, steps.CODE, "quai canari-7c1f"]
    token = link.rpartition("/")[2]
    assert (
        canary.found(whole.stack, [*secrets, token, token.rpartition(".")[2]], opposed=normalise(person.serial)) == []
    )


def test_a_link_opened_by_a_scanner_confirms_nothing_and_its_button_confirms_once(whole: Whole, page: Page) -> None:
    person = whole.somebody()
    email = "deuxieme.membre@exemple.fr"
    steps.create_account(page, person, email)
    link = steps.confirmation_link(whole, email)
    page.goto(link)  # a mail scanner opens it
    steps.sign_in(page, person)
    expect(page.locator("main")).to_contain_text("renvoyer", ignore_case=True)
    steps.confirm(page, link)
    expect(page.locator("main")).to_contain_text("Votre adresse est confirmée")
    steps.until(lambda: len(whole.mails(email)) >= 2)
    steps.confirm(page, link)
    assert _count(whole, "EmailValidated", person.person_id) == 1


def test_a_wrong_fact_gets_one_message_and_creates_nothing(whole: Whole, page: Page) -> None:
    person = whole.somebody()
    page.goto("/creer-mon-compte/identite")
    steps.identify(page, person)
    steps.prove(page, person, iban_end="0000000")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert person.nir not in page.url


def _count(whole: Whole, event_type: str, member_id: str) -> int:
    """How many events of this type identity holds about a member."""
    with MongoClient[dict[str, object]](whole.stack.mongo_url()) as client:
        about = {"meta.member_id": member_id, "ev.type": event_type}
        return client["identity"]["commits"].count_documents(about)
