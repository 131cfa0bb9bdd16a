"""A real Chromium for the tests of every site, what it may not complain about, and what no page may have twice."""

import contextlib
from collections.abc import Iterator
from typing import Final

import pytest_socket
from playwright.sync_api import Browser, Page, sync_playwright

from deploy.local.tools import system

ARGUMENTS: Final = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_COMPLAINTS: Final = ("Content Security Policy", "Refused to", "Error: <")
"""Of its policy, and of markup that it could not read."""
_DOUBLED: Final = "[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)"


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    pytest_socket.enable_socket()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(system.chromium()), args=list(ARGUMENTS))
        yield browser
        browser.close()


def overhear(page: Page, url: str) -> list[str]:
    """Fills with whom else than `url` the page's browser asks, and with what it complains about."""
    heard: list[str] = []
    page.context.on("request", lambda one: None if one.url.startswith(url) else heard.append(one.url))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda line: heard.append(line.text) if any(one in line.text for one in _COMPLAINTS) else None)
    return heard


def doubled_ids(page: Page) -> list[str]:
    """Ids that stand on the page more than once."""
    found: list[str] = page.evaluate(_DOUBLED)
    return found
