"""Templates: escaped, and loud about a name that does not exist."""

import pytest
from jinja2 import Environment, UndefinedError

from services.gateway.pages.site import TEMPLATES
from tests.services.gateway.fakes import NIR, Browser, world


def environment() -> Environment:
    return world().site.templates._environment


@pytest.mark.parametrize("source", ["{{ nothing }}", "{{ typed.nothing }}", "{{ nothing | upper }}"])
def test_a_name_that_does_not_exist_fails_the_page(source: str) -> None:
    with pytest.raises(UndefinedError):
        environment().from_string(source).render(typed=object())


@pytest.mark.parametrize("source", ["{% if nothing %}x{% endif %}", "{{ options.nothing }}", "{{ 'x' if none }}"])
def test_what_the_kit_s_macros_do_with_their_options_does_not(source: str) -> None:
    assert environment().from_string(source).render(options={}) == ""


@pytest.mark.parametrize("path", [path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")])
def test_every_template_can_be_read_and_trusts_no_text(path: str) -> None:
    source = (TEMPLATES / path).read_text()
    environment().get_template(path)
    assert "| safe" not in source
    assert "autoescape" not in source
    assert "Html'" not in source
    assert "'html':" not in source


def test_what_tells_buttons_apart_is_heard_and_trusts_no_text() -> None:
    page = environment().from_string("{% from 'parts.html' import button %}{{ button('Oui', of=who) }}")
    shown = page.render(who='"><b>Firefox')
    assert 'aria-label="Oui\xa0: ' in shown
    assert "<b>" not in shown
    assert (
        "aria-label"
        not in environment().from_string("{% from 'parts.html' import button %}{{ button('Oui') }}").render()
    )


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", '"><img src=x>', "{{ 7 * 7 }}", "' onfocus='x"])
async def test_what_is_typed_is_shown_as_text(attack: str) -> None:
    browser = world().browser()
    page = await browser.fill("/creer-mon-compte/identite", surname=attack, nir=NIR)
    assert page.status == 422
    assert page.form().fields["surname"] == attack
    assert (attack in page.html) is ("{" in attack)  # nothing to escape in this one
    assert "49" not in page.form().fields["surname"]


async def test_what_a_member_declares_is_shown_as_text() -> None:
    browser: Browser = world().browser()
    await browser.sign_in()
    page = await browser.fill("/ma-carte-vitale/declaration", reason="lost")
    place = "<b onclick=x>Toulon</b>"
    page = await browser.send(
        page.form(), happened_on__jour="1", happened_on__mois="11", happened_on__annee="2026", place=place
    )
    assert place in page.text
    assert place not in page.html
