"""The console on the whole stack: an agent finds a person, two agents have a code printed, she sees who has looked."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.local.seed.people import Person
from tests.journeys import steps
from tests.journeys.conftest import Whole
from tests.journeys.staff import Terminal, accessible, colleague

pytestmark = [pytest.mark.connected, pytest.mark.slow]


def look_up(page: Page, person: Person) -> None:
    """« Guichet » for a person who stands there."""
    page.goto("/guichet")
    page.locator("[name=nir]").fill(person.nir)
    day = person.birth_date
    for part, value in (("jour", day.day), ("mois", day.month), ("annee", day.year)):
        page.locator(f"[name=naissance-{part}]").fill(str(value))
    page.locator("[name=purpose]").select_option("visit")
    page.locator("[name=reason]").fill("a perdu son code")
    page.get_by_role("button", name="Ouvrir le dossier").click()


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
    seen = steps.until(lambda: _looks(page), 30)
    assert "Un agent, accueil des assurés" in seen
    assert "votre visite à l'accueil" in seen
    assert "votre identité et votre adresse" in seen
    page.screenshot(path=screenshots / "who-has-looked.png", full_page=True)
    accessible(page)


def _waiting(page: Page) -> bool:
    page.goto("/a-deux")
    return page.get_by_role("button", name="Donner mon accord").count() > 0


def _agreed(page: Page) -> bool:
    page.goto("/a-deux")
    return page.get_by_role("button", name="Faire imprimer le code").count() > 0


def _looks(page: Page) -> str:
    page.goto("/mon-profil/consultations")
    text = page.locator("main").inner_text()
    return text if "votre identité et votre adresse" in text else ""


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
