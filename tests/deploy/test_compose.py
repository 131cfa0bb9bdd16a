import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local import environment
from deploy.local.plan import Plan
from deploy.local.services import ROOT, SERVICES
from deploy.local.tools import kafka_jars

COMPOSE = ROOT / "deploy" / "compose.yaml"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return found


def test_every_part_is_in_it(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"kafka", "mongo", "mail", "setup", *SERVICES}


def test_every_image_is_pinned(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        _, _, tag = service["image"].partition(":")
        assert tag, name
        assert tag != "latest", name


def test_the_broker_is_the_one_of_the_local_run(compose: dict[str, Any]) -> None:
    assert compose["services"]["kafka"]["image"] == f"apache/kafka:{kafka_jars.VERSION}"
    assert f"<version>{kafka_jars.VERSION}</version>" in kafka_jars.POM.read_text()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_told_what_it_is_told_locally(compose: dict[str, Any], plan: Plan, name: str) -> None:
    service = compose["services"][name]
    assert service["command"] == ["python", "-m", f"services.{name}", "all"]
    assert set(service["environment"]) == set(environment.env_for(plan, name))
    assert service["environment"]["MONGO_DATABASE"] == name
    assert name in service["environment"]["TRACE_FILE"]


def test_every_value_is_a_string(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert all(isinstance(value, str) for value in service.get("environment", {}).values())


def test_services_find_each_other(compose: dict[str, Any]) -> None:
    urls = json.loads(compose["services"]["cards"]["environment"]["SERVICE_URLS"])
    assert urls == {name: f"http://{name}:8000" for name in SERVICES}


def test_what_is_waited_for_exists_and_can_be_waited_for(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        for name, how in service.get("depends_on", {}).items():
            assert name in services
            assert how["condition"] != "service_healthy" or "healthcheck" in services[name]


def test_published_ports_are_this_machines_own(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert len(ports) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_database_is_a_replica_set(compose: dict[str, Any]) -> None:
    mongo = compose["services"]["mongo"]
    assert "--replSet" in mongo["command"]
    assert "replicaSet=rs0" in compose["services"]["cards"]["environment"]["MONGO_URL"]
    assert "rs.initiate" in mongo["healthcheck"]["test"][-1]


def test_every_volume_is_declared(compose: dict[str, Any]) -> None:
    used = {volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", [])}
    assert used == set(compose["volumes"])


def test_the_image_copies_what_exists(compose: dict[str, Any]) -> None:
    lines = compose["services"]["cards"]["build"]["dockerfile_inline"].splitlines()
    copied = [Path(line.split()[1]) for line in lines if line.startswith("COPY")]
    assert copied
    assert all((ROOT / path).exists() for path in copied)
