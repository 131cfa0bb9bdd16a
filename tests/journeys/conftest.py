"""The whole account on a stack of its own, invented members in it, and a real browser."""

import datetime as dt
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final

import httpx
import pytest
import pytest_socket
from playwright.sync_api import Browser, BrowserContext, Page
from pymongo import MongoClient

from deploy.local.commands.seed import ADULT, age
from deploy.local.seed.files import card_line, register_line
from deploy.local.seed.people import Families, Person
from deploy.local.seed.senders import Senders
from deploy.local.seed.staff import open_staff
from deploy.local.services import ROOT
from deploy.local.stack import Stack, parts, running
from services.gateway.pages.asking import CHECKED
from tests.browser import launched

MEMBERS = 40
TLS: Final = ssl.create_default_context()
"""Of all plain clients: each would read the certificates of all authorities again, for 40 ms."""
PHONE, DESK = {"width": 360, "height": 760}, {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Whole:
    """A running account, and the people in it."""

    stack: Stack
    people: tuple[Person, ...]
    url: str

    _met: set[str] = field(default_factory=set)
    _running: ClassVar[list["Whole"]] = []

    @classmethod
    def current(cls) -> "Whole":
        """The one of this run, for steps that read a mail on their way."""
        return cls._running[-1]

    def somebody(self, suits: Callable[[Person], bool] = lambda _: True) -> Person:
        """An insured adult who holds a card, so that he can create an account; nobody is given to two journeys."""
        today = Senders(self.stack).now().date()
        adults = (one for one in self.people if one.rank == 1 and one.serial and age(one, today) >= ADULT)
        found = next(one for one in adults if one.person_id not in self._met and suits(one))
        self._met.add(found.person_id)
        return found

    def now(self) -> dt.datetime:
        """The clock of every process."""
        return Senders(self.stack).now()

    def later(self, **span: float) -> None:
        """Move the clock of every process, forward only: what has happened is never in the future."""
        file = Path(self.stack.env_for("identity")["CLOCK_OFFSET_FILE"])
        before = float(file.read_text() or 0) if file.exists() else 0.0
        file.write_text(str(before + dt.timedelta(**span).total_seconds()))

    def site_asks_again(self) -> None:
        """The site asks now and then whether a session still is one: let that time pass."""
        self.later(seconds=CHECKED.total_seconds() + 1)
        time.sleep(0.2)  # a clock looks at its file ten times a second

    def mails(self, to: str) -> list[dict[str, str]]:
        """What the sink holds for an address, newest first."""
        sink = self.stack.env_for("notifications")["MAIL_SINK_URL"]
        found: list[dict[str, str]] = httpx.get(f"{sink}/api/mails", params={"to": to}, verify=TLS).json()
        return found

    def mail(self, mail_id: str) -> dict[str, str]:
        """One mail, its text included."""
        sink = self.stack.env_for("notifications")["MAIL_SINK_URL"]
        found: dict[str, str] = httpx.get(f"{sink}/api/mails/{mail_id}", verify=TLS).json()
        return found


@pytest.fixture(scope="session")
def whole(run_folder: Path) -> Iterator[Whole]:
    """All services, the broker, the database and the sink, with seeded members."""
    pytest_socket.enable_socket()
    with running(run_folder / "whole", only=parts()) as stack:
        senders = Senders(stack)
        today = senders.now().date()
        people = tuple(Families(7, today).people(MEMBERS))
        senders.send("register", (register_line(person, today) for person in people))
        senders.send("vitale-issued", (card_line(person, today) for person in people if person.serial))
        _wait_for_proofs(stack, sum(bool(person.serial) for person in people))
        found = Whole(stack, people, stack.env_for("gateway")["PUBLIC_URL"])
        Whole._running.append(found)
        yield found


def _wait_for_proofs(stack: Stack, cards: int) -> None:
    """Cards tells identity of a card through the topic: until then its number proves nothing to who comes first."""
    deadline = time.monotonic() + 60.0
    with MongoClient[dict[str, object]](stack.mongo_url()) as client:
        commits = client[stack.env_for("identity")["MONGO_DATABASE"]]["commits"]
        while commits.count_documents({"ev.type": "SerialLearned"}) < cards:
            assert time.monotonic() < deadline, "identity has not heard of all cards"
            time.sleep(0.2)


@pytest.fixture(scope="session")
def secrets(whole: Whole) -> dict[str, str]:
    """What the apps of the staff know. Made in a thread: Playwright holds the event loop of this one."""
    with ThreadPoolExecutor(1) as apart:
        return {one.login: one.secret for one in apart.submit(open_staff, whole.stack).result()}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with launched() as chromium:
        yield chromium


@pytest.fixture
def context(browser: Browser, whole: Whole) -> Iterator[BrowserContext]:
    """A visitor with a fresh browser; any request that leaves this machine fails the test."""
    visitor = browser.new_context(base_url=whole.url, locale="fr-FR", viewport=DESK)
    strangers: list[str] = []
    visitor.on("request", lambda request: None if request.url.startswith(whole.url) else strangers.append(request.url))
    yield visitor
    visitor.close()
    assert not strangers


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """The visitor's page."""
    return context.new_page()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Kept after the run."""
    folder = ROOT / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
