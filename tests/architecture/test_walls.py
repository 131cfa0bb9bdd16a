"""The real tree keeps every wall of .importlinter, and each wall is seen to fail when it is broken on a copy."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("services", "shared", "deploy")
LISTS = (".importlinter", "tests/architecture/pure.py")

CONFIG = ConfigParser()
CONFIG.read(ROOT / ".importlinter")
SECTIONS = {name.removeprefix("importlinter:contract:"): CONFIG[name] for name in CONFIG.sections() if ":" in name}

# contract → (file, line added to it): each line alone breaks the wall.
BREAKS = {
    "independent-services": [
        ("services/cards/domain/vitale.py", "import services.identity.domain.person"),
        ("services/identity/read_models/profile.py", "from services.cards.domain import events"),
        ("services/gateway/devices.py", "import services.cards.domain.ids"),
        ("services/cards/settings.py", "import services.gateway.settings"),
    ],
    "shared-without-services": [("shared/relay.py", "from services.cards.domain import events")],
    "nothing-needs-deploy": [
        ("shared/settings.py", "from deploy.local import plan"),
        ("services/cards/main.py", "import deploy.local.ports"),
    ],
    "business-service": [
        ("services/cards/domain/events.py", "import services.cards.api"),
        ("services/cards/domain/vitale.py", "import services.cards.settings"),
        ("services/cards/read_models/my_vitale.py", "import services.cards.processes.vitale_replacement"),
        ("services/cards/inbound.py", "import services.cards.main"),
        ("services/cards/utils.py", '"""A place for anything."""'),
    ],
    "edge-gateway": [
        ("services/gateway/clients/cards.py", "import services.gateway.pages.visit"),
        ("services/gateway/utils.py", '"""A place for anything."""'),
    ],
    "edge-console": [
        ("services/console/acts/doors.py", "import services.console.pages.words"),
        ("services/console/domain/work.py", "import services.console.settings"),
        ("services/console/utils.py", '"""A place for anything."""'),
    ],
    "pure": [
        ("services/cards/domain/vitale.py", "import motor.motor_asyncio"),
        ("services/cards/domain/vitale.py", "import shared.clock"),
        ("services/identity/domain/ids.py", "import random"),
        ("services/cards/read_models/my_vitale.py", "import os"),
        ("services/cards/processes/vitale_replacement.py", "import httpx"),
        ("shared/testing/spec.py", "import pytest"),
    ],
    "pure-lifecycles": [
        ("shared/lifecycles/draws.py", "import random"),
        ("shared/lifecycles/conformance.py", "import shared.clock"),
    ],
    "pure-kernel": [
        ("shared/kernel.py", "import structlog"),
        ("shared/kernel.py", "import shared.canonical"),
    ],
    "pure-deadlines": [
        ("shared/deadlines.py", "import shared.clock"),
        ("shared/numbers.py", "import shared.personal_data"),
    ],
    "shared-layers": [
        ("shared/canonical.py", "import shared.clock"),
        ("shared/messaging.py", "import shared.relay"),
        ("shared/mongo.py", "import shared.envelope"),
        ("shared/utils.py", '"""A place for anything."""'),
    ],
    "no-cycles": [
        ("shared/topics.py", "import shared.relay"),
        ("services/cards/domain/ids.py", "import services.cards.domain.vitale"),
    ],
    "one-door-to-mongodb": [
        ("shared/relay.py", "import motor.motor_asyncio"),
        ("services/identity/settings.py", "from pymongo import MongoClient"),
        ("deploy/local/plan.py", "import pymongo"),
    ],
    "no-bson": [("shared/codec.py", "from bson import Binary")],
    "faust-tamed": [
        ("shared/reactor.py", "import faust"),
        ("services/cards/main.py", "from faust import App"),
    ],
    "doors-to-kafka": [
        ("shared/parking.py", "from aiokafka import AIOKafkaConsumer"),
        ("services/cards/api.py", "import aiokafka"),
    ],
    "kafka-administration": [("shared/topics.py", "import confluent_kafka")],
}
CASES = [(contract, *place) for contract, places in BREAKS.items() for place in places]


def lint(tree: Path, cache: Path) -> tuple[int, str]:
    """What `lint-imports` says of a tree, in one line for each contract."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--cache-dir", str(cache)]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, env={"COLUMNS": "200"})
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("tree")
    ignored = shutil.ignore_patterns("__pycache__", "static", "theme", "templates")
    for folder in COPIED:
        shutil.copytree(ROOT / folder, tree / folder, ignore=ignored)
    for file in LISTS:
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tree / file)
    return tree


@pytest.fixture
def broken(copy: Path, file: str, line: str) -> Iterator[Path]:
    place = copy / file
    before = place.read_text() if place.exists() else None
    place.write_text(f"{before or ''}\n{line}\n")
    yield copy
    if before is None:
        place.unlink()
    else:
        place.write_text(before)


def test_the_real_tree_keeps_every_wall() -> None:
    code, output = lint(ROOT, ROOT / "var/cache/import-linter")
    assert code == 0, output
    assert f"Contracts: {len(SECTIONS)} kept, 0 broken." in output


def test_every_wall_is_broken_once_below() -> None:
    assert set(BREAKS) == set(SECTIONS)


@pytest.mark.slow
@pytest.mark.parametrize(("contract", "file", "line"), CASES, ids=[f"{case[0]}: {case[1]}" for case in CASES])
def test_a_broken_wall_is_named(broken: Path, contract: str, line: str) -> None:
    code, output = lint(broken, broken.parent / "cache")
    assert code == 1
    assert f"{SECTIONS[contract]['name']} BROKEN" in output, f"{line} went through:\n{output}"


def test_every_service_stands_in_one_layout() -> None:
    listed = [
        container
        for section in SECTIONS.values()
        if section["type"] == "layers"
        for container in section["containers"].split()
        if container.startswith("services.")
    ]
    assert sorted(listed) == sorted(f"services.{folder.parent.name}" for folder in ROOT.glob("services/*/__init__.py"))


@pytest.mark.parametrize("root", COPIED)
def test_no_module_hides_in_a_folder_that_import_linter_does_not_see(root: str) -> None:
    folders = {file.parent for file in (ROOT / root).rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []
