"""Services stop, the site is closed for works, nothing runs in the browser: what a member reads, and what still works."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import PHONE, Whole

pytestmark = [pytest.mark.connected, pytest.mark.slow]

DOWN = "Ce service est momentanément indisponible"
INTACT = "Ce qui est déjà enregistré est intact"


@pytest.fixture
def plain(browser: Browser, whole: Whole) -> Iterator[Page]:
    """A phone whose browser runs no script."""
    context = browser.new_context(base_url=whole.url, locale="fr-FR", viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


@contextmanager
def stopped(whole: Whole, *services: str) -> Iterator[None]:
    """While these do not run."""
    for service in services:
        whole.stack.component(service).stop()
    try:
        yield
    finally:
        for service in services:
            whole.stack.component(service).start()


def test_each_service_that_stops_leaves_the_others_standing_and_nothing_needs_a_script(
    whole: Whole, plain: Page, screenshots: Path
) -> None:
    person, page = whole.somebody(), plain
    main = page.locator("main")

    def opened(path: str, *words: str, name: str = "") -> None:
        page.goto(path)
        for one in words:
            expect(main).to_contain_text(one)
        if name:
            page.screenshot(path=screenshots / f"{name}.png", full_page=True)

    steps.create_account(page, person, "sans.script@exemple.fr")
    steps.confirm(page, steps.confirmation_link(whole, "sans.script@exemple.fr"))
    steps.sign_in(page, person)
    opened("/mon-compte", "Mon dernier remboursement", "Carte Vitale, numéro se terminant par")

    with stopped(whole, "reimbursements"):
        opened("/mon-compte", "Indisponible pour le moment", "Carte Vitale, numéro", name="arret-accueil")
        opened("/mes-remboursements", DOWN, "Le service des remboursements ne répond pas", INTACT, name="arret-page")
        opened("/ma-carte-vitale", "Numéro de série")
        opened("/etat-du-service", "Ne répond pas", "Fonctionne", name="arret-etat")
    steps.until(lambda: page.goto("/mes-remboursements") and page.locator("h1", has_text=DOWN).count() == 0)

    with stopped(whole, "cards", "notifications"):
        opened("/mon-compte", "Mon dernier remboursement", "Indisponible pour le moment")
        opened("/ma-carte-vitale", DOWN, "Le service des cartes ne répond pas")
        opened("/mes-messages", DOWN, "Le service des messages ne répond pas")
        opened("/mes-remboursements", "remboursement")
        opened("/mon-profil", person.surname)

    with stopped(whole, "identity", "geo"):
        opened("/mon-compte", "Carte Vitale, numéro")
        opened("/mon-profil", DOWN, "La vérification des comptes ne répond pas")
        opened("/lieux/annuaire?commune=83137", DOWN, "L'annuaire ne répond pas")
        opened("/ma-carte-vitale", "Numéro de série")
    steps.until(lambda: page.goto("/mon-profil") and page.locator("h1", has_text=DOWN).count() == 0)


def test_closed_for_works_says_so_everywhere_and_keeps_the_way_to_the_fund(
    whole: Whole, page: Page, screenshots: Path
) -> None:
    words = Path(whole.stack.env_for("gateway")["WORKS_FILE"])
    words.write_text("Retour prévu à 14 h.\n", encoding="utf-8")
    try:
        for path in ("/", "/connexion", "/mon-compte", "/creer-mon-compte"):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 503
            expect(page.locator("main")).to_contain_text("Retour prévu à 14 h.")
        page.screenshot(path=screenshots / "travaux.png", full_page=True)
        page.goto("/contact")
        expect(page.get_by_role("heading", level=1)).to_have_text("Nous joindre")
    finally:
        words.unlink()
    page.goto("/connexion")
    expect(page.locator("[name=nir]")).to_be_visible()
