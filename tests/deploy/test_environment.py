import json

import pytest

from deploy.local.environment import env_for
from deploy.local.plan import External, Plan
from deploy.local.services import SERVICES

CONTRACT = {
    "MONGO_URL",
    "MONGO_DATABASE",
    "KAFKA_BOOTSTRAP",
    "KAFKA_USERNAME",
    "KAFKA_PASSWORD",
    "SECRETS_DIR",
    "SMTP_HOST",
    "SMTP_PORT",
    "MAIL_SINK_URL",
    "CLOCK_OFFSET_FILE",
    "HTTP_HOST",
    "HTTP_PORT",
    "SERVICE_URLS",
    "PUBLIC_URL",
    "VAR_DIR",
    "WITNESS_DIR",
    "TRACE_FILE",
    "WORKS_FILE",
}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_gets_the_whole_contract(plan: Plan, service: str) -> None:
    env = env_for(plan, service)
    assert set(env) == CONTRACT
    assert all(isinstance(value, str) for value in env.values())


def test_a_service_gets_its_own_user_database_and_port(plan: Plan) -> None:
    env = env_for(plan, "cards")
    assert env["MONGO_URL"].startswith("mongodb://cards:cards-password@127.0.0.1:20002/")
    assert env["MONGO_DATABASE"] == "cards"
    assert (env["KAFKA_BOOTSTRAP"], env["KAFKA_USERNAME"], env["KAFKA_PASSWORD"]) == (
        "127.0.0.1:20000",
        "cards",
        "cards-password",
    )
    assert env["HTTP_PORT"] == str(plan.ports["cards"])
    assert env["TRACE_FILE"] == f"{plan.folder}/spans/cards.jsonl"


def test_no_other_password_is_in_it(plan: Plan) -> None:
    words = json.dumps(env_for(plan, "cards"))
    assert not [name for name in plan.passwords if name != "cards" and f"{name}-password" in words]


def test_services_find_each_other_and_the_public_address_is_the_gateways(plan: Plan) -> None:
    env = env_for(plan, "identity")
    urls = json.loads(env["SERVICE_URLS"])
    assert urls == {name: f"http://127.0.0.1:{plan.ports[name]}" for name in SERVICES}
    assert env["PUBLIC_URL"] == urls["gateway"]


def test_a_broker_and_a_database_from_outside_are_passed_on(plan: Plan) -> None:
    outside = plan.model_copy(
        update={"kafka": External(address="broker:9092"), "mongo": External(address="mongodb://db/?replicaSet=rs0")}
    )
    env = env_for(outside, "cards")
    assert (env["KAFKA_BOOTSTRAP"], env["KAFKA_USERNAME"], env["KAFKA_PASSWORD"]) == ("broker:9092", "", "")
    assert env["MONGO_URL"] == "mongodb://db/?replicaSet=rs0"
