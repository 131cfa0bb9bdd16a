"""A clock that is moved by hand."""

import pytest

from shared.testing.clock import HandClock
from tests.shared.sign_in.times import NOW


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)
