"""The identity service in memory, its reception with fast hashes, and the register's sender."""

import datetime as dt
import inspect
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast

import pytest
from httpx import ASGITransport, AsyncClient, Response

from services.identity.access.desk import Desk, Indexes
from services.identity.access.links import LinkTokens
from services.identity.access.memory import memory_stores
from services.identity.api import routers
from services.identity.api.problems import PROBLEMS
from services.identity.domain import commands as c
from services.identity.domain.ids import CardId
from services.identity.inbound.register import register_feed
from services.identity.main import definition
from services.identity.settings import IdentitySettings
from shared.envelope import Metadata
from shared.feeds import FeedImporter, Report
from shared.feeds.entry import sender_key
from shared.service import Service
from shared.sign_in.hashing import CodeHasher
from shared.testing.clock import HandClock
from tests.services.feed_files import Senders, feed_file
from tests.services.identity.examples import CLAIRE, CREATED, LINE, LINK_SENT, NOW, SERIAL, VALIDATED
from tests.services.in_memory import InMemoryService, MemoryFiles, Settings

Feeding = Callable[..., Awaitable[Report]]


class CountingHasher(CodeHasher):
    """Says how much work was done."""

    verified = 0
    hashed = 0

    async def hash(self, code: str) -> str:
        self.hashed += 1
        return await super().hash(code)

    async def verify(self, code: str, kept: str | None) -> bool:
        self.verified += 1
        return await super().verify(code, kept)


class Noting:
    """Another one's calls, each noted with its first argument."""

    def __init__(self, inner: Any, steps: list[tuple[str, Any]]) -> None:
        self._inner = inner
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not inspect.iscoroutinefunction(found):
            return found

        async def noted(*args: Any, **kwargs: Any) -> Any:
            self._steps.append((name, args[0] if args else None))
            return await found(*args, **kwargs)

        return noted


@pytest.fixture
def steps() -> list[tuple[str, Any]]:
    """What the stores and the service were asked, where a test lets `noted_desk` stand for the desk."""
    return []


@pytest.fixture
def noted_desk(desk: Desk, steps: list[tuple[str, Any]]) -> Desk:
    stores = {one.name: getattr(desk.stores, one.name) for one in fields(desk.stores) if one.name != "prepare"}
    watched = replace(desk.stores, **{name: Noting(store, steps) for name, store in stores.items()})
    gates = Noting(desk.service, steps)
    return replace(desk, stores=watched, service=cast("Any", gates))


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)


@pytest.fixture
def senders(tmp_path: Path) -> Senders:
    return Senders(tmp_path, "register")


@pytest.fixture
def settings(senders: Senders) -> IdentitySettings:
    return IdentitySettings(
        mongo_url="memory",
        mongo_database="memory",
        kafka_bootstrap="memory",
        secrets_dir=senders.secrets,
        answer_seconds=0,
        argon2_memory_kib=64,
    )


@pytest.fixture
def service(clock: HandClock, senders: Senders) -> InMemoryService:
    keys = Settings(senders.secrets)
    found = InMemoryService(definition(cast("IdentitySettings", keys)), clock, senders.secrets)
    found.settings = keys
    return found


@pytest.fixture
def hasher(settings: IdentitySettings) -> CountingHasher:
    return CountingHasher(b"pepper", memory_kib=settings.argon2_memory_kib, at_once=1, waiting=8)


@pytest.fixture
def desk(service: InMemoryService, settings: IdentitySettings, hasher: CountingHasher, clock: HandClock) -> Desk:
    indexes = Indexes(*(service.blind(purpose) for purpose in ("nir", "email", "serial", "iban", "origin")))
    links = LinkTokens(service.settings.hash_key("link")[1])
    return Desk(service, memory_stores(), hasher, indexes, links, settings, clock)


@pytest.fixture
def importer(service: InMemoryService, senders: Senders, clock: HandClock) -> FeedImporter:
    feed = register_feed(refuse_zero_parts=False)
    return FeedImporter(service, [feed], {"register": sender_key(senders.secrets, "register")}, clock)


@pytest.fixture
def feed(importer: FeedImporter, senders: Senders, clock: HandClock) -> Feeding:
    """Takes the register's next file."""
    sequence = iter(range(1, 100))

    async def take(*lines: dict[str, Any]) -> Report:
        content = feed_file("register", clock.now() - dt.timedelta(minutes=1), *lines, sequence=next(sequence))
        return await importer.take("register", content, senders.sign("register", content))

    return take


@pytest.fixture
async def known(service: InMemoryService, feed: Feeding) -> str:
    """Claire is in the register and holds a card; her id."""
    await feed(LINE)
    await learn(service, CLAIRE, SERIAL)
    return CLAIRE


async def learn(service: InMemoryService, person_id: Any, serial: str) -> None:
    proof = service.blind("serial").of(serial)
    card = CardId(str(uuid.uuid4()))
    command = c.LearnSerial(at=NOW, person_id=person_id, card_id=card, serial_proof=proof)
    meta = Metadata(pk=person_id, actor="cards", actor_kind="process", correlation_id=str(uuid.uuid4()))
    await service.handle(f"person:{person_id}", command, cmd=str(uuid.uuid4()), meta=meta)


async def open_account(service: InMemoryService, *, validated: bool = True) -> None:
    """Claire has an account."""
    await service.happened(f"account:{CLAIRE}", CREATED, LINK_SENT, *([VALIDATED] if validated else []))


class Site:
    """The members' site, as identity sees it: a client with the tokens of an edge."""

    def __init__(self, service: InMemoryService, client: AsyncClient) -> None:
        self._service = service
        self._client = client

    async def post(
        self,
        path: str,
        body: dict[str, Any],
        *,
        member: str | None = None,
        cmd: str | None = None,
        origin: str = "",
        device: str = "",
        session: str = "browser-1",
        stepped_up: bool = False,
    ) -> Response:
        token = self._service.token(member, session=session, stepped_up=stepped_up)
        headers = {"Idempotency-Key": cmd or str(uuid.uuid4()), "X-Origin": origin}
        named = {"X-Device": device, "X-Device-Name": "Firefox sur Windows"} if device else {}
        return await self._client.post(path, json=body, headers={**token, **headers, **named})

    async def get(self, path: str, member: str | None = None, *, stepped_up: bool = False, **headers: str) -> Response:
        token = self._service.token(member, stepped_up=stepped_up)
        return await self._client.get(path, headers={**token, **headers})


@pytest.fixture
def files() -> MemoryFiles:
    return MemoryFiles()


@pytest.fixture
async def client(
    service: InMemoryService, desk: Desk, importer: FeedImporter, files: MemoryFiles
) -> AsyncIterator[AsyncClient]:
    async with served(service, desk, importer, files) as found:
        yield found


def served(service: InMemoryService, desk: Desk, importer: FeedImporter, files: MemoryFiles) -> AsyncClient:
    app = service.app(routers(cast("Service", service), desk, importer, files), PROBLEMS)
    return AsyncClient(transport=ASGITransport(app), base_url="http://identity")


@pytest.fixture
def site(service: InMemoryService, client: AsyncClient) -> Site:
    return Site(service, client)


@pytest.fixture
async def noted_site(
    service: InMemoryService, noted_desk: Desk, importer: FeedImporter, files: MemoryFiles
) -> AsyncIterator[Site]:
    """The same; `steps` says what it asks."""
    async with served(service, noted_desk, importer, files) as client:
        yield Site(service, client)
