"""A run that is told to end stops what its fixtures have started, and so does one in which a test hangs."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.local.services import ROOT

LIKE_A_STACK = """
import pathlib, time, pytest

@pytest.fixture(scope="session")
def stack():
    yield
    pathlib.Path("stopped").touch()

def test_waits(stack):
    pathlib.Path("started").touch()
    time.sleep(120)
"""


def run(folder: Path, *options: str) -> subprocess.Popen[str]:
    """pytest on one test that waits."""
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_it.py").write_text(LIKE_A_STACK)
    command = [sys.executable, "-m", "pytest", "-p", "tests.ending", "-p", "pytest_timeout", *options, "test_it.py"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)


def test_a_run_that_is_told_to_end_stops_what_it_has_started(tmp_path: Path) -> None:
    with run(tmp_path) as running:
        while not (tmp_path / "started").exists():
            assert running.poll() is None
            time.sleep(0.05)
        running.send_signal(signal.SIGTERM)
        running.communicate()
    assert running.returncode == pytest.ExitCode.INTERRUPTED
    assert (tmp_path / "stopped").exists()


def test_a_test_that_hangs_fails_and_stops_what_it_has_started(tmp_path: Path) -> None:
    with run(tmp_path, "--timeout=5") as running:
        said, _ = running.communicate()
    assert running.returncode == pytest.ExitCode.TESTS_FAILED
    assert "Timeout (>5.0s)" in said
    assert (tmp_path / "stopped").exists()
