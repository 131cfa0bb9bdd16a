"""A mailbox that is no more: the account asks for another one, and there is a way in that needs no mail."""

import io
import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from deploy.local.seed.people import Person
from deploy.local.seed.printer import letters
from tests.documents import compliant
from tests.journeys import steps
from tests.journeys.conftest import DESK, Whole

pytestmark = [pytest.mark.connected, pytest.mark.slow]
BANNER = "Votre adresse e-mail ne reçoit plus nos messages"


def refuse(whole: Whole, email: str, count: int) -> None:
    """The mail relay says that there is no such mailbox, so many times."""
    sink = whole.stack.env_for("notifications")["MAIL_SINK_URL"]
    behaviour = {"answer": "550-unknown", "to": email, "count": count}
    httpx.post(f"{sink}/api/behaviour", json=behaviour).raise_for_status()


def code_on_paper(whole: Whole) -> tuple[str, bytes]:
    """The code of the newest letter that has one, read as it is printed; and the letter."""
    pile = letters(whole.stack)
    for one in pile.newest_first():
        pdf = pile.pdf(one["id"]) or b""
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
        if "code provisoire" in text and (found := re.search(r"(?m)^\s*([A-Z2-9]{4}(?:[ -][A-Z2-9]{4})+)\s*$", text)):
            return found.group(1), pdf
    return "", b""


def ask_for_a_code(page: Page, person: Person) -> None:
    """« Recevez votre code provisoire »."""
    page.locator("[name=surname]").fill(person.surname)
    page.locator("[name=nir]").fill(person.nir)
    for part, value in zip(("jour", "mois", "annee"), reversed(person.birth_date.timetuple()[:3]), strict=True):
        page.locator(f"[name=birth_date-{part}]").fill(str(value))
    page.locator("[name=postcode]").fill(str(person.address["postcode"]))
    steps.next_page(page, "Recevoir un code provisoire")
    expect(page.get_by_role("heading", name="Votre demande est enregistrée")).to_be_visible()


def test_a_member_whose_mailbox_is_dead_comes_back_by_post(whole: Whole, page: Page, screenshots: Path) -> None:
    person, email, another = whole.somebody(), "boite.morte@exemple.fr", "boite.neuve@exemple.fr"
    steps.create_account(page, person, email)
    steps.confirm(page, steps.confirmation_link(whole, email))
    steps.sign_in(page, person)
    main = page.locator("main")

    # The relay refuses the next mail: the address is marked at once, and the account asks for another.
    refuse(whole, email, 1000)
    steps.declare(page, "lost", "Gare de Lorient")
    steps.until(lambda: page.goto("/mon-compte") and BANNER in main.inner_text())
    expect(page.get_by_role("link", name="Donner une autre adresse")).to_be_visible()
    steps.until(lambda: page.goto("/mes-messages") and "nous est revenu" in main.inner_text())

    # On another device the code by mail would not arrive: a letter opens the door.
    browser = page.context.browser
    assert browser is not None
    elsewhere = browser.new_context(base_url=whole.url, locale="fr-FR", viewport=DESK)
    try:
        phone = elsewhere.new_page()
        phone.goto("/connexion")
        phone.locator("[name=nir]").fill(person.nir)
        phone.locator("[name=code]").fill(steps.CODE)
        steps.next_page(phone, "Me connecter")
        phone.wait_for_url("**/connexion/code")
        phone.screenshot(path=screenshots / "30-sans-messagerie.png", full_page=True)
        phone.get_by_role("link", name="Recevez un code provisoire").click()
        ask_for_a_code(phone, person)
        code, letter = steps.until(lambda: (found := code_on_paper(whole))[0] and found)
        compliant(letter)
        phone.goto("/connexion")
        phone.locator("[name=nir]").fill(person.nir)
        phone.locator("[name=code]").fill(code)
        steps.next_page(phone, "Me connecter")
        phone.locator("[name=accepted]").check()
        steps.next_page(phone, "Continuer")
        for name in ("code", "code_again"):
            phone.locator(f"[name={name}]").fill(steps.CODE)
        steps.next_page(phone, "Continuer")
        for name in ("email", "email_again"):
            phone.locator(f"[name={name}]").fill(another)
        steps.EMAILS[person.nir] = another
        steps.next_page(phone, "Créer mon compte")
        steps.confirm(phone, steps.confirmation_link(whole, another))
        steps.sign_in(phone, person)
        phone.wait_for_url("**/mon-compte")
        steps.until(lambda: phone.goto("/mon-compte") and BANNER not in phone.locator("main").inner_text())
    finally:
        refuse(whole, email, 0)
        elsewhere.close()
