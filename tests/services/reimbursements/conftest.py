"""The reimbursements service in memory, its sender of files, and a member who asks."""

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from services.reimbursements.main import CATALOGUE, definition, importer, routes
from services.reimbursements.settings import Settings
from shared.feeds import FeedImporter, Report
from shared.service import Service
from shared.testing.clock import HandClock
from tests.services.feed_files import Senders, feed_file
from tests.services.in_memory import InMemoryService
from tests.services.in_memory import Settings as MadeUp
from tests.services.reimbursements.sample import AT, MEMBER

Feeding = Callable[..., Awaitable[Report]]


@pytest.fixture
def clock() -> HandClock:
    return HandClock(AT)


@pytest.fixture
def senders(tmp_path: Path) -> Senders:
    return Senders(tmp_path, "settlement")


@pytest.fixture
def service(clock: HandClock, senders: Senders) -> InMemoryService:
    keys = MadeUp(senders.secrets)
    found = InMemoryService(definition(cast("Settings", keys)), clock, senders.secrets)
    found.settings = keys
    return found


@pytest.fixture
def taking(service: InMemoryService) -> FeedImporter:
    return importer(cast("Service", service))


@pytest.fixture
def feed(taking: FeedImporter, senders: Senders, clock: HandClock) -> Feeding:
    """Takes one file."""
    sequence = iter(range(1, 1000))

    async def take(*lines: dict[str, Any]) -> Report:
        content = feed_file("settlements", clock.now() - dt.timedelta(minutes=1), *lines, sequence=next(sequence))
        return await taking.take("settlements", content, senders.sign("settlement", content))

    return take


@pytest.fixture
async def http(service: InMemoryService) -> AsyncIterator[httpx.AsyncClient]:
    app = service.app(routes(cast("Service", service)), CATALOGUE)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = dict(service.token(MEMBER))
    async with httpx.AsyncClient(transport=transport, base_url="http://money", headers=headers) as client:
        yield client
