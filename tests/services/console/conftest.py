"""One console for each test."""

import pytest

from tests.services.console.world import World, world


@pytest.fixture
def console() -> World:
    return world()
