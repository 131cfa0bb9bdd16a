"""The console on the whole stack: an agent finds a person, two agents have a code printed, she sees who has looked."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.local.seed.people import Person
from tests.journeys import steps
from tests.journeys.conftest import Whole
from tests.journeys.staff import Terminal, accessible, colleague, identify

pytestmark = [pytest.mark.connected, pytest.mark.slow]


def look_up(page: Page, person: Person) -> None:
    """« Guichet » for a person who stands there."""
    page.goto("/guichet")
    form = page.locator("form[action='/guichet']")
    identify(form, person)
    form.locator("[name=purpose]").select_option("visit")
    form.locator("[name=reason]").fill("a perdu son code")
    form.get_by_role("button").click()


def test_two_agents_have_a_code_printed_and_the_member_sees_who_has_looked(
    browser: Browser, whole: Whole, page: Page, secrets: dict[str, str], screenshots: Path
) -> None:
    # given a member with an account, and two agents
    person = whole.somebody()
    email = "console@exemple.fr"
    steps.create_account(page, person, email)
    steps.confirm(page, steps.confirmation_link(whole, email))
    steps.sign_in(page, person)
    page.wait_for_url("**/mon-compte")
    one, two = [colleague(browser, whole, secrets, login) for login in ("agent", "agent2")]
    # when one of them opens the file and asks for a code
    look_up(one, person)
    expect(one.get_by_text("ouvert", exact=True)).to_be_visible()
    one.get_by_role("button", name="Consulter : identité et adresse").click()
    expect(one.get_by_text(person.surname, exact=False).first).to_be_visible()
    accessible(one)
    one.screenshot(path=screenshots / "console-file.png", full_page=True)
    one.get_by_text("Remettre un code sur papier").click()
    one.locator("[name=document]").select_option("passport")
    one.get_by_role("button", name="Demander un second agent").click()
    expect(one.get_by_text("un second agent doit donner son accord").first).to_be_visible()
    # then another must agree
    steps.until(lambda: _waiting(two), 30)
    accessible(two)
    two.screenshot(path=screenshots / "console-two-persons.png", full_page=True)
    two.locator("[name=reason]").first.fill("pièce vue ensemble")
    two.get_by_role("button", name="Donner mon accord").click()
    expect(two.get_by_text("Votre accord est enregistré.")).to_be_visible()
    steps.until(lambda: _agreed(one), 30)
    one.get_by_role("button", name="Faire imprimer le code").click()
    expect(one.get_by_text("Le code part à l'imprimante du guichet")).to_be_visible()
    # and the member sees who has looked, at what, and why
    seen = steps.until(lambda: _looks(page, "votre identité et votre adresse"), 30)
    assert "Un agent, accueil des assurés" in seen
    assert "votre visite à l'accueil" in seen
    assert "votre identité et votre adresse" in seen
    page.screenshot(path=screenshots / "who-has-looked.png", full_page=True)
    accessible(page)
    # an inquiry is hidden from her, though a later look by the reference of her message shows
    chief = colleague(browser, whole, secrets, "superviseur")
    inquire(chief, person)
    look_up_message(two, reference(page))
    seen = steps.until(lambda: _looks(page, "un appel téléphonique"), 30)
    assert "enquête" not in _rows(seen)
    assert "enquête" not in exported(page)
    # until it is closed
    chief.goto("/enquetes")
    chief.get_by_text("Clore l'enquête").first.click()
    chief.locator("form[action$='/fin'] [name=reason]").fill("rien à signaler")
    chief.get_by_role("button", name="Clore l'enquête").click()
    expect(chief.get_by_text("L'enquête est close").first).to_be_visible()
    seen = steps.until(lambda: _looks(page, "une enquête, close depuis"), 30)
    assert "Un responsable, accueil des assurés" in seen
    assert "une enquête" in exported(page)


def inquire(page: Page, person: Person) -> None:
    """Open an inquiry, and look at the file for it."""
    page.goto("/enquetes")
    form = page.locator("form[action='/enquetes']")
    identify(form, person)
    form.locator("[name=reason]").fill("signalement")
    form.get_by_role("button", name="Ouvrir l'enquête").click()
    page.locator("form[action$='/dossier']").get_by_role("button", name="Ouvrir le dossier").click()
    page.wait_for_url("**/guichet/dossier")


def reference(page: Page) -> str:
    """Of the newest message that she was sent."""
    page.goto("/mes-messages")
    found = re.search(r"Référence ([A-Z2-9]{4}(?:-[A-Z2-9]{4}){2})", page.locator("main").inner_text())
    assert found
    return found.group(1)


def look_up_message(page: Page, number: str) -> None:
    """« Guichet » for a person on the telephone, who reads it out."""
    page.goto("/guichet")
    accessible(page)
    form = page.locator("form[action='/guichet/demande']")
    form.locator("[name=numero]").fill(number.lower())
    form.locator("[name=purpose]").select_option("call")
    form.locator("[name=reason]").fill("demande où en est son message")
    form.get_by_role("button").click()
    page.wait_for_url("**/guichet/dossier")
    expect(page.get_by_text("ouvert", exact=True)).to_be_visible()
    assert number not in page.content()


def exported(page: Page) -> str:
    """What she takes away of it."""
    return page.request.get("/mon-profil/consultations/fichier.csv").text()


def _waiting(page: Page) -> bool:
    page.goto("/a-deux")
    return page.get_by_role("button", name="Donner mon accord").count() > 0


def _agreed(page: Page) -> bool:
    page.goto("/a-deux")
    return page.get_by_role("button", name="Faire imprimer le code").count() > 0


def _looks(page: Page, wanted: str) -> str:
    page.goto("/mon-profil/consultations")
    text = page.locator("main").inner_text()
    return text if wanted in text else ""


def _rows(text: str) -> str:
    """Without the words around the table."""
    return text.partition("Ce qui a été vu")[2]


def test_every_page_of_a_supervisor_is_accessible(
    browser: Browser, whole: Whole, secrets: dict[str, str], screenshots: Path
) -> None:
    page = colleague(browser, whole, secrets, "superviseur")
    for path in ("/accueil", "/guichet", "/taches", "/a-deux", "/comptes"):
        page.goto(path)
        accessible(page)
        page.screenshot(path=screenshots / f"console{path.replace('/', '-')}.png", full_page=True)


def test_the_shell_does_what_the_pages_do(whole: Whole, secrets: dict[str, str], tmp_path: Path) -> None:
    shell = Terminal(whole, tmp_path / "session")
    assert shell("accounts", "list") == (1, {"error": "sign-in-needed"})
    assert shell("accounts", "add", "another") == (1, {"error": "first-taken"})
    assert shell.sign_in(secrets, "exploitation")["role"] == "operations"
    assert (tmp_path / "session").stat().st_mode & 0o777 == 0o600
    assert shell("approvals", "list")[0] == 0
    assert shell("accounts", "list") == (1, {"error": "role-refused"})
    assert shell("sign-out") == (0, {"done": True})
    assert shell("approvals", "list") == (1, {"error": "sign-in-needed"})
