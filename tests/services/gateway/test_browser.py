"""The site in a real browser, phone and desk, light and dark, with and without JavaScript; each page kept as a picture."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_socket
from playwright.sync_api import Browser, BrowserContext, Page

from deploy.local.services import ROOT
from services.gateway.clients.cards import Vitale
from tests.browser import launched, overhear
from tests.services.gateway.fakes import CODE, EMAIL, IBAN_END, NIR, SERIAL, VITALE, World, sent, story
from tests.services.gateway.served import served
from tests.web import NOW

pytestmark = pytest.mark.connected

SIZES = ({"width": 360, "height": 760}, {"width": 1280, "height": 900})


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def site() -> Iterator[World]:
    pytest_socket.enable_socket()
    with served() as found:
        yield found


@dataclass
class Visitor:
    """A browser on the site; it notes what the policy refused and what was asked of strangers."""

    site: World
    context: BrowserContext
    page: Page
    complaints: list[str]

    def sign_in(self) -> None:
        self.page.goto("/connexion")
        self.page.get_by_label("Numéro de sécurité sociale").fill(NIR)
        self.page.get_by_label("Code personnel", exact=True).fill(CODE)
        self.page.get_by_role("button", name="Me connecter").click()
        self.page.wait_for_url("**/mon-compte")

    def go_on(self, button: str = "Continuer") -> None:
        self.page.get_by_role("button", name=button).click()


@pytest.fixture
def visit(chromium: Browser, site: World) -> Iterator[Callable[..., Visitor]]:
    opened: list[Visitor] = []

    def open_(**options: object) -> Visitor:
        url = site.site.settings.public_url
        context = chromium.new_context(base_url=url, locale="fr-FR", viewport=SIZES[1], **options)  # type: ignore[arg-type]
        page = context.new_page()
        visitor = Visitor(site, context, page, overhear(page, url))
        opened.append(visitor)
        return visitor

    yield open_
    for visitor in opened:
        assert visitor.complaints == []
        visitor.context.close()


def fill_identity(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/creer-mon-compte")
    page.get_by_role("link", name="Commencer").click()
    page.get_by_label("Nom de famille").fill("Martin")
    page.get_by_label("Numéro de sécurité sociale").fill("1 85 01 83 137 042 78")
    for label, text in (("Jour", "24"), ("Mois", "1"), ("Année", "1985"), ("Code postal", "83000")):
        page.get_by_label(label).fill(text)
    visitor.go_on()


def create_account(visitor: Visitor) -> None:
    page = visitor.page
    fill_identity(visitor)
    page.get_by_label("Les 7 derniers caractères de votre IBAN").fill(IBAN_END)
    page.get_by_label("Le numéro de série de votre carte Vitale").fill(SERIAL)
    visitor.go_on()
    page.get_by_label("J'accepte les conditions générales d'utilisation (CGU)").check()
    visitor.go_on()
    page.get_by_label("Votre code personnel").fill(CODE)
    page.get_by_label("Le même code, une seconde fois").fill(CODE)
    visitor.go_on()
    page.get_by_label("Adresse e-mail").fill(EMAIL)
    page.get_by_label("La même adresse, une seconde fois").fill(EMAIL)
    visitor.go_on("Créer mon compte")
    page.wait_for_url("**/messagerie")


def report(visitor: Visitor, reason: str = "Perdue") -> None:
    page = visitor.page
    page.goto("/ma-carte-vitale")
    page.get_by_role("link", name="Déclarer cette carte").click()
    page.get_by_label(reason).check()
    visitor.go_on()
    for label, text in (("Jour", "23"), ("Mois", "11"), ("Année", "2026"), ("Où ?", "Toulon, cours Lafayette")):
        page.get_by_label(label).fill(text)
    visitor.go_on()


@pytest.mark.parametrize("javascript", ["with", "without"])
def test_the_whole_way_with_and_without_javascript(visit: Callable[..., Visitor], site: World, javascript: str) -> None:
    visitor = visit(java_script_enabled=javascript == "with")
    page = visitor.page
    create_account(visitor)
    page.goto("/connexion")
    page.get_by_label("Numéro de sécurité sociale").fill(NIR)
    page.get_by_label("Code personnel", exact=True).fill(CODE)
    visitor.go_on("Me connecter")
    page.get_by_text("Il reste à confirmer votre adresse e-mail").wait_for()
    visitor.go_on("Renvoyer le message")
    page.get_by_text("vient de vous être renvoyé").wait_for()
    page.goto("/confirmer/0d6f5f5a.1795615327.Zm9v")
    visitor.go_on("Confirmer mon adresse")
    page.get_by_role("link", name="Aller à mon compte").click()
    report(visitor)
    page.get_by_label("Je certifie sur l'honneur").check()
    visitor.go_on("Déclarer et mettre en opposition")
    page.get_by_text("Carte mise en opposition le 24 novembre 2026 à 14 h 02").wait_for()
    page.get_by_role("link", name="Suivre la commande").click()
    page.get_by_text("Vous en êtes là").wait_for()
    page.get_by_role("button", name="Me déconnecter").click()
    page.get_by_role("heading", name="Vous êtes déconnecté").wait_for()
    page.goto("/mon-compte")
    assert page.url.endswith("/connexion?suite=/mon-compte")
    assert [name for name, _ in site.cards.calls].count("report") == 1


def test_the_cookie_is_taken_over_plain_http_on_this_machine(visit: Callable[..., Visitor]) -> None:
    """Chromium holds 127.0.0.1 for trustworthy, so that `Secure` needs no exception in development."""
    visitor = visit()
    visitor.sign_in()
    held = {cookie["name"]: cookie for cookie in visitor.context.cookies()}
    assert held.keys() == {"__Host-sid", "__Host-appareil"}
    for cookie in held.values():
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")
    assert held["__Host-sid"]["expires"] == -1
    visitor.page.get_by_role("button", name="Me déconnecter").click()
    visitor.page.wait_for_url("**/au-revoir")
    assert [cookie["name"] for cookie in visitor.context.cookies()] == ["__Host-appareil"], "it is known again"


def test_keyboard_alone_leads_past_the_masthead_and_to_the_field_that_is_wrong(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.page
    page.goto("/creer-mon-compte/identite")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    assert page.evaluate("document.activeElement.getBoundingClientRect().height") > 20
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    page.get_by_label("Nom de famille").fill("Martin")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    page.get_by_role("link", name="Saisissez votre date de naissance.").click()
    assert page.evaluate("document.activeElement.id") == "birth_date-jour"
    assert page.get_by_label("Nom de famille").input_value() == "Martin"


def test_the_rules_of_a_code_are_ticked_off_while_typing(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.page
    fill_identity(visitor)
    page.get_by_label("Les 7 derniers").fill(IBAN_END)
    page.get_by_label("Le numéro de série").fill(SERIAL)
    visitor.go_on()
    page.get_by_label("J'accepte").check()
    visitor.go_on()
    states: dict[str, list[str]] = {}
    for code in ("", "abc", "abcdefgh1", "Toulon-83", "é1 234567", "12345678!"):
        page.get_by_label("Votre code personnel").fill(code)
        items = page.locator("[data-rule]").all()
        states[code] = [item.get_attribute("data-met") or "" for item in items]
    assert states == {
        "": ["", "", "", ""],
        "abc": ["no", "yes", "no", "no"],
        "abcdefgh1": ["yes", "yes", "yes", "no"],
        "Toulon-83": ["yes", "yes", "yes", "yes"],
        "é1 234567": ["yes", "yes", "yes", "yes"],
        "12345678!": ["yes", "no", "yes", "yes"],
    }
    hints: dict[str, list[str | None]] = {}
    for code, known in (("Azerty-123", "no"), ("Martin-1985", "yes")):
        page.get_by_label("Votre code personnel").fill(code)
        page.locator(f"[data-hint=known][data-met={known}]").wait_for()
        hints[code] = [item.get_attribute("data-met") for item in page.locator("[data-hint]").all()]
    assert hints == {"Azerty-123": ["no", "yes"], "Martin-1985": ["yes", "no"]}
    page.get_by_role("button", name="Afficher le code").first.click()
    assert page.get_by_label("Votre code personnel").get_attribute("type") == "text"


def test_a_page_behind_its_command_catches_up_by_itself(visit: Callable[..., Visitor], site: World) -> None:
    visitor = visit()
    visitor.sign_in()
    site.cards.lag = 1
    visitor.page.goto("/ma-carte-vitale")
    visitor.page.get_by_text("la mise à jour est en cours").wait_for()
    picture(visitor, "carte-en-retard")
    site.cards.lag = 0
    visitor.page.get_by_text("la mise à jour est en cours").wait_for(state="detached", timeout=8000)


def picture(visitor: Visitor, name: str) -> None:
    folder = ROOT / "var" / "screenshots" / "gateway"
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        visitor.page.set_viewport_size(size)  # type: ignore[arg-type]
        visitor.page.screenshot(path=str(Path(folder) / f"{name}-{size['width']}.png"), full_page=True)
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= size["width"], (
            f"{name} scrolls sideways"
        )


def opposed() -> Vitale:
    change = {"status": "opposed", "since": NOW, "opposed_at": NOW, "reason": "lost", "advice": "wait_for_replacement"}
    return Vitale.model_validate({**VITALE.model_dump(), **change})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_of_every_page(visit: Callable[..., Visitor], site: World, scheme: str) -> None:
    visitor = visit(color_scheme=scheme)
    page = visitor.page
    prefix = "" if scheme == "light" else "sombre-"

    def see(name: str, path: str | None = None) -> None:
        if path is not None:
            page.goto(path)
        picture(visitor, f"{prefix}{name}")

    for name, path in (
        ("accueil", "/"), ("contact", "/contact"), ("cgu", "/conditions-generales"), ("mentions", "/mentions-legales"),
        ("accessibilite", "/accessibilite"), ("creer", "/creer-mon-compte"), ("code-provisoire", "/creer-mon-compte/code-provisoire"),
        ("connexion", "/connexion"), ("confirmer", "/confirmer/a.b.c"), ("confirmee", "/adresse-confirmee"),
        ("lien", "/lien-non-valable"), ("404", "/rien"), ("au-revoir", "/au-revoir"),
    ):  # fmt: skip
        see(name, path)
    page.goto("/creer-mon-compte/identite")
    visitor.go_on()
    see("identite-erreurs")
    fill_identity(visitor)
    page.get_by_text("Où trouver le numéro de série").click()
    see("preuves")
    page.get_by_label("Les 7 derniers").fill("1234567")
    page.get_by_label("Le numéro de série").fill(SERIAL)
    visitor.go_on()
    see("preuves-refusees")
    create_account(visitor)
    see("messagerie")
    visitor.site.identity.confirmed = True
    visitor.sign_in()
    see("compte")
    site.cards.story = story("lost", ("reported", NOW), ("opposed", NOW), ("requested", NOW), ("in_production", NOW))
    site.notifications.sent = tuple(
        sent(one, reference="7KQ2-M4XD-9VTA") for one in ("vitale-opposed", "vitale-ordered")
    )
    site.cards.card = opposed()
    see("compte-declare", "/mon-compte")
    see("carte-opposee", "/ma-carte-vitale")
    see("commande", "/ma-carte-vitale/commande")
    see("messages", "/mes-messages")
    see("rien-a-declarer", "/ma-carte-vitale/declaration")
    site.cards.card = VITALE
    see("carte", "/ma-carte-vitale")
    report(visitor)
    see("recapitulatif")
    page.get_by_label("Je certifie sur l'honneur").check()
    visitor.go_on("Déclarer et mettre en opposition")
    see("faite")
    site.cards.down = True
    see("compte-panne", "/mon-compte")
    see("panne", "/ma-carte-vitale")
