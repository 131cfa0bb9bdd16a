"""Messages on a real stack: a letter from the account to the printer, what comes back, what a member chooses."""

import re
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from deploy.local.seed.printer import letters, print_letters
from deploy.local.seed.senders import Senders
from tests.documents import compliant
from tests.journeys import steps
from tests.journeys.conftest import Whole

pytestmark = [pytest.mark.connected, pytest.mark.slow]
LETTER = "Un compte en ligne est ouvert à votre nom"


def accessible(page: Page) -> None:
    """Nothing that axe finds."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_letters_bounces_references_and_choices(whole: Whole, page: Page, screenshots: Path) -> None:
    person = whole.somebody()
    email = "camille.courrier-5e2d@exemple.fr"
    steps.create_account(page, person, email)
    steps.confirm(page, steps.confirmation_link(whole, email))
    steps.sign_in(page, person)
    main = page.locator("main")

    # A letter tells of the account; the printer alone can read it, and deletes nothing himself.
    pile = letters(whole.stack)
    ready = steps.until(lambda: [one for one in pile.newest_first() if not one["printed"]])
    pdfs = [pile.pdf(one["id"]) or b"" for one in ready]
    compliant(*pdfs)
    assert not any(person.surname.encode() in file.read_bytes() for file in pile.spool.rglob("*") if file.is_file())
    sink = whole.stack.env_for("notifications")["MAIL_SINK_URL"]
    assert httpx.get(f"{sink}/letters/{ready[0]['id']}.pdf").content.startswith(b"%PDF")
    steps.until(lambda: page.goto("/mes-messages") and "remis à l'imprimeur" in main.inner_text())
    assert print_letters(whole.stack) == len(ready)
    steps.until(lambda: not list((pile.spool / "ready").iterdir()))
    steps.until(lambda: page.goto("/mes-messages") and "posté" in main.inner_text())
    accessible(page)
    page.screenshot(path=screenshots / "messages-liste.png", full_page=True)

    # Opened, it is read; the reference says what it is to whoever holds it.
    page.get_by_role("link", name=LETTER).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LETTER)
    accessible(page)
    reference = re.search(r"Référence\s+(\S+)", main.inner_text())
    assert reference
    page.goto("/ce-message-vient-il-de-nous")
    accessible(page)
    page.locator("[name=reference]").fill(reference.group(1).lower())
    steps.next_page(page, "Vérifier")
    expect(main).to_contain_text(f"Courrier : « {LETTER} »")
    assert person.surname not in main.inner_text()
    accessible(page)

    # No mails of the steps of a card; those that protect him come all the same.
    page.goto("/mes-messages/choix")
    accessible(page)
    page.get_by_label("Les étapes de mes cartes").uncheck()
    steps.next_page(page, "Enregistrer mes choix")
    steps.declare(page, "lost", "Gare de Toulon")
    shown = "visible ici seulement, comme vous l'avez choisi"
    steps.until(lambda: page.goto("/mes-messages") and shown in main.inner_text())
    steps.until(lambda: "Votre déclaration est enregistrée" in steps.subjects(whole, email))
    assert "Votre nouvelle carte Vitale est commandée" not in steps.subjects(whole, email)

    # A mail that comes back marks the address, and the account says so.
    declared = next(one for one in whole.mails(email) if "déclaration" in one["subject"])
    senders = Senders(whole.stack)
    bounce = {
        "kind": "bounced",
        "at": senders.now().isoformat(),
        "status": "5.1.1",
        "message_id": declared["message_id"],
    }
    assert senders.send("bounces", [bounce])["set_aside"] == 0
    banner = "Votre adresse e-mail ne reçoit plus nos messages"
    steps.until(lambda: page.goto("/mes-messages") and banner in main.inner_text())
    steps.until(lambda: page.goto("/mon-compte") and banner in main.inner_text())
    expect(page.get_by_role("link", name="Donner une autre adresse")).to_be_visible()
    accessible(page)
    page.screenshot(path=screenshots / "messages-adresse-refusee.png", full_page=True)
