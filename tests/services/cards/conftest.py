"""The cards service in memory, and its two senders of files."""

import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.cards.domain.ceam_words import CeamRules
from services.cards.main import definition, importer
from services.cards.settings import EUROPE, Settings
from shared.feeds import FeedImporter, Report
from shared.service import Service
from shared.testing.clock import HandClock
from tests.services.cards.sample import AT
from tests.services.feed_files import Senders, feed_file
from tests.services.in_memory import InMemoryService, _jwk
from tests.services.in_memory import Settings as InMemorySettings

Feeding = Callable[..., Awaitable[Report]]
SENDERS = {
    "vitale-issued": "vitale-issuer",
    "vitale-production": "manufacturer",
    "vitale-uses": "terminals",
    "vitale-updates": "terminals",
    "ceam-production": "manufacturer",
}

READER, SEAL = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


class CardsSettings(InMemorySettings):
    """What the routes ask of the settings."""

    def opposition_readers(self) -> dict[str, Any]:
        """One reader, whose key the tests hold."""
        return {"keys": [_jwk("pharmacy", READER)]}

    public_url = "https://compte.example"
    institution = "08 835 0300"
    ceam_countries = EUROPE
    ceam_nationals_only = ("CH",)
    ceam_days_before_departure = 15
    ceam_renewal_window_days = 90

    def private_key(self, _: str) -> str:
        """Of the codes on documents."""
        return SEAL.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    @property
    def ceam_rules(self) -> CeamRules:
        """As they are by default."""
        return CeamRules(countries=frozenset(EUROPE))


@pytest.fixture
def clock() -> HandClock:
    return HandClock(AT)


@pytest.fixture
def senders(tmp_path: Path) -> Senders:
    return Senders(tmp_path, *SENDERS.values())


@pytest.fixture
def service(clock: HandClock, senders: Senders) -> InMemoryService:
    made = InMemoryService(definition(cast("Settings", None)), clock, senders.secrets)
    made.settings = CardsSettings(senders.secrets)
    return made


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
