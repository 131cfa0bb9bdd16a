from pathlib import Path

import pytest
from pydantic import ValidationError

from deploy.local.plan import Plan
from deploy.local.ports import HIGHEST, LOWEST
from deploy.local.services import SERVICES

pytestmark = pytest.mark.usefixtures("ports_may_be_tried")


def test_a_plan_has_a_port_for_every_part_and_a_password_for_every_user(tmp_path: Path) -> None:
    plan = Plan.make(tmp_path / "stack", {}, {})
    assert set(plan.ports) == {"kafka", "kafka-controller", "mongo", "smtp", "mail", *SERVICES}
    assert len(set(plan.ports.values())) == len(plan.ports)
    assert all(LOWEST <= port <= HIGHEST for port in plan.ports.values())
    assert set(plan.passwords) == {"admin", "pharmacy", *SERVICES}
    assert len(set(plan.passwords.values())) == len(plan.passwords)


def test_the_second_time_it_is_the_same(tmp_path: Path) -> None:
    assert Plan.make(tmp_path, {}, {}) == Plan.make(tmp_path, {}, {"gateway": 8080})


def test_a_service_that_is_added_later_gets_its_port_and_password(tmp_path: Path) -> None:
    whole = Plan.make(tmp_path, {}, {})
    without = {name: port for name, port in whole.ports.items() if name != "geo"}
    whole.model_copy(update={"ports": without, "passwords": {"admin": "kept"}}).write()
    again = Plan.make(tmp_path, {}, {})
    assert again.ports == {**without, "geo": again.ports["geo"]}
    assert again.passwords["admin"] == "kept"
    assert again.passwords["geo"]


def test_what_the_environment_names_is_used(tmp_path: Path) -> None:
    given = {"KAFKA_BOOTSTRAP": "broker:9092", "KAFKA_USERNAME": "me", "MONGO_URL": "mongodb://db/?replicaSet=rs0"}
    plan = Plan.make(tmp_path, given, {})
    assert plan.kafka is not None
    assert plan.mongo is not None
    assert (plan.kafka.address, plan.kafka.username, plan.kafka.password) == ("broker:9092", "me", "")
    assert plan.mongo.address == given["MONGO_URL"]


def test_an_empty_variable_names_nothing(tmp_path: Path) -> None:
    plan = Plan.make(tmp_path, {"KAFKA_BOOTSTRAP": "", "MONGO_URL": ""}, {})
    assert plan.kafka is None
    assert plan.mongo is None


def test_only_the_owner_reads_the_passwords(tmp_path: Path) -> None:
    Plan.make(tmp_path / "stack", {}, {})
    assert (tmp_path / "stack").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "stack" / "stack.json").stat().st_mode & 0o777 == 0o600


def test_a_moved_part_remembers_its_new_port(plan: Plan) -> None:
    moved = plan.moved("mail")
    assert moved.ports["mail"] != plan.ports["mail"]
    assert Plan.read(plan.folder) == moved


def test_a_plan_does_not_change(plan: Plan) -> None:
    with pytest.raises(ValidationError):
        plan.owner = "x"  # type: ignore[misc]
