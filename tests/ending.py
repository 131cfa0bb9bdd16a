"""How a run of pytest ends that is told to."""

import signal

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """A run that is told to end stops what its fixtures have started; a worker is its parent's to end."""
    if not hasattr(config, "workerinput"):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
