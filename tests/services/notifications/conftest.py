"""The notifications service in memory, and a world that takes its mails."""

import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest
from joserfc.jwk import OKPKey
from pydantic import SecretStr

from services.notifications.main import definition, importer
from services.notifications.settings import NotificationsSettings
from shared.feeds import Report
from shared.service import Service
from shared.testing.clock import HandClock
from tests.services.feed_files import Senders, feed_file
from tests.services.in_memory import InMemoryService
from tests.services.notifications.sample import AT

LINK_KEY = bytes(range(32))
SENDERS = {"letters": "printer", "bounces": "mail-relay"}
Feeding = Callable[..., Awaitable[Report]]
PRINTER = OKPKey.generate_key("X25519")


@pytest.fixture
def clock() -> HandClock:
    return HandClock(AT)


@pytest.fixture
def settings(tmp_path: Path) -> NotificationsSettings:
    """As its environment would say them, with a key for links."""
    (tmp_path / "hash_keys.json").write_text(f'{{"link": {{"version": 1, "key": "{LINK_KEY.hex()}"}}}}')
    (tmp_path / "printer.pub").write_bytes(PRINTER.as_pem(private=False))
    return NotificationsSettings(
        mongo_url="mongodb://nowhere",
        mongo_database="none",
        kafka_bootstrap="nowhere:1",
        kafka_password=SecretStr(""),
        secrets_dir=tmp_path,
        var_dir=tmp_path / "var",
        public_url="https://compte.example/",
    )


@pytest.fixture
def senders(tmp_path: Path) -> Senders:
    folder = tmp_path / "senders"
    folder.mkdir()
    return Senders(folder, *SENDERS.values())


@pytest.fixture
def service(clock: HandClock, senders: Senders) -> InMemoryService:
    return InMemoryService(definition(cast("NotificationsSettings", None)), clock, senders.secrets)


@pytest.fixture
def feed(service: InMemoryService, senders: Senders, clock: HandClock) -> Feeding:
    """Takes one file."""
    sequence, taking = iter(range(1, 100)), importer(cast("Service", service))

    async def take(name: str, *lines: dict[str, Any]) -> Report:
        content = feed_file(name, clock.now() - dt.timedelta(minutes=1), *lines, sequence=next(sequence))
        return await taking.take(name, content, senders.sign(SENDERS[name], content))

    return take
