"""When a page can be used on a slow line, as Chromium emulates it: nothing in the cache, median of five."""

import asyncio
import contextlib
import statistics
from collections.abc import AsyncIterator
from typing import Final

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Browser, Page, async_playwright

from deploy.local.ports import HOST, pick
from deploy.local.tools import system
from tests.bench.measure import Pair, note
from tests.services.gateway.fakes import CODE, NIR, world

LINE: Final = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
"""1.6 Mbit/s and 150 ms."""
TIMES: Final = 5
USABLE: Final = "document.documentElement.classList.contains('js') && document.fonts.status === 'loaded'"
"""Our scripts have run, so that every button does what it says, and the text stands in its own letters."""
STATIC: Final = f"<!DOCTYPE html><html lang=fr><title>Page</title><h1>Page</h1><p>{'mot ' * 3000}</p>"


async def bench() -> list[Pair]:
    """Sign-in and home beside a page of plain HTML of the same length."""
    port = pick()
    site = world(f"http://{HOST}:{port}")
    plain = FastAPI()
    plain.get("/")(_static)
    async with async_playwright() as playwright, serving(site.app, port) as url, serving(plain) as other:
        browser = await playwright.chromium.launch(
            executable_path=str(system.chromium()), args=["--headless=new", "--no-sandbox", "--disable-gpu"]
        )
        raw = await median(browser, other, "/", "document.readyState === 'complete'")
        pairs = [
            note(f"{words} usable at 1.6 Mbit/s, 150 ms / a static page", await median(browser, url, path), raw, "ms")
            for words, path in (("sign-in", "/connexion"), ("home", "/mon-compte"))
        ]
        await browser.close()
    return pairs


async def median(browser: Browser, url: str, path: str, usable: str = USABLE) -> float:
    """Milliseconds from the click to a page that can be used."""
    return statistics.median([await once(browser, url, path, usable) for _ in range(TIMES)])


async def once(browser: Browser, url: str, path: str, usable: str) -> float:
    """In a browser that has never seen the site, but for the session where the page asks for one."""
    context = await browser.new_context(base_url=url, service_workers="block")
    page = await context.new_page()
    if path == "/mon-compte":
        await _sign_in(page)
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.clearBrowserCache")
    await session.send("Network.emulateNetworkConditions", LINE)
    await page.goto(path, wait_until="commit")
    while not await page.evaluate(usable):  # noqa: ASYNC110 - the policy forbids what Playwright waits with
        await asyncio.sleep(0.02)
    found = float(await page.evaluate("performance.now()"))
    await context.close()
    return found


async def _sign_in(page: Page) -> None:
    await page.goto("/connexion")
    await page.locator("[name=nir]").fill(NIR)
    await page.locator("[name=code]").fill(CODE)
    await page.get_by_role("button", name="Me connecter").click()
    await page.wait_for_url("**/mon-compte")


async def _static() -> HTMLResponse:
    return HTMLResponse(STATIC)


@contextlib.asynccontextmanager
async def serving(app: FastAPI, port: int = 0) -> AsyncIterator[str]:
    """The app at an address of its own."""
    port = port or pick()
    server = uvicorn.Server(uvicorn.Config(app, host=HOST, port=port, log_config=None, timeout_keep_alive=75))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells in no other way
        await asyncio.sleep(0.01)
    try:
        yield f"http://{HOST}:{port}"
    finally:
        server.should_exit = True
        await running
