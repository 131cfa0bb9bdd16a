"""The cards service in memory, and its two senders of files."""

import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest

from services.cards.main import definition, importer
from services.cards.settings import Settings
from shared.feeds import FeedImporter, Report
from shared.service import Service
from shared.testing.clock import HandClock
from tests.services.cards.sample import AT
from tests.services.feed_files import Senders, feed_file
from tests.services.in_memory import InMemoryService

Feeding = Callable[..., Awaitable[Report]]
SENDERS = {"vitale-issued": "vitale-issuer", "vitale-production": "manufacturer"}


@pytest.fixture
def clock() -> HandClock:
    return HandClock(AT)


@pytest.fixture
def senders(tmp_path: Path) -> Senders:
    return Senders(tmp_path, *SENDERS.values())


@pytest.fixture
def service(clock: HandClock, senders: Senders) -> InMemoryService:
    return InMemoryService(definition(cast("Settings", None)), clock, senders.secrets)


@pytest.fixture
def taking(service: InMemoryService) -> FeedImporter:
    return importer(cast("Service", service))


@pytest.fixture
def feed(service: InMemoryService, taking: FeedImporter, senders: Senders, clock: HandClock) -> Feeding:
    """Takes one file, then lets the processes run."""
    sequence = iter(range(1, 100))

    async def take(name: str, *lines: dict[str, Any]) -> Report:
        content = feed_file(name, clock.now() - dt.timedelta(minutes=1), *lines, sequence=next(sequence))
        report = await taking.take(name, content, senders.sign(SENDERS[name], content))
        await service.settle()
        return report

    return take
