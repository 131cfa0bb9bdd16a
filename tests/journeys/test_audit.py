"""An auditor on the whole stack: the dossier of a lost card, what strays, a sample that is drawn again; all of it seen."""

import hashlib
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.documents import words
from tests.journeys import steps
from tests.journeys.conftest import Whole
from tests.journeys.staff import Terminal, accessible, colleague, open_dossier

pytestmark = [pytest.mark.connected, pytest.mark.slow]

REASON = "contrôle des pertes"


def events_of(page: Page) -> list[str]:
    """The names of the events of the timeline."""
    rows = page.get_by_role("region", name="Chronologie").locator("tbody th")
    return [text.partition("\n")[0] for text in rows.all_inner_texts()]


def test_a_lost_card_is_followed_over_all_services_and_its_holder_sees_it(
    browser: Browser, whole: Whole, page: Page, secrets: dict[str, str], screenshots: Path
) -> None:
    # given a member who has reported his card lost
    person = whole.somebody()
    email = "audit@exemple.fr"
    steps.create_account(page, person, email)
    steps.confirm(page, steps.confirmation_link(whole, email))
    steps.sign_in(page, person)
    page.wait_for_url("**/mon-compte")
    steps.declare(page, "lost", "Toulon, gare")
    page.get_by_text("en opposition").first.wait_for()
    # when an auditor opens the dossier
    auditor = colleague(browser, whole, secrets, "auditeur")
    auditor.get_by_role("link", name="Contrôle").first.click()
    accessible(auditor)
    open_dossier(auditor, person, REASON)
    # then one timeline says what happened, over the services, and that all of it is declared
    found = events_of(auditor)
    told = ["VitaleIssued", "VitaleReportedLost", "VitaleOpposed", "VitaleReplacementOrdered"]
    assert [one for one in found if one in told] == told
    assert "MessageRequested" in found
    text = auditor.locator("main").inner_text()
    assert "non permis" not in text
    for word in ("Carte Vitale", "en opposition", "Commande de carte Vitale", "commandée", "perte", "la personne"):
        assert word in text, word
    for value in (person.nir, person.serial, person.surname, "Toulon, gare", email):
        assert value not in auditor.content()
    assert person.person_id not in auditor.url
    accessible(auditor)
    auditor.screenshot(path=screenshots / "audit-dossier.png", full_page=True)
    # and by the number of the card he comes to the same
    auditor.goto("/controle/recherche")
    auditor.locator("[name=numero]").fill(person.serial)
    form = auditor.locator("form[action='/controle/recherche/numero']")
    form.locator("[name=reason]").fill(REASON)
    form.get_by_role("button").click()
    expect(auditor.get_by_text(person.person_id).first).to_be_visible()
    # and the member sees who has looked
    seen = steps.until(lambda: _looks(page), 30)
    assert "Un auditeur" in seen
    assert "un contrôle" in seen


def _looks(page: Page) -> str:
    page.goto("/mon-profil/consultations")
    text = page.locator("main").inner_text()
    return text if "l'historique de vos cartes" in text else ""


def test_a_sample_is_drawn_noted_closed_and_taken_away(
    browser: Browser, whole: Whole, secrets: dict[str, str], screenshots: Path
) -> None:
    page = colleague(browser, whole, secrets, "auditeur")
    page.goto("/controle/cycles")
    expect(page.get_by_text("0 écart").first).to_be_visible()
    accessible(page)
    page.screenshot(path=screenshots / "audit-findings.png", full_page=True)
    page.goto("/controle/echantillons")
    page.locator("[name=kind]").select_option("cards/vitale card")
    page.locator("[name=size]").fill("2")
    page.locator("[name=seed]").fill("graine du trimestre")
    page.locator("[name=reason]").fill(REASON)
    page.get_by_role("button", name="Tirer").click()
    page.get_by_text("L'échantillon est tiré et conservé.").wait_for()
    accessible(page)
    for number in (1, 2):
        page.get_by_text(f"Noter un constat du cycle {number}").click()
        item = page.locator("section.console-item").nth(number - 1)
        item.locator("[name=verdict]").select_option("conforms" if number == 1 else "unclear")
        item.locator("[name=note]").fill("vue avec l'agent")
        item.get_by_role("button", name="Noter").click()
        page.get_by_text(f"Constats : {number} sur 2").wait_for()
    page.get_by_role("button", name="Refaire le tirage").click()
    page.get_by_text("mêmes population et mêmes cycles").wait_for()
    page.get_by_label("Conclusion").fill("rien à signaler")
    page.get_by_role("button", name="Clore l'échantillon").click()
    page.get_by_text("L'échantillon est clos.").wait_for()
    page.screenshot(path=screenshots / "audit-sample.png", full_page=True)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Télécharger en PDF").click()
    paper = screenshots / "working-paper.pdf"
    waiting.value.save_as(paper)
    printed = words(paper.read_bytes())
    assert "graine du trimestre" in printed
    assert "rien à signaler" in printed


def test_the_shell_follows_and_draws_as_the_pages_do(whole: Whole, secrets: dict[str, str], tmp_path: Path) -> None:
    shell = Terminal(whole, tmp_path / "session")
    person = whole.somebody()
    assert shell("audit", "deviations") == (1, {"error": "sign-in-needed"})
    shell.sign_in(secrets, "auditeur")
    status, found = shell("audit", "deviations")
    assert status == 0
    assert (found["cards"]["deviating"], found["notifications"]["deviating"]) == (0, 0)
    status, dossier = shell("audit", "dossier", "--number", "--reason", REASON, typed=f"{person.serial}\n")
    assert (status, dossier["person_id"], dossier["down"]) == (0, person.person_id, [])
    assert "VitaleIssued" in [one["type"] for one in dossier["timeline"]]
    assert person.serial not in json.dumps(dossier)
    lost = shell("audit", "dossier", "--number", "--reason", REASON, typed="99999999\n")
    assert lost == (1, {"error": "nobody-found"})
    status, drawn = shell("audit", "sample", "draw", "cards", "vitale card", "3", "--seed", "s", "--reason", REASON)
    assert status == 0
    sample_id = drawn["sample_id"]
    whole_sample = steps.until(lambda: _sample(shell, sample_id))
    listing = tmp_path / "population.txt"
    assert shell("audit", "sample", "population", sample_id, str(listing))[0] == 0
    draw = whole_sample["sample"]["draw"]
    assert hashlib.sha256(listing.read_bytes()).hexdigest() == draw["population_hash"]
    by_hand = sorted(
        listing.read_text().split("\n")[:-1], key=lambda one: hashlib.sha256(f"s|{one}".encode()).hexdigest()
    )
    assert [one["id"] for one in whole_sample["sample"]["items"]] == by_hand[:3]
    assert shell("audit", "sample", "again", sample_id) == (0, {"same": True})
    assert shell("audit", "sample", "close", sample_id, "nothing") == (1, {"error": "findings-missing"})
    assert shell("audit", "sample", "export", sample_id, "csv", str(tmp_path / "paper.csv"))[0] == 0
    assert b"population" in (tmp_path / "paper.csv").read_bytes()
    operator = Terminal(whole, tmp_path / "operator")
    operator.sign_in(secrets, "exploitation")
    assert operator("audit", "deviations") == (1, {"error": "role-refused"})


def _sample(shell: Terminal, sample_id: str) -> dict[str, dict[str, dict[str, str]]]:
    status, found = shell("audit", "sample", "show", sample_id)
    return found if status == 0 else {}
