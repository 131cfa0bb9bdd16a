"""A few members who have an account already, opened as the site would open it, with some weeks' use in an hour."""

import asyncio
import re
import unicodedata
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

import httpx

from deploy.local.errors import StackError
from deploy.local.seed.people import Person
from deploy.local.seed.senders import Senders
from deploy.local.stack import Stack
from services.gateway.clients.identity import CodeAsked, HttpIdentity, SignedIn
from services.gateway.clients.persons import HttpPersons
from services.gateway.clients.who import Who
from services.gateway.drafts import Identity
from services.gateway.pages.site import CGU_DATE, Terms
from shared.security import STEP_UP
from shared.web.channel import Refused, ServiceDown

CODE: Final = "Phare-du-Minou-7"
"""Of all of them: invented, and printed."""
ANOTHER_IBAN: Final = "FR7630006000011234567890189"
BROWSERS: Final = (("a" * 32, "Firefox sur Windows"), ("b" * 32, "Safari sur iPhone"))
TRIES: Final = (1, 4, 10, 20)
"""Seconds between tries to prove who one is: the card has to reach identity, and five wrong tries close the way."""
PATIENCE: Final = 60.0

T = TypeVar("T")


@dataclass
class Member:
    """One of them, at his browser."""

    person: Person
    identity: HttpIdentity
    persons: HttpPersons
    mails: "Mails"
    who: Who = field(default_factory=lambda: Who(str(uuid.uuid4()), origin="demo"))

    async def open_account(self) -> None:
        person, terms = self.person, Terms.of(CGU_DATE)
        facts = Identity(
            surname=person.surname,
            nir=person.nir,
            birth_date=person.birth_date,
            postcode=str(person.address["postcode"]),
        )
        started = await _patiently(
            lambda: self.identity.enrol(self.who, _id(), facts, iban_end=person.iban[-7:], serial=person.serial)
        )
        cgu, email = (terms.version, terms.digest), address(person)
        await self.identity.create_account(self.who, _id(), started.enrolment_id, cgu=cgu, code=CODE, email=email)
        await self.identity.confirm_email(self.who, _id(), await self.mails.find(email, r"/confirmer/(\S+)"))

    async def sign_in(self, browser: tuple[str, str]) -> SignedIn:
        """With the one-time code where the browser is a new one."""
        visitor = replace(self.who, device=browser)
        found = await self.identity.sign_in(visitor, _id(), self.person.nir, CODE)
        if isinstance(found, CodeAsked):
            code = await self.one_time_code()
            found = await self.identity.complete_sign_in(visitor, _id(), found.challenge_id, code)
        assert isinstance(found, SignedIn), "who has an account is not asked to open one"
        return found

    async def one_time_code(self) -> str:
        """The one that has just been sent to him."""
        return await self.mails.find(address(self.person), r"(?m)^(\d{6})\r?$")

    async def use(self) -> None:
        """In and out on one browser, in on another, and once more on the first."""
        first = await self.sign_in(BROWSERS[0])
        await self.identity.sign_out(self._as_member(), _id(), first.session_id)
        await self.sign_in(BROWSERS[1])
        await self.sign_in(BROWSERS[0])

    async def ask_for_another_account(self) -> None:
        """Held for three days, as any."""
        asked = await self.identity.ask_step_up(self._as_member(), _id(), CODE)
        code = await self.one_time_code()
        await self.identity.complete_step_up(self._as_member(), _id(), asked.challenge_id, code)
        confirmed = replace(self._as_member(), access=STEP_UP, auth_time=self.mails.senders.now())
        await self.persons.change_bank_details(confirmed, _id(), ANOTHER_IBAN)

    def _as_member(self) -> Who:
        return replace(self.who, member_id=self.person.person_id, access="full")


class Mails:
    """What the sink holds; what was found once is not found again."""

    def __init__(self, stack: Stack, senders: Senders) -> None:
        self._url = stack.env_for("notifications")["MAIL_SINK_URL"]
        self._seen: set[str] = set()
        self.senders = senders

    async def find(self, to: str, pattern: str) -> str:
        """What the pattern's group matches in a mail that is new."""
        async with httpx.AsyncClient(base_url=self._url, trust_env=False) as sink:
            for _ in range(int(PATIENCE * 5)):
                for mail in (await sink.get("/api/mails", params={"to": to})).json():
                    text = (await sink.get(f"/api/mails/{mail['id']}")).json()["text"]
                    found = re.search(pattern, text)
                    if found and f"{to} {found[1]}" not in self._seen:
                        self._seen.add(f"{to} {found[1]}")
                        return found[1]
                await asyncio.sleep(0.2)
        raise StackError("no mail came")


def open_accounts(stack: Stack, senders: Senders, people: Sequence[Person]) -> None:
    """An account for each of these, one of them with a change of bank details under way.

    Raises:
        StackError: identity or the mails did not follow.
    """
    asyncio.run(_open_accounts(stack, senders, people))


async def _open_accounts(stack: Stack, senders: Senders, people: Sequence[Person]) -> None:
    line, http = senders.members_line("identity")
    async with http:
        for number, person in enumerate(people):
            member = Member(person, HttpIdentity(line), HttpPersons(line), Mails(stack, senders))
            await member.open_account()
            await member.use()
            if number == 0:
                await member.ask_for_another_account()


def address(person: Person) -> str:
    """`leo.kermarrec71@exemple.fr`, in a domain that is nobody's."""
    plain = unicodedata.normalize("NFKD", f"{person.given_names.split()[0]}.{person.surname}".lower())
    return f"{re.sub(r'[^a-z.]', '', plain)}{person.birth_date:%y}@exemple.fr"


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    for seconds in TRIES:
        try:
            return await ask()
        except (Refused, ServiceDown):
            await asyncio.sleep(seconds)
    try:
        return await ask()
    except (Refused, ServiceDown) as refused:
        raise StackError(f"no account could be opened: {type(refused).__name__}") from refused


def _id() -> str:
    return str(uuid.uuid4())
