"""A terminal at a console in memory."""

import asyncio
from pathlib import Path

import pytest

from services.console.domain.words import Role
from tests.services.console.terminal import Terminal
from tests.services.console.world import World


@pytest.fixture
def terminal(console: World, tmp_path: Path) -> Terminal:
    return Terminal(console, asyncio.run(console.first()), tmp_path / "session")


@pytest.fixture
def operator(terminal: Terminal) -> Terminal:
    return terminal.other(Role.OPERATIONS)
