"""What the base relies on in its broker: rights per service, and how our clients are set."""

import pytest
from aiokafka.errors import GroupAuthorizationFailedError, KafkaConnectionError, TopicAuthorizationFailedError

from deploy.local.stack import Stack
from shared.kafka import KafkaAccess, KafkaError, topic_of


@pytest.fixture
def identity(stack: Stack) -> KafkaAccess:
    config = stack.kafka_config("identity")
    if "sasl.username" not in config:
        pytest.skip("the broker is somebody else's, and knows no users")
    if config["sasl.username"] != "identity":
        pytest.skip("the broker is somebody else's, with one user for all")
    return KafkaAccess(*(str(config[name]) for name in ("bootstrap.servers", "sasl.username", "sasl.password")))


async def produce(access: KafkaAccess, topic: str) -> None:
    producer = access.producer()
    try:
        await producer.start()
        await producer.send_and_wait(topic, b"{}")
    finally:
        await producer.stop()


async def consume(access: KafkaAccess, topic: str, group: str) -> None:
    consumer = access.consumer(topic, group=group)
    try:
        await consumer.start()
        await consumer.getmany(timeout_ms=100)
    finally:
        await consumer.stop()


@pytest.mark.connected
async def test_a_service_writes_to_its_own_topic_idempotently(identity: KafkaAccess) -> None:
    await produce(identity, topic_of("identity"))


@pytest.mark.connected
async def test_a_service_cannot_write_to_anothers_topic(identity: KafkaAccess) -> None:
    with pytest.raises(TopicAuthorizationFailedError):
        await produce(identity, topic_of("cards"))


@pytest.mark.connected
async def test_a_service_reads_anothers_topic_in_a_group_of_its_own_only(identity: KafkaAccess) -> None:
    await consume(identity, topic_of("cards"), "identity.reactions")
    with pytest.raises(GroupAuthorizationFailedError):
        await consume(identity, topic_of("cards"), "cards.reactions")


@pytest.mark.connected
async def test_a_wrong_password_lets_nobody_in(identity: KafkaAccess) -> None:
    stranger = KafkaAccess(identity.bootstrap, identity.username, "a wrong one")
    with pytest.raises(KafkaConnectionError):
        await produce(stranger, topic_of("identity"))


def test_an_error_of_the_client_is_one_that_the_relay_outlives() -> None:
    assert issubclass(TopicAuthorizationFailedError, KafkaError)
    assert issubclass(KafkaConnectionError, KafkaError)


def test_access_shows_no_password() -> None:
    access = KafkaAccess("127.0.0.1:9092", "identity", "canary")
    assert "canary" not in repr(access)
    assert access.client_options()["sasl_plain_password"] == "canary"
    assert KafkaAccess("127.0.0.1:9092").client_options() == {"bootstrap_servers": "127.0.0.1:9092"}


async def test_a_producer_is_idempotent_and_waits_for_all() -> None:
    producer = KafkaAccess("127.0.0.1:9092").producer()
    assert producer._txn_manager is not None
    assert producer._sender._acks == -1
    assert producer._message_accumulator._linger_time == 0
    producer._closed = True


async def test_a_consumer_commits_only_what_it_is_told_to() -> None:
    consumer = KafkaAccess("127.0.0.1:9092").consumer(group="g")
    assert consumer._enable_auto_commit is False
    assert consumer._auto_offset_reset == "earliest"
    consumer._closed = True
