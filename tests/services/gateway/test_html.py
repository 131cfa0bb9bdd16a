"""The HTML of every page in every state is valid: the Nu Html Checker has nothing to say."""

from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import pytest

from deploy.local.tools import vnu
from tests.services.gateway.fakes import Browser, World, world
from tests.services.gateway.page_states import PAGES, State

pytestmark = pytest.mark.connected
OF_THE_KIT: Final = "The “group” role is unnecessary for element “fieldset”."
"""A warning about what govuk-frontend writes for browsers of before."""


async def brought(site: World, state: State) -> Browser:
    """A browser whose session is as this state needs it."""
    browser = site.browser()
    if state.member:
        await browser.sign_in()
    elif state.session:
        await browser.get("/connexion")
    if state.session:
        session = await site.site.sessions.open(browser.client.cookies["__Host-sid"])
        session.change(**state.session)
        await site.site.sessions.keep(session)
    state.prepare(site)
    return browser


async def test_every_page_in_every_state_is_valid(tmp_path: Path) -> None:
    pages: dict[Path, str] = {}
    for number, state in enumerate(PAGES):
        page = await (await brought(world(), state)).get(state.path)
        assert page.status == state.status, state
        file = tmp_path / f"{number}.html"
        file.write_text(page.html, encoding="utf-8")
        pages[file] = f"{state.path} {state.name}"
    said = vnu.complaints(list(pages))
    assert [
        (pages[Path(unquote(urlsplit(one["url"]).path))], one["message"], one.get("extract"))
        for one in said
        if one["message"] != OF_THE_KIT
    ] == []
