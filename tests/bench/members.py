"""Members of a whole account, each at his browser and with the phone's program: opened and let in as on the site."""

import asyncio
import uuid
from dataclasses import dataclass, replace
from typing import Any, Final

import httpx

from deploy.local.seed.accounts import CODE, Mails, Member
from deploy.local.seed.files import card_line, register_line
from deploy.local.seed.people import Person
from deploy.local.seed.senders import Senders
from deploy.local.stack import Stack
from services.gateway.clients.identity import HttpIdentity
from services.gateway.clients.persons import HttpPersons
from tests.programs.events_flow import Invented
from tests.services.gateway.api.program import ASKED, BACK, VERIFIER, let_in
from tests.web import FoundForm, WebBrowser

AT_ONCE: Final = 4
"""Accounts opened side by side: a code is hashed slowly on purpose."""
FORMS: Final = {
    "/mes-messages/choix": ("/mes-messages/choix", {"topic-payments": "oui"}),
    "/mes-messages/lus": ("/mes-messages", {}),
    "/mes-remboursements": ("/mes-remboursements", {"words": "consultation"}),
}
"""Where each form stands, and what is filled in."""
BODIES: Final[dict[str, Any]] = {"/api/v1/reimbursements/search": {"limit": 20}}


@dataclass(frozen=True)
class Visitor:
    """Asks as his browser or his phone would."""

    browser: WebBrowser
    token: str
    forms: dict[str, FoundForm]

    async def ask(self, method: str, path: str) -> httpx.Response:
        """One request, and no redirect followed."""
        client = self.browser.client
        if path.startswith("/api/"):
            headers = {"Authorization": f"Bearer {self.token}"}
            return await client.request(method, path, headers=headers, json=BODIES.get(path))
        data = (
            {**self.forms[path].fields, **FORMS[path][1], "commande": str(uuid.uuid4())} if method == "POST" else None
        )
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": self.browser.origin}
        return await client.request(method, path, headers=headers, data=data, follow_redirects=False)

    async def close(self) -> None:
        await self.browser.client.aclose()


async def opened(stack: Stack, insured: int) -> list[Visitor]:
    """The register, the cards, half of the payments; then accounts, and everybody signed in."""
    senders = Senders(stack)
    today = senders.now().date()
    invented = Invented(insured, today)
    senders.send("register", (register_line(person, today) for person in invented.people))
    senders.send("vitale-issued", (card_line(person, today) for person in invented.people if person.serial))
    assert senders.send_all("settlements", invented.paid) == 0
    line, http = senders.members_line("identity")
    mails, gate = Mails(stack, senders), asyncio.Semaphore(AT_ONCE)
    url = stack.env_for("gateway")["PUBLIC_URL"]

    async def one(number: int, person: Person) -> Visitor:
        async with gate:
            member = Member(person, HttpIdentity(line), HttpPersons(line), mails)
            member.who = replace(member.who, origin=f"203.0.113.{number}")
            await member.open_account()
            return await _come_in(url, member)

    async with http:
        return await asyncio.gather(*(one(number, person) for number, person in enumerate(invented.members)))


async def _come_in(url: str, member: Member) -> Visitor:
    browser = WebBrowser(None, url, {})
    page = await browser.fill("/connexion", nir=member.person.nir, code=CODE)
    if page.path == "/connexion/code":
        page = await browser.send(page.form(), one_time_code=await member.one_time_code())
    assert page.path == "/mon-compte", page.text
    forms = {action: (await browser.get(path)).form(action) for action, (path, _) in FORMS.items()}
    fields = {"grant_type": "authorization_code", "client_id": ASKED["client_id"], "redirect_uri": BACK}
    code = await let_in(browser)
    fetched = await browser.client.post("/api/v1/token", data={**fields, "code": code, "code_verifier": VERIFIER})
    return Visitor(browser, fetched.json()["access_token"], forms)
