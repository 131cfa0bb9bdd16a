"""A broker that is stopped, killed or frozen under a relay. It is one of this module's own: nobody else is disturbed."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from confluent_kafka.admin import AdminClient, NewTopic

from deploy.local.services import PARTITIONS
from deploy.local.stack import Stack, running
from shared.event_store import MongoEventStore
from shared.kafka import KafkaAccess, KafkaError, discard
from tests.shared.relaying import Line, in_background

pytestmark = pytest.mark.connected


REQUEST_SECONDS = 1.0


class Impatient(KafkaAccess):
    """Gives a request less time than production does, so that a test need not wait as long."""

    def producer(self) -> AIOKafkaProducer:
        options = self.client_options() | {"request_timeout_ms": int(REQUEST_SECONDS * 1000)}
        return AIOKafkaProducer(enable_idempotence=True, acks="all", linger_ms=0, **options)


@pytest.fixture(scope="module")
def own_broker(run_folder: Path) -> Iterator[Stack]:
    with running(run_folder / "stopped-broker", only={"kafka"}) as stack:
        if stack.given("kafka"):
            pytest.skip("the broker is somebody else's: it is not ours to stop")
        yield stack


@pytest.fixture
def line(own_broker: Stack, mongo_store: MongoEventStore) -> Line:
    config = own_broker.kafka_config()
    access = KafkaAccess(*(str(config[name]) for name in ("bootstrap.servers", "sasl.username", "sasl.password")))
    line = Line(f"toy{uuid4().hex[:8]}", mongo_store, access)
    admin = AdminClient(config)
    for future in admin.create_topics([NewTopic(line.topic, PARTITIONS, 1)]).values():
        future.result(15)
    return line


async def test_stopped_and_started(line: Line, own_broker: Stack) -> None:
    broker = own_broker.component("kafka")
    await line.append(20)
    async with in_background(line.relay()):
        await line.caught_up()
        await asyncio.to_thread(broker.stop)
        await line.append(200)
        await asyncio.sleep(1)
        assert await line.position() == 20
        await asyncio.to_thread(broker.start)
        await line.caught_up()
        await line.append(20)
        await line.caught_up()
    await line.check()


async def test_killed_while_it_is_sent_to(line: Line, own_broker: Stack) -> None:
    broker = own_broker.component("kafka")
    await line.append(800, streams=50)
    async with in_background(line.relay()) as [task]:
        await line.reaches(1)
        await asyncio.to_thread(broker.kill)
        await asyncio.to_thread(broker.start)
        await line.caught_up()
        assert not task.done()
    await line.check()


async def test_a_broker_that_does_not_answer_for_longer_than_a_request_may_take(line: Line, own_broker: Stack) -> None:
    broker = own_broker.component("kafka")
    line.kafka = Impatient(line.kafka.bootstrap, line.kafka.username, line.kafka.password)
    before = asyncio.all_tasks()
    await line.append(20)
    async with in_background(line.relay()):
        await line.caught_up()
        broker.pause()
        await line.append(1000, streams=50)
        await asyncio.sleep(REQUEST_SECONDS + 1)
        broker.resume()
        await line.caught_up()
    assert asyncio.all_tasks() <= before, "a discarded producer lives on, and may send what it still has"
    await line.check()


async def queue_until_full(producer: AIOKafkaProducer, topic: str) -> int:
    """Records that a broker does not take: one batch goes out, another waits, then there is no room; how many."""
    queued = 0
    try:
        while True:
            ack = await producer.send(topic, b"x" * 1000, partition=0)
            ack.cancel()
            queued += 1
    except KafkaError:
        return queued


async def test_a_discarded_producer_is_gone_and_sends_nothing_more(line: Line, own_broker: Stack) -> None:
    broker = own_broker.component("kafka")
    before = asyncio.all_tasks()
    producer = Impatient(line.kafka.bootstrap, line.kafka.username, line.kafka.password).producer()
    await producer.start()
    await producer.send_and_wait(line.topic, b"x", partition=0)
    broker.pause()
    queued = await queue_until_full(producer, line.topic)
    await asyncio.wait_for(discard(producer), 5)
    assert asyncio.all_tasks() == before
    broker.resume()
    consumer = line.kafka.consumer(line.topic)
    await consumer.start()
    await asyncio.sleep(1)
    ends = await consumer.end_offsets(consumer.assignment())
    await consumer.stop()
    assert 1 <= sum(ends.values()) < 1 + queued
