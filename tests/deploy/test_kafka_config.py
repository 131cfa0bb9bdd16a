import re
from pathlib import Path

from confluent_kafka.admin import AclOperation, ResourcePatternType, ResourceType

from deploy.local import services
from deploy.local.components.kafka import format_arguments, properties
from deploy.local.components.kafka_admin import client_config, rights_of
from deploy.local.components.mongo_admin import roles_of
from deploy.local.plan import External, Plan


def settings(plan: Plan) -> dict[str, str]:
    return dict(line.split("=", 1) for line in properties(plan).splitlines())


def test_clients_need_a_password_and_rights(plan: Plan) -> None:
    found = settings(plan)
    assert found["listener.security.protocol.map"] == "CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT"
    assert found["listeners"] == "CLIENTS://127.0.0.1:20000,CONTROLLER://127.0.0.1:20001"
    assert found["sasl.enabled.mechanisms"] == "SCRAM-SHA-256"
    assert found["authorizer.class.name"].endswith("StandardAuthorizer")
    assert found["allow.everyone.if.no.acl.found"] == "false"
    assert found["auto.create.topics.enable"] == "false"
    assert 'username="admin" password="admin-password"' in found["listener.name.clients.scram-sha-256.sasl.jaas.config"]


def test_no_cluster_id_can_be_taken_for_an_option(plan: Plan) -> None:
    words = format_arguments(plan, Path("server.properties")).split()
    assert re.fullmatch(r"--cluster-id=[\w-]{22}", words[2])
    assert all(word.startswith("--") for word in words[2:])


def test_data_is_kept_in_the_folder_of_the_stack(plan: Plan) -> None:
    assert settings(plan)["log.dirs"] == f"{plan.folder}/kafka/data"


def test_one_node_keeps_one_copy_of_its_own_topics(plan: Plan) -> None:
    found = settings(plan)
    assert found["offsets.topic.replication.factor"] == "1"
    assert found["transaction.state.log.replication.factor"] == "1"
    assert found["transaction.state.log.min.isr"] == "1"


def test_a_service_writes_to_its_own_topics_only() -> None:
    writes = [right for right in rights_of("cards") if right.operation == AclOperation.WRITE]
    assert [(right.name, right.resource_pattern_type, right.principal) for right in writes] == [
        ("cards.", ResourcePatternType.PREFIXED, "User:cards")
    ]


def test_a_service_reads_everybodys_events_and_no_more() -> None:
    reads = {
        right.name
        for right in rights_of("cards")
        if right.restype == ResourceType.TOPIC and right.operation == AclOperation.READ
    }
    assert reads == {"cards.", *services.EVENT_TOPICS}


def test_a_service_joins_its_own_groups_only() -> None:
    groups = [right for right in rights_of("geo") if right.restype == ResourceType.GROUP]
    assert [(right.name, right.resource_pattern_type) for right in groups] == [("geo.", ResourcePatternType.PREFIXED)]


def test_the_gateway_has_no_topic() -> None:
    assert "gateway" not in services.EVENT_OWNERS
    assert services.TOPICS == (
        "identity.events.v1",
        "reimbursements.events.v1",
        "cards.events.v1",
        "notifications.events.v1",
        "geo.events.v1",
        "console.events.v1",
        "identity.checkpoints.v1",
        "reimbursements.checkpoints.v1",
        "cards.checkpoints.v1",
        "notifications.checkpoints.v1",
        "geo.checkpoints.v1",
        "console.checkpoints.v1",
        "cards.opposition.v1",
    )


def test_a_service_opens_its_own_database_and_the_vault() -> None:
    assert roles_of("cards") == [{"role": "readWrite", "db": "cards"}, {"role": "readWrite", "db": "keys"}]


def test_without_a_user_name_a_client_uses_no_password(plan: Plan) -> None:
    outside = plan.model_copy(update={"kafka": External(address="broker:9092")})
    assert client_config(outside, "cards") == {"bootstrap.servers": "broker:9092", "log_level": 0}
    assert client_config(plan, "cards")["sasl.username"] == "cards"
