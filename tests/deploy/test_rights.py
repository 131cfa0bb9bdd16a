"""What a service's own credentials may do, and may not."""

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AclOperation, AdminClient, ConfigResource, ResourceType
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.local.services import PARTITIONS, TOPICS
from deploy.local.stack import Stack
from tests.deploy.clients import consume, produce

pytestmark = pytest.mark.connected

UNAUTHORIZED = 13


def test_cards_produces_to_its_topic_and_identity_reads_it(stack: Stack) -> None:
    assert produce(stack, "cards", "cards.events.v1") is None
    assert produce(stack, "cards", "cards.opposition.v1") is None
    assert consume(stack, "identity", "cards.events.v1", "identity.reactions") == 1


def test_identity_cannot_produce_to_cards_topic(stack: Stack) -> None:
    error = produce(stack, "identity", "cards.events.v1")
    assert error is not None
    assert error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED


def test_identity_cannot_join_a_group_of_cards(stack: Stack) -> None:
    consumer = Consumer({**stack.kafka_config("identity"), "group.id": "cards.reactions"})
    try:
        consumer.subscribe(["cards.events.v1"])
        found = consumer.poll(10)
        assert found is not None
        assert found.error().code() == KafkaError.GROUP_AUTHORIZATION_FAILED
    finally:
        consumer.close()


@pytest.mark.parametrize("topic", ["cards.events.v1", "gateway.events.v1"])
def test_the_gateway_reads_and_writes_nothing(stack: Stack, topic: str) -> None:
    assert AdminClient(stack.kafka_config("gateway")).list_topics(timeout=10).topics == {}
    error = produce(stack, "gateway", topic)
    assert error is not None
    assert error.code() in {KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError.CLUSTER_AUTHORIZATION_FAILED}


def test_a_reader_of_the_opposition_list_reads_that_and_nothing_else(stack: Stack) -> None:
    assert produce(stack, "cards", "cards.opposition.v1") is None
    assert consume(stack, "pharmacy", "cards.opposition.v1", "pharmacy.till") >= 1
    admin = AdminClient(stack.kafka_config("pharmacy"))
    assert set(admin.list_topics(timeout=10).topics) == {"cards.opposition.v1"}
    asked = admin.describe_topics(TopicCollection(["cards.opposition.v1"]), include_authorized_operations=True)
    allowed = set(asked["cards.opposition.v1"].result().authorized_operations)
    assert allowed == {AclOperation.READ, AclOperation.DESCRIBE}


def test_a_wrong_password_reaches_nothing(stack: Stack) -> None:
    wrong = {**stack.kafka_config("cards"), "sasl.password": "guess"}
    with pytest.raises(KafkaException):
        AdminClient(wrong).list_topics(timeout=2)


def test_topics_have_their_partitions_and_keep_everything(stack: Stack) -> None:
    admin = AdminClient(stack.kafka_config())
    found = admin.list_topics(timeout=10).topics
    wide = dict.fromkeys(TOPICS, PARTITIONS) | {"cards.opposition.v1": 1}
    assert {name: len(found[name].partitions) for name in TOPICS} == wide
    wanted = [ConfigResource(ResourceType.TOPIC, name) for name in TOPICS]
    for future in admin.describe_configs(wanted).values():
        assert future.result()["retention.ms"].value == "-1"
        assert future.result()["retention.bytes"].value == "-1"


def test_a_service_opens_its_database_and_the_vault(stack: Stack) -> None:
    with MongoClient(stack.mongo_url("cards")) as mongo:
        mongo["cards"].things.insert_one({"_id": 1})
        mongo["keys"].things.insert_one({"_id": 1})
        assert mongo["cards"].things.find_one() == {"_id": 1}


def test_a_service_cannot_open_the_database_of_another(stack: Stack) -> None:
    with MongoClient(stack.mongo_url("identity")) as mongo:
        for attempt in (mongo["cards"].things.find_one, lambda: mongo["cards"].things.insert_one({})):
            with pytest.raises(OperationFailure) as refused:
                attempt()
            assert refused.value.code == UNAUTHORIZED


def test_nobody_reads_without_a_password(stack: Stack) -> None:
    with MongoClient(f"mongodb://127.0.0.1:{stack.ports['mongo']}/?directConnection=true") as mongo:
        with pytest.raises(OperationFailure) as refused:
            mongo["cards"].things.find_one()
        assert refused.value.code == UNAUTHORIZED
