"""The geo service in memory, and its importer on it."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import cast

import pytest

from services.geo.directory.importing import Importer
from services.geo.directory.staging import Base
from services.geo.domain.facts import Source
from services.geo.main import definition
from services.geo.read_models.places import places
from services.geo.settings import Settings
from shared.testing.clock import HandClock
from tests.services.geo.sample import AT, Secrets
from tests.services.in_memory import InMemoryService


@pytest.fixture
def clock() -> HandClock:
    return HandClock(AT)


@pytest.fixture
def service(clock: HandClock) -> InMemoryService:
    return InMemoryService(definition(cast("Settings", Secrets())), clock)


@pytest.fixture
def importer(service: InMemoryService, tmp_path: Path) -> Importer:
    async def bases(source: Source) -> AsyncIterator[Sequence[Base]]:
        found = (await service.queries.all(places)).values()
        yield [
            Base.of(one.place_id, one.fingerprint, one.version, one.listing_id) for one in found if one.source is source
        ]

    return Importer(service, bases, bytes(32), tmp_path / "staging", most_delisted=0.2, batch=20)
