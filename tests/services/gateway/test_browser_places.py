"""Bornes Vitale and annuaire in a real browser, at the size of a phone: position granted and refused, map, offline, axe."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.services.gateway.fakes import World
from tests.services.gateway.test_browser import SIZES, Visitor, chromium, picture, site, visit

pytestmark = pytest.mark.connected
FIXTURES = (chromium, site, visit)
KEPT = """new Promise((done) => {
  const look = () => Object.values(localStorage).some((kept) => kept.includes('Pharmacie du Port')) ? done() : setTimeout(look, 20)
  look()
})"""
"""The page shows its results before its script has kept them."""
HERE = {"latitude": 43.123987, "longitude": 5.928123}


@pytest.fixture
def phone(visit: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """A visitor with a phone in his hand."""

    def open_(*, granted: bool = True, **options: object) -> Visitor:
        visitor = visit(geolocation=HERE, has_touch=True, **options)
        visitor.page.set_viewport_size(SIZES[0])  # type: ignore[arg-type]
        if granted:
            visitor.context.grant_permissions(["geolocation"])
        return visitor

    return open_


def clean(visitor: Visitor) -> None:
    """Nothing that axe finds, and nothing that scrolls sideways."""
    found = Axe().run(visitor.page)
    assert found.violations_count == 0, found.generate_report()
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_position_that_is_given_leads_to_list_and_map(phone: Callable[..., Visitor], site: World) -> None:
    visitor = phone()
    page = visitor.page
    page.goto("/lieux/bornes-vitale")
    clean(visitor)
    picture(visitor, "bornes")
    page.get_by_role("button", name="Autour de ma position").click()
    page.get_by_role("heading", name="2 résultats à moins de 10 km de vous").wait_for()
    asked = site.places.last("near")
    assert (asked["latitude"], asked["longitude"]) == (43.124, 5.928), "rounded to 100 m before it leaves the phone"
    assert "43.1" not in page.url
    page.locator(".site-map__pin").first.wait_for()
    assert page.locator(".site-map__pin").count() == page.locator("[data-place]").count()
    assert page.get_by_text("Toulon", exact=True).count() >= 1
    assert page.evaluate("document.activeElement.id") == "resultats"
    clean(visitor)
    picture(visitor, "bornes-autour")


def test_a_position_that_is_refused_leads_to_the_commune(phone: Callable[..., Visitor], site: World) -> None:
    visitor = phone(granted=False)
    page = visitor.page
    page.goto("/lieux/annuaire")
    page.get_by_role("button", name="Autour de ma position").click()
    said = page.get_by_text("Vous n'avez pas donné votre position")
    said.wait_for()
    assert page.evaluate("document.activeElement.id") == "ou"
    assert said.evaluate("element => element.getBoundingClientRect().top >= 0"), "it is seen beside the field"
    clean(visitor)
    picture(visitor, "annuaire-refus")
    page.keyboard.type("toulo")
    page.locator("#communes option").first.wait_for(state="attached")
    assert page.locator("#communes option").first.get_attribute("value") == "Toulon (83000)"
    page.get_by_label("Profession ou établissement").select_option("doctor")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Rechercher").click()
    page.get_by_role("heading", name="4 résultats").wait_for()
    assert "near" not in [name for name, _ in site.places.calls]
    clean(visitor)
    picture(visitor, "annuaire-resultats")
    page.goto("/lieux/annuaire?commune=83137&suite=AAAA")
    clean(visitor)
    picture(visitor, "annuaire-groupe")


@pytest.mark.parametrize(
    "path",
    ["/lieux/annuaire?ou=tou", "/lieux/annuaire?ou=zzz", "/lieux/annuaire?ou=", "/lieux/bornes-vitale?commune=83137"],
)
def test_every_other_state_is_clean_too(phone: Callable[..., Visitor], path: str) -> None:
    visitor = phone()
    visitor.page.goto(path)
    clean(visitor)
    choice = visitor.page.get_by_role("heading", name="Quelle commune ?")
    if choice.count():
        assert visitor.page.evaluate("document.activeElement.id") == "choix", "it stands below the form"


def test_nothing_found_and_one_place(phone: Callable[..., Visitor], site: World) -> None:
    visitor = phone()
    page = visitor.page
    page.goto("/lieux/annuaire?commune=83137")
    page.get_by_role("link", name="Pharmacie du Port").first.click()
    page.get_by_role("heading", name="Pharmacie du Port").wait_for()
    clean(visitor)
    picture(visitor, "fiche")
    page.get_by_role("link", name="Retour aux résultats").click()
    page.get_by_role("heading", name="6 résultats").wait_for()
    site.places.known = ()
    page.goto("/lieux/annuaire?commune=83137")
    page.get_by_text("Aucun résultat").wait_for()
    clean(visitor)


def test_a_pin_opens_with_the_keyboard_and_names_its_place(phone: Callable[..., Visitor]) -> None:
    visitor = phone()
    page = visitor.page
    page.goto("/lieux/annuaire?commune=83137&quoi=pharmacy")
    pin = page.get_by_role("button", name="Pharmacie du Port")
    pin.focus()
    page.keyboard.press("Enter")
    page.locator(".site-map__popup a").wait_for()
    clean(visitor)


def test_far_enough_away_the_map_outlines_the_departements_for_the_eye_alone(phone: Callable[..., Visitor]) -> None:
    visitor = phone()
    page = visitor.page
    page.goto("/lieux/annuaire?commune=83137")
    page.locator(".site-map__pin").first.wait_for()
    assert page.locator(".site-map__border").count() == 0, "near by they would be wrong"
    for _ in range(8):
        page.get_by_role("button", name="Réduire").click()
    page.locator(".site-map__border").wait_for(state="attached")
    assert page.locator(".site-map__border").get_attribute("d", timeout=2_000).count("M") > 10  # type: ignore[union-attr]
    page.get_by_text("Contours approximatifs : Natural Earth").wait_for()
    hidden = page.locator(".leaflet-outlines-pane, .leaflet-graticule-pane")
    assert [hidden.nth(at).get_attribute("aria-hidden") for at in range(hidden.count())] == ["true", "true"]
    assert page.locator(".site-map svg [tabindex], .site-map svg .leaflet-interactive").count() == 0
    clean(visitor)
    picture(visitor, "carte-france")


def test_without_a_connection_the_last_results_are_there_without_distances(phone: Callable[..., Visitor]) -> None:
    visitor = phone()
    page = visitor.page
    page.goto("/lieux/annuaire")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.get_by_role("button", name="Autour de ma position").click()
    page.get_by_role("heading", name="6 résultats").wait_for()
    page.evaluate(KEPT)
    visitor.context.set_offline(True)
    page.goto("/lieux/annuaire?commune=83137")
    page.get_by_role("heading", name="Vous n'êtes pas connecté à internet").wait_for()
    page.get_by_text("Pharmacie du Port").wait_for()
    assert page.get_by_role("link", name="Appeler 01 99 00 00 01").count() >= 1
    shown = page.locator("main").inner_text()
    assert "100 m" not in shown
    assert "43.12" not in page.evaluate("JSON.stringify(localStorage)")
    clean(visitor)
    picture(visitor, "hors-connexion")
    visitor.context.set_offline(False)


def test_nothing_of_a_member_is_kept_for_later(phone: Callable[..., Visitor]) -> None:
    visitor = phone()
    page = visitor.page
    visitor.sign_in()
    page.goto("/lieux/annuaire?commune=83137")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept = page.evaluate("caches.match('/hors-connexion').then((answer) => answer.text())")
    assert "Me connecter" in kept
    assert "jeton" not in kept


def test_without_javascript_a_commune_leads_to_the_list(phone: Callable[..., Visitor]) -> None:
    visitor = phone(java_script_enabled=False)
    page = visitor.page
    page.goto("/lieux/bornes-vitale")
    assert page.get_by_role("button", name="Autour de ma position").count() == 0
    page.get_by_label("Commune ou code postal").fill("tou")
    page.get_by_role("button", name="Rechercher").click()
    page.get_by_role("link", name="Toulon (83000, 83100)").click()
    page.get_by_text("Borne probable, à confirmer").wait_for()


def test_both_sizes(phone: Callable[..., Visitor], site: World) -> None:
    visitor = phone()
    page = visitor.page
    page.set_viewport_size(SIZES[1])  # type: ignore[arg-type]
    page.goto("/lieux/annuaire?commune=83137")
    page.locator(".site-map__pin").first.wait_for()
    clean(visitor)
    picture(visitor, "annuaire-large")
