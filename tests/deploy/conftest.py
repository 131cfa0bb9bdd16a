"""One stack for all connected tests of this folder, and a folder of its own for each test that needs one."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_socket

from deploy.local.plan import Plan
from deploy.local.services import ROOT, SERVICES
from deploy.local.stack import Stack, running


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    names = ("kafka", "kafka-controller", "mongo", "smtp", "mail", *SERVICES)
    return Plan(
        folder=tmp_path,
        ports={name: 20000 + number for number, name in enumerate(names)},
        passwords={name: f"{name}-password" for name in ("admin", *SERVICES)},
    )


@pytest.fixture(scope="session")
def var() -> Iterator[Path]:
    parent = ROOT / "var"
    parent.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="deploy-tests-", dir=parent))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def ports_may_be_tried() -> None:
    """Picking a free port binds it for a moment, on this machine alone: the one socket of a fast test."""
    pytest_socket.enable_socket()


@pytest.fixture(scope="session")
def stack(var: Path) -> Iterator[Stack]:
    with running(var / "stack", only={"kafka", "mongo", "mail"}) as found:
        yield found
