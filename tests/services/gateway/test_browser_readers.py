"""The site as those meet it who listen to it, set their own colours, or want nothing to move.

RGAA 3.3, 4.13, 7.1, 7.5 and 13.1.
"""

import re
from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.services.gateway.fakes import World
from tests.services.gateway.page_states import busy
from tests.services.gateway.test_browser import Visitor, chromium, site, visit

pytestmark = pytest.mark.connected
FIXTURES = (chromium, site, visit)
COLOURS: Final = """(one) => {
  const style = getComputedStyle(one)
  return [style.fill, style.stroke, style.backgroundColor, style.borderBottomColor, style.borderTopStyle]
}"""


def colours(found: Locator) -> list[str]:
    said: list[str] = found.first.evaluate(COLOURS)
    return said


def busy_member(visit: Callable[..., Visitor], site: World, **options: object) -> Page:
    visitor = visit(**options)
    busy(site)
    visitor.sign_in()
    return visitor.page


def test_in_the_readers_own_colours_nothing_that_a_colour_says_is_lost(
    visit: Callable[..., Visitor], site: World
) -> None:
    page = busy_member(visit, site, forced_colors="active")
    page.goto("/mes-remboursements/depenses")
    here, elsewhere = (
        colours(page.locator(f".site-nav__link{one}"))[3] for one in ("[aria-current]", ":not([aria-current])")
    )
    assert here != elsewhere, "the section one is in"
    spent, back = colours(page.locator(".site-chart__spent")), colours(page.locator(".site-chart__back"))
    assert spent[0] != back[0], "outlined and filled"
    assert spent[1] == back[0], "in the colour of text, both"
    keys = [colours(page.locator(f".site-chart__key--{one}"))[2] for one in ("spent", "back")]
    assert keys[0] != keys[1], "so are the keys of the legend"
    page.goto("/mes-messages")
    assert colours(page.locator(".govuk-tag"))[4] == "solid", "a tag keeps a shape"


def test_nothing_moves_where_that_is_not_wanted(visit: Callable[..., Visitor], site: World) -> None:
    page = busy_member(visit, site, reduced_motion="reduce")
    for path in ("/mon-compte", "/ma-carte-vitale/commande", "/lieux/annuaire?commune=83137&ou=Toulon"):
        page.goto(path)
        slow = page.evaluate("""[...document.querySelectorAll('*')].flatMap((one) => {
          const style = getComputedStyle(one)
          return [...style.transitionDuration.split(','), ...style.animationDuration.split(',')]
        }).filter((time) => parseFloat(time) > 0.001)""")
        assert slow == []


def test_a_refused_form_is_heard_at_once_and_its_fields_say_what_is_wrong(visit: Callable[..., Visitor]) -> None:
    page = visit().page
    page.goto("/connexion")
    page.get_by_role("button", name="Me connecter").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Il y a plusieurs problèmes")
    expect(page.locator("[data-module=govuk-error-summary]")).to_be_focused()
    expect(page.get_by_role("textbox", name="Numéro de sécurité sociale")).to_have_accessible_description(
        re.compile("Saisissez votre numéro de sécurité sociale")
    )
    page.get_by_role("link", name="Saisissez votre code personnel.").press("Enter")
    expect(page.get_by_label("Code personnel", exact=True)).to_be_focused()


def test_what_scripts_change_has_a_name_a_role_and_is_said(visit: Callable[..., Visitor]) -> None:
    page = visit().page
    page.goto("/connexion")
    page.get_by_label("Code personnel", exact=True).fill("Toulon-83")
    show = page.get_by_role("button", name="Afficher le code")
    show.press("Enter")
    expect(page.get_by_role("button", name="Masquer le code")).to_be_visible()
    expect(page.locator("[aria-live=polite]").filter(has_text="Votre code est affiché")).to_have_count(1)


def test_what_was_done_is_said_by_a_status(visit: Callable[..., Visitor], site: World) -> None:
    page = busy_member(visit, site)
    page.goto("/mes-messages/choix")
    page.get_by_role("button", name="Enregistrer mes choix").click()
    expect(page.get_by_role("status").or_(page.get_by_role("alert")).first).to_be_visible()


def test_the_map_is_named_its_places_are_buttons_and_its_pictures_are_silent(visit: Callable[..., Visitor]) -> None:
    page = visit().page
    page.goto("/lieux/annuaire?commune=83137&ou=Toulon")
    found = page.locator(".site-map")
    expect(found.get_by_role("button", name="Agrandir")).to_be_visible()
    expect(found).to_have_accessible_name(re.compile(r"\S"))
    pin = found.locator(".site-map__pin").first
    expect(pin).to_have_role("button")
    expect(pin).to_have_accessible_name(re.compile(r"\S"))
    pin.focus()
    pin.press("Enter")
    expect(found.locator(".site-map__popup").get_by_role("link").first).to_be_visible()
    heard = found.aria_snapshot()
    assert "img" not in heard, heard


def test_the_end_of_a_session_is_announced_and_can_be_put_off(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.page
    page.clock.install()
    visitor.sign_in()
    page.goto("/mon-profil")
    warning = page.locator("[data-session-end]")
    page.clock.fast_forward("12:00")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("01:05")
    expect(page.get_by_role("alert")).to_contain_text("Votre connexion se ferme dans deux minutes.")
    page.get_by_role("button", name="Rester connecté").press("Enter")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("12:55")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("02:10")
    expect(page.get_by_role("alert")).to_contain_text("Votre connexion est fermée.")
    expect(page.get_by_role("button", name="Rester connecté")).to_be_hidden()


def test_another_tab_keeps_the_session_of_all(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    first = visitor.page
    first.clock.install()
    visitor.sign_in()
    first.goto("/mon-profil")
    first.clock.fast_forward("13:05")
    expect(first.locator("[data-session-end]")).to_be_visible()
    visitor.context.new_page().goto("/mon-compte")
    expect(first.locator("[data-session-end]")).to_be_hidden()
