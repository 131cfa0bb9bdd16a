"""Profile, bank details, attestation and the public check of a code, in a real browser; pages kept as pictures."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from services.gateway.clients.persons import Change
from tests.services.gateway.fake_attestations import PROOF, code
from tests.services.gateway.fake_erasures import CODE as PROOF_CODE
from tests.services.gateway.fake_erasures import REFERENCE
from tests.services.gateway.fake_persons import BANK, HELD
from tests.services.gateway.fakes import CODE, World
from tests.services.gateway.test_browser import Visitor, chromium, picture, site, visit
from tests.web import NOW

pytestmark = pytest.mark.connected
FIXTURES = (chromium, site, visit)

IBANS = {
    "FR7630006000011234567890189": "ok",
    "fr76 3000 6000 0112 3456 7890 189": "ok",
    "FR1420041010050500013M02606": "ok",
    "FR7630004000010000012345617": "ok",
    "FR7640618802800004012345685": "ok",
    "MC5811222000010123456789030": "ok",
    "DE89370400440532013000": "ok",
    "LT353250012345678901": "ok",
    "BE68539007547034": "ok",
    "FR7630006000011234567890188": "key",
    "FR0630006000011234567890188": "key",
    "FR763000600001123456789018": "",
    "FR76300060000112345678901890": "length",
    "MA64011519000001205000534921": "country",
    "US64SVBKUS6S3300958879": "country",
    "1234": "format",
    "FR76é": "format",
    "F": "",
}
READ: Any = """async ([name, texts]) => {
  const { verdict } = await import(name);
  return texts.map(verdict);
}"""


def test_an_iban_while_it_is_typed(visit: Callable[..., Visitor], site: World) -> None:
    visitor = visit()
    visitor.page.goto("/")
    script = visitor.page.locator("script[type=module]").get_attribute("src") or ""
    module = script.replace("site.js", "iban.js")
    assert dict(zip(IBANS, visitor.page.evaluate(READ, [module, list(IBANS)]), strict=True)) == IBANS
    step_up(visitor, "/mon-profil/coordonnees-bancaires/modifier")
    field = visitor.page.get_by_label("IBAN")
    field.fill("FR0630006000011234567890188")
    visitor.page.get_by_text("vérifiez chaque caractère").wait_for()
    picture(visitor, "iban")
    field.fill("fr76 3000 6000 0112 3456 7890 189")
    visitor.page.get_by_text("Cet IBAN est bien formé.").wait_for()
    visitor.go_on()
    visitor.page.get_by_text("FR76 •••• •••• •••• •••• ••90 189").wait_for()
    picture(visitor, "iban-verification")
    visitor.go_on("Demander ce changement")
    visitor.page.get_by_text("Changement en cours").wait_for()
    picture(visitor, "iban-en-cours")
    assert [name for name, _ in site.persons.calls].count("change_bank_details") == 1


def step_up(visitor: Visitor, path: str) -> None:
    visitor.sign_in()
    visitor.page.goto(path)
    visitor.page.get_by_label("Code personnel", exact=True).fill(CODE)
    visitor.go_on()
    visitor.page.locator("[name=one_time_code]").fill(visitor.site.identity.one_time_code)
    visitor.page.locator("main form button[type=submit]").first.click()
    visitor.page.wait_for_url(f"**{path}")


def opened(visitor: Visitor, link: str) -> None:
    """As a phone opens what it has scanned: a page of its own."""
    visitor.page.goto("about:blank")
    visitor.page.goto(link)


def test_a_code_is_checked_in_the_browser(visit: Callable[..., Visitor], site: World) -> None:
    visitor, base = visit(), site.site.settings.public_url
    page, link = visitor.page, code(base)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(f"{one.method} {one.url} {one.post_data or ''}"))
    opened(visitor, link)
    page.get_by_text("Valable", exact=True).wait_for()
    assert page.get_by_text("C. L.").is_visible()
    picture(visitor, "verifier")
    for label, typed in (
        ("Nom", "lefevre d arc"),
        ("Prénoms", "CLAIRE-ANNE"),
        ("Date de naissance", "17/1/1985"),
        ("Numéro imprimé", "2 85 01 83 137 042 28"),
        ("Fin des droits", "31/12/2099"),
    ):
        page.get_by_label(label, exact=True).fill(typed)
    visitor.go_on("Comparer")
    page.get_by_text("Conforme : c'est bien ce qui a été signé.").wait_for()
    page.get_by_label("Nom", exact=True).fill("Martin")
    visitor.go_on("Comparer")
    page.get_by_text("Non conforme : ce n'est pas ce qui a été signé.").wait_for()
    for one in asked:
        assert "#" not in one
        assert not any(word in one.lower() for word in ("lefevre", "claire", "1985", PROOF.s))


def test_a_code_that_does_not_hold(visit: Callable[..., Visitor], site: World) -> None:
    visitor, base = visit(), site.site.settings.public_url
    page, link = visitor.page, code(base)
    opened(visitor, link[:-6] + "AAAAAA")
    page.get_by_text("Non authentique", exact=True).wait_for()
    picture(visitor, "verifier-faux")
    site.attestations.statuses[PROOF.i] = "revoked"
    opened(visitor, link)
    page.get_by_text("Annulé", exact=True).wait_for()
    site.attestations.statuses[PROOF.i] = "stands"
    opened(visitor, code(base, x=dt.date(2026, 1, 1)))
    page.get_by_text("Plus valable", exact=True).wait_for()


def test_without_a_connection_it_says_what_was_not_checked(visit: Callable[..., Visitor], site: World) -> None:
    visitor, base = visit(), site.site.settings.public_url
    page, link = visitor.page, code(base)
    page.goto("/verifier")
    visitor.context.set_offline(offline=True)
    page.evaluate("hash => { location.hash = hash; }", link.partition("#")[2])
    page.get_by_text("Authentique", exact=True).wait_for()
    assert page.get_by_text("nous n'avons pas pu vérifier s'il a été annulé").is_visible()
    visitor.context.set_offline(offline=False)


def test_without_a_script_the_server_checks(visit: Callable[..., Visitor], site: World) -> None:
    visitor = visit(java_script_enabled=False)
    visitor.page.goto("/verifier")
    visitor.page.get_by_label("Adresse lue dans le code").fill(code(site.site.settings.public_url))
    visitor.go_on("Vérifier")
    visitor.page.get_by_role("heading", name="Document valable").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits_a_phone(visit: Callable[..., Visitor], site: World, scheme: str) -> None:
    visitor = visit(color_scheme=scheme)
    prefix = "" if scheme == "light" else "sombre-"

    def see(name: str, path: str | None = None) -> None:
        if path is not None:
            visitor.page.goto(path)
        picture(visitor, f"{prefix}{name}")
        found = Axe().run(visitor.page)
        assert found.violations_count == 0, f"{name}\n{found.generate_report()}"

    see("annuler", "/annuler-changement/a.b.c")
    visitor.go_on("Annuler et protéger mon compte")
    see("annule")
    opened(visitor, code(site.site.settings.public_url))
    visitor.page.get_by_text("Valable", exact=True).wait_for()
    see("verifier")
    step_up(visitor, "/mon-profil/adresse")
    see("adresse")
    see("iban-saisie", "/mon-profil/coordonnees-bancaires/modifier")
    see("donnees", "/mes-donnees")
    see("donnees-fichiers", "/mes-donnees/telecharger")
    site.persons.changes = (
        Change(what="bank-details", at=NOW, by="register"),
        Change(what="address", at=NOW, by="member"),
        Change(what="registered", at=NOW, by="register"),
    )
    see("profil", "/mon-profil")
    see("profil-historique", "/mon-profil/historique")
    see("banque", "/mon-profil/coordonnees-bancaires")
    site.persons.bank = HELD.model_copy(update={"in_doubt": True})
    see("banque-doute", "/mon-profil/coordonnees-bancaires")
    site.persons.bank = BANK.model_copy(update={"blocked": True})
    see("banque-bloquee", "/mon-profil/coordonnees-bancaires")
    see("attestation", "/mon-attestation")
    visitor.page.get_by_label("Pour moi", exact=True).check()
    visitor.go_on("Créer mon attestation")
    see("attestation-prete")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_about_being_forgotten(visit: Callable[..., Visitor], site: World, scheme: str) -> None:
    visitor = visit(color_scheme=scheme)
    prefix = "" if scheme == "light" else "sombre-"

    def see(name: str, path: str | None = None) -> None:
        if path is not None:
            visitor.page.goto(path)
        picture(visitor, f"{prefix}effacement-{name}")
        found = Axe().run(visitor.page)
        assert found.violations_count == 0, f"{name}\n{found.generate_report()}"

    see("certificat-demande", "/certificat-effacement")
    visitor.page.get_by_label("Référence").fill(REFERENCE)
    visitor.page.get_by_label("Code").fill(PROOF_CODE)
    visitor.go_on("Voir le certificat")
    see("certificat")
    see("lien", "/annuler-effacement/a.b.c")
    visitor.go_on("Annuler l'effacement")
    see("lien-annule")
    step_up(visitor, "/mes-donnees/effacement/demande")
    see("formulaire")
    site.erasures.held = True
    see("explique", "/mes-donnees/effacement")
    visitor.page.goto("/mes-donnees/effacement/demande")
    visitor.page.locator("[name=understood]").check()
    visitor.go_on("Demander l'effacement")
    see("attente")
