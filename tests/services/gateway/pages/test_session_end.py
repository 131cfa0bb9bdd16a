"""A page knows how long its session lasts, and whoever is there can make it last."""

import json
import re

from tests.services.gateway.fakes import world

GO_ON = "/connexion/prolonger"


def lasts(html: str) -> int:
    found = re.search(r'data-session-end="(\d+)"', html)
    assert found is not None
    return int(found[1])


async def test_a_members_page_says_how_long_its_session_lasts_and_a_visitors_page_does_not() -> None:
    browser = world().browser()
    assert "data-session-end" not in (await browser.get("/contact")).html
    assert lasts((await browser.sign_in()).html) == 15 * 60


async def test_a_session_that_is_asked_to_go_on_outlives_its_fifteen_minutes() -> None:
    site = world()
    browser = site.browser()
    await browser.sign_in()
    for _ in range(3):
        site.clock.pass_(minutes=14)
        assert json.loads((await browser.get(GO_ON)).answer.text) == {"lasts": 15 * 60}
    assert (await browser.get("/ma-carte-vitale")).path == "/ma-carte-vitale"


async def test_four_hours_are_the_end_whatever_is_asked() -> None:
    site = world()
    browser = site.browser()
    await browser.sign_in()
    for _ in range(16):
        site.clock.pass_(minutes=14, seconds=30)
        await browser.get(GO_ON)
    assert json.loads((await browser.get(GO_ON)).answer.text) == {"lasts": 8 * 60}
    site.clock.pass_(minutes=9)
    assert (await browser.get(GO_ON)).path == "/connexion"


async def test_a_visitor_and_who_comes_too_late_are_led_to_sign_in() -> None:
    site = world()
    browser = site.browser()
    assert (await browser.get(GO_ON)).path == "/connexion"
    await browser.sign_in()
    site.clock.pass_(minutes=16)
    assert (await browser.get(GO_ON)).path == "/connexion"
    assert site.sessions.rows == {}
