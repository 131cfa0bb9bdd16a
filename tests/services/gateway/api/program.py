"""A program on a phone: it is let in through the browser, then calls."""

import base64
import hashlib
import uuid
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from tests.services.gateway.fakes import World
from tests.web import Page, WebBrowser

BACK = "fr.exemple.moncompte:/retour"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "response_type": "code",
    "client_id": "mobile",
    "redirect_uri": BACK,
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
    "state": "af0ifjsldkj",
}


class Program:
    """Calls the interface with a token."""

    def __init__(self, world: World, token: str | None = None) -> None:
        self.world = world
        self.token = token
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=world.app, client=("192.0.2.7", 4711)),
            base_url=world.site.settings.public_url,
        )

    async def call(self, method: str, path: str, *, key: str | None = "", **more: Any) -> httpx.Response:
        """`key`: the Idempotency-Key; a fresh one where nothing is said, none where None is."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if key is not None and method != "GET":
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        return await self.client.request(
            method, f"/api/v1{path}", headers={**headers, **more.pop("headers", {})}, **more
        )

    async def fetch(self, code: str, **changes: str) -> httpx.Response:
        """Exchange a code."""
        fields = {"grant_type": "authorization_code", "code": code, "client_id": "mobile", "redirect_uri": BACK}
        return await self.client.post("/api/v1/token", data={**fields, "code_verifier": VERIFIER, **changes})


async def ask(browser: WebBrowser, **changes: str) -> Page:
    """What a browser shows to which a program has sent the member."""
    return await browser.get(f"/application?{urlencode({**ASKED, **changes})}")


def answer(page: Page) -> dict[str, str]:
    """What the program is told through the address that it has registered."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.answer.headers["location"]).query).items()}


async def let_in(browser: WebBrowser, **changes: str) -> str:
    """The code that a member's yes is worth."""
    page = await ask(browser, **changes)
    if page.path == "/confirmation-identite":
        page = await browser.send(page.form(), code="Toulon-83")
        page = await browser.send(page.form(), one_time_code="042617")
    assert page.path == "/application/accord", page.text
    return answer(await browser.post(page.form(), accord="oui"))["code"]


async def program(world: World, **changes: str) -> Program:
    """One with a token; `acr_values="step-up"` for one of a member who has just confirmed that it is he."""
    browser = world.browser()
    await browser.sign_in()
    found = Program(world)
    found.token = (await found.fetch(await let_in(browser, **changes))).json()["access_token"]
    return found
