"""Every page in every state, in a real browser: what axe finds, what fits, how heavy it is, whom else it asks.

`page_states.PAGES` is the list.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import doubled_ids
from tests.services.gateway.fakes import World
from tests.services.gateway.page_states import PAGES, State
from tests.services.gateway.test_browser import Visitor, chromium, site, visit

pytestmark = pytest.mark.connected
FIXTURES = (chromium, site, visit)
WIDTHS: Final = (320, 360, 768, 1440)
"""The first is a page of 1280 px at 400 % (WCAG 1.4.10)."""
SPACED: Final = """() => {
  const wide = new CSSStyleSheet()
  wide.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }'
    + 'p { margin-bottom: 2em !important }')
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, wide]
}"""
"""Text as far apart as WCAG 1.4.12 lets a reader set it."""
CUT_OFF: Final = """[...document.querySelectorAll('body *')].filter((one) => {
  const style = getComputedStyle(one)
  const hides = [style.overflowX, style.overflowY].some((how) => how === 'hidden' || how === 'clip')
  const over = one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2
  const shown = one.clientHeight > 2 && one.clientWidth > 2 && one.textContent.trim() !== ''
  return hides && over && shown && !one.closest('.site-map')
}).map((one) => one.outerHTML.slice(0, 100))"""
"""What holds text and shows only a part of it."""
HEAVIEST: Final = 100_000
"""Bytes that a first visit transfers, the map of places apart."""


def enter(site: World, state: State, visitor: Visitor) -> None:
    """A session as this state needs it, without the way to it."""
    if state.member:
        visitor.sign_in()
    else:
        visitor.page.goto("/connexion")
    cookie = next(one["value"] for one in visitor.context.cookies() if one["name"] == "__Host-sid")

    async def kept() -> None:
        session = await site.site.sessions.open(cookie)
        session.change(**(state.session or {}))
        await site.site.sessions.keep(session)

    with ThreadPoolExecutor(1) as beside:  # Playwright holds the loop of this thread
        beside.submit(asyncio.run, kept()).result()


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    return visit()


@pytest.mark.parametrize("state", PAGES, ids=lambda state: f"{state.path} {state.name}")
def test_a_page_in_a_state(visitor: Visitor, site: World, state: State) -> None:
    if state.member or state.session:
        enter(site, state, visitor)
    state.prepare(site)
    page = visitor.page
    sizes: list[int] = []
    page.on("requestfinished", lambda one: sizes.append(one.sizes()["responseBodySize"]))
    # Or it loads itself anew while looked at.
    page.route("**/a-jour", lambda route: route.fulfill(json={"pending": True}))
    answer = page.goto(state.path)
    assert answer is not None
    assert (answer.status, page.url.removeprefix(site.site.settings.public_url)) == (state.status, state.path)
    asks_again = page.locator("[data-pending]").count() > 0  # such a page is never idle
    page.wait_for_load_state("load" if asks_again else "networkidle")
    if not state.path.startswith("/lieux"):
        assert sum(sizes) <= HEAVIEST, f"{sum(sizes)} bytes"
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"scrolls sideways at {width}"
    page.evaluate(SPACED)
    for width in (WIDTHS[0], WIDTHS[-1]):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"spaced, it scrolls sideways at {width}"
        assert page.evaluate(CUT_OFF) == []
    assert doubled_ids(page) == []
    assert page.locator("h1").count() == 1
    assert page.title().endswith("Mon compte en ligne")
