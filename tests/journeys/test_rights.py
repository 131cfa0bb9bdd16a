"""Bank details with cancel and completion, and an attestation from download to revocation, everything real."""

import io
import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from deploy.local.seed.people import Person
from deploy.local.services import ROOT
from tests.documents import compliant
from tests.journeys import steps
from tests.journeys.conftest import Whole

pytestmark = [pytest.mark.connected, pytest.mark.slow]

BANK = "/mon-profil/coordonnees-bancaires"
FIRST = "FR7630006000011234567890189"
SECOND = "FR76 3000 4000 0100 0001 2345 617"


def member(page: Page, whole: Whole, email: str) -> Person:
    """Somebody with an account, signed in."""
    person = whole.somebody()
    steps.create_account(page, person, email)
    steps.confirm(page, steps.confirmation_link(whole, email))
    steps.sign_in(page, person)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")
    return person


def ask(page: Page, person: Person, iban: str) -> None:
    """Another account, after a confirmation of identity."""
    page.goto(f"{BANK}/modifier")
    if "confirmation-identite" in page.url:
        steps.step_up(page, person)
    page.locator("[name=iban]").fill(iban)
    steps.next_page(page, "Continuer")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vérifiez avant de demander")
    steps.next_page(page, "Demander ce changement")
    expect(page.locator("main")).to_contain_text("Votre demande est enregistrée")
    steps.until(lambda: page.goto(BANK) and "Changement en cours" in page.inner_text("main"))


def cancel_link(whole: Whole, email: str) -> str:
    """The link in the notice."""

    def look() -> str:
        for mail in whole.mails(email):
            if link := re.search(r"https?://\S+/annuler-changement/\S+", whole.mail(str(mail["id"]))["text"]):
                return link.group()
        return ""

    return steps.until(look)


def test_bank_details_change_after_three_days_and_not_before(whole: Whole, page: Page) -> None:
    email = "change.iban@exemple.fr"
    person = member(page, whole, email)
    page.goto(BANK)
    expect(page.locator("main")).to_contain_text(person.iban[-3:])
    ask(page, person, FIRST)
    expect(page.locator("main")).to_contain_text("FR76 •••• •••• •••• •••• ••90 189")
    assert cancel_link(whole, email)
    whole.later(hours=72, minutes=1)
    steps.until(lambda: any("ont changé" in one for one in steps.subjects(whole, email)), 60)
    steps.sign_in(page, person)
    steps.until(lambda: page.goto(BANK) and "••90 189" in page.inner_text("main"))
    assert "Changement en cours" not in page.inner_text("main")


def test_the_link_cancels_ends_every_session_and_blocks(whole: Whole, page: Page) -> None:
    email = "annule.iban@exemple.fr"
    person = member(page, whole, email)
    ask(page, person, SECOND)
    stranger = page.context.browser
    assert stranger is not None
    other = stranger.new_context(base_url=whole.url, locale="fr-FR")
    try:
        elsewhere = other.new_page()
        elsewhere.goto(cancel_link(whole, email))
        steps.next_page(elsewhere, "Annuler et protéger mon compte")
        expect(elsewhere.get_by_role("heading", level=1)).to_contain_text("Le changement est annulé")
    finally:
        other.close()
    whole.site_asks_again()
    steps.until(lambda: page.goto(BANK) and "/connexion" in page.url, 90)
    steps.sign_in(page, person)
    steps.until(lambda: page.goto(BANK) and "aucun autre changement" in page.inner_text("main"))
    assert page.get_by_role("link", name="Modifier mes coordonnées bancaires").count() == 0


def test_an_attestation_from_download_to_revocation(whole: Whole, page: Page) -> None:
    person = member(page, whole, "attestation@exemple.fr")
    page.goto("/mon-attestation")
    page.locator("[name=whom][value=member]").check()
    steps.next_page(page, "Créer mon attestation")
    link = page.get_by_role("link", name=re.compile("Télécharger le PDF"))
    steps.until(lambda: page.goto("/mon-attestation") and link.count())
    address = link.first.get_attribute("href")
    answer = page.request.get(f"{whole.url}{address}")
    assert answer.headers["content-type"] == "application/pdf"
    pdf = answer.body()
    compliant(pdf)
    assert page.request.get(f"{whole.url}{address}").body() == pdf
    text = " ".join(found.extract_text() for found in PdfReader(io.BytesIO(pdf)).pages)
    assert person.surname in text
    number = re.search(r"AD-[A-Z0-9-]{14}", text)
    assert number is not None
    code = code_of(whole)
    stranger(page, code, "Valable", number.group())
    page.goto("/mon-attestation")
    steps.next_page(page, f"Annuler cette attestation n° {number.group()}")
    expect(page.locator("main")).to_contain_text("L'attestation est annulée")
    stranger(page, code, "Annulé", number.group())


def code_of(whole: Whole) -> str:
    """What stands in the printed code of the newest attestation, as its event says it."""
    environment = {**os.environ, **whole.stack.env_for("identity"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "tests/programs/attestation_code.py")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


def stranger(page: Page, code: str, verdict: str, number: str) -> None:
    """Somebody who holds the paper, in a browser of his own."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(locale="fr-FR")
    try:
        elsewhere = context.new_page()
        elsewhere.goto(code)
        elsewhere.get_by_text(verdict, exact=True).wait_for()
        expect(elsewhere.locator("[data-number]")).to_have_text(number)
    finally:
        context.close()
