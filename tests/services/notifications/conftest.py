"""The notifications service in memory, and a world that takes its mails."""

from pathlib import Path
from typing import cast

import pytest
from pydantic import SecretStr

from services.notifications.main import definition
from services.notifications.settings import NotificationsSettings
from shared.testing.clock import HandClock
from tests.services.in_memory import InMemoryService
from tests.services.notifications.sample import AT

LINK_KEY = bytes(range(32))


@pytest.fixture
def clock() -> HandClock:
    return HandClock(AT)


@pytest.fixture
def settings(tmp_path: Path) -> NotificationsSettings:
    """As its environment would say them, with a key for links."""
    (tmp_path / "hash_keys.json").write_text(f'{{"link": {{"version": 1, "key": "{LINK_KEY.hex()}"}}}}')
    return NotificationsSettings(
        mongo_url="mongodb://nowhere",
        mongo_database="none",
        kafka_bootstrap="nowhere:1",
        kafka_password=SecretStr(""),
        secrets_dir=tmp_path,
        public_url="https://compte.example/",
    )


@pytest.fixture
def service(clock: HandClock) -> InMemoryService:
    return InMemoryService(definition(cast("NotificationsSettings", None)), clock)
