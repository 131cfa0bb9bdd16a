"""The console in memory: its real rules, acts and pages; services that answer from a book; a browser that signs in."""

import contextlib
import datetime as dt
import functools
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pyotp
from fastapi import FastAPI

from services.console.access.keys import MemoryKeyRing
from services.console.acts import accounts
from services.console.acts.office import By, Office
from services.console.clients.lines import Lines
from services.console.domain.ids import StaffId
from services.console.domain.words import Role
from services.console.drafts import State
from services.console.main import build_site, definition
from services.console.pages.site import Site, assets_of_site, templates_of_site
from services.console.settings import ConsoleSettings
from shared.problems import ProblemCatalogue
from shared.sign_in.gates import Gatekeeper
from shared.sign_in.hashing import CodeHasher
from shared.sign_in.stores import MemoryTries
from shared.testing.clock import HandClock
from shared.web.csrf import Csrf
from shared.web.limits import Limits
from shared.web.rendering import Templates
from shared.web.sessions import Sessions
from tests.services.console.services import Services
from tests.services.in_memory import InMemoryService, Settings
from tests.web import MemoryCounters, MemorySessions, Page, WebBrowser

NOW = dt.datetime(2026, 11, 29, 9, 0, tzinfo=dt.UTC)
ORIGIN = "https://console.exemple.fr"
CODE = "une phrase bien longue"


@functools.cache
def _templates() -> Templates:
    return templates_of_site(assets_of_site())


class Person:
    """Somebody of the staff, with his login, code and app."""

    def __init__(self, login: str, role: Role, staff_id: StaffId, secret: str) -> None:
        self.login, self.role, self.staff_id = login, role, staff_id
        self._app = pyotp.TOTP(secret)

    def otp(self, now: dt.datetime) -> str:
        return self._app.at(now)


@dataclass
class World:
    """One console."""

    service: InMemoryService
    office: Office
    clock: HandClock
    sessions: MemorySessions
    ring: MemoryKeyRing
    app: FastAPI
    site: Site
    services: Services

    def by(self, person: Person, cmd: str = "") -> By:
        """An act of this person."""
        cmd = cmd or str(uuid.uuid4())
        return By(person.staff_id, person.role, cmd, cmd)

    async def first(self, login: str = "chef") -> Person:
        """The first supervisor."""
        cmd = str(uuid.uuid4())
        shell = By(StaffId("shell"), Role.SUPERVISOR, cmd, cmd)
        invited = await accounts.add_first(self.office, shell, login, "first account")
        return await self._join(login, Role.SUPERVISOR, invited)

    async def staff(self, role: Role, login: str = "", by: Person | None = None) -> Person:
        """Somebody who was invited by the first supervisor, or by another, and has joined."""
        login = login or role.value
        inviter = by or await self.first(f"chef-{login}")
        until = self.clock.now() + dt.timedelta(days=30) if role is Role.AUDITOR else None
        invited = await accounts.invite(self.office, self.by(inviter), login, role, "a new colleague", until)
        return await self._join(login, role, invited)

    async def _join(self, login: str, role: Role, invited: accounts.Invited) -> Person:
        joining = await accounts.open_invitation(self.office, invited.token)
        person = Person(login, role, invited.staff_id, joining.secret)
        cmd = str(uuid.uuid4())
        by = By(person.staff_id, role, cmd, cmd)
        await accounts.join(self.office, by, invited.token, CODE, person.otp(self.clock.now()))
        self.clock.move(30)  # the app's next code
        return person

    def browser(self) -> "Browser":
        return Browser(self)


class Browser(WebBrowser):
    """A browser at the console."""

    def __init__(self, world: World) -> None:
        super().__init__(world.app, ORIGIN, {})
        self.world = world

    async def sign_in(self, person: Person) -> Page:
        self.world.clock.move(30)
        return await self.fill("/connexion", login=person.login, code=CODE, otp=person.otp(self.world.clock.now()))


def settings(origin: str = ORIGIN, **values: Any) -> ConsoleSettings:
    """Fast hashes, no waiting."""
    return ConsoleSettings(
        mongo_url="memory",
        mongo_database="memory",
        kafka_bootstrap="memory",
        secrets_dir=Path("nowhere"),
        public_url=origin,
        answer_seconds=0,
        argon2_memory_kib=64,
        **values,
    )


def world(
    channels: dict[str, Any] | None = None, origin: str = ORIGIN, services: Services | None = None, **values: Any
) -> World:
    """A console on stores in memory."""
    clock, known = HandClock(NOW), settings(origin, **values)
    keys = Settings(None)
    service = InMemoryService(definition(cast("ConsoleSettings", keys)), clock)
    service.settings = keys
    hasher = CodeHasher(b"pepper", memory_kib=64, at_once=1, waiting=8)
    ring, rows, services = MemoryKeyRing(), MemorySessions(), services or Services()
    logins = keys.blind("login")
    office = Office(cast("Any", service), ring, hasher, Gatekeeper(MemoryTries(), clock), logins, known, clock)
    site = Site(
        settings=known,
        clock=clock,
        sessions=Sessions(
            rows,
            clock,
            State,
            "console",
            idle=known.session_idle,
            absolute=known.session_absolute,
            draft=known.draft_idle,
        ),
        csrf=Csrf(b"k" * 32, origin),
        limits=Limits(MemoryCounters(), clock, b"o" * 32, known.posts_per_10_minutes),
        templates=_templates(),
        office=office,
        lines=Lines(channels or services.channels(clock)),
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield

    async def ready() -> dict[str, bool]:
        return {"memory": True}

    verifier = service.app([], ProblemCatalogue()).state.verifier
    app = build_site(site, site.templates.assets, [], lifespan, ready, verifier)
    return World(service, office, clock, rows, ring, app, site, services)
