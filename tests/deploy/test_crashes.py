"""Parts that are killed, frozen and started again, on the same port and the same data."""

import threading
import time

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local.stack import Stack
from tests.deploy.clients import consume, produce

pytestmark = pytest.mark.connected


def insert_until_it_dies(stack: Stack, acknowledged: list[int]) -> None:
    with MongoClient(stack.mongo_url("cards"), w="majority", journal=True, retryWrites=False) as mongo:
        number = 0
        try:
            while True:
                number += 1
                mongo["cards"].numbers.insert_one({"_id": number})
                acknowledged.append(number)
        except PyMongoError:
            return


def test_a_killed_database_keeps_every_acknowledged_write(stack: Stack) -> None:
    acknowledged: list[int] = []
    writer = threading.Thread(target=insert_until_it_dies, args=(stack, acknowledged))
    writer.start()
    while len(acknowledged) < 300:
        time.sleep(0.01)
    stack.component("mongo").kill()
    writer.join(30)
    assert not stack.component("mongo").running
    stack.component("mongo").start()
    with MongoClient(stack.mongo_url("cards")) as mongo:
        kept = {document["_id"] for document in mongo["cards"].numbers.find()}
    assert len(acknowledged) >= 300
    assert set(acknowledged) <= kept


def test_a_killed_broker_comes_back_with_records_users_and_rights(stack: Stack) -> None:
    assert produce(stack, "cards", "cards.events.v1") is None
    before = stack.component("kafka").pid
    stack.component("kafka").kill()
    stack.component("kafka").start()
    assert stack.component("kafka").pid != before
    assert consume(stack, "identity", "cards.events.v1", "identity.reactions") == 1
    assert produce(stack, "identity", "cards.events.v1") is not None


def test_a_frozen_broker_answers_nothing_until_it_is_woken(stack: Stack) -> None:
    broker = stack.component("kafka")
    broker.pause()
    producer = Producer({**stack.kafka_config("cards"), "message.timeout.ms": 1500})
    producer.produce("cards.events.v1", b"value")
    assert producer.flush(0.5) == 1
    broker.resume()
    assert producer.flush(20) == 0
    assert AdminClient(stack.kafka_config()).list_topics(timeout=10).topics


def test_stopped_parts_keep_their_data(stack: Stack) -> None:
    with MongoClient(stack.mongo_url("geo")) as mongo:
        mongo["geo"].things.replace_one({"_id": 1}, {"name": "kept"}, upsert=True)
    assert produce(stack, "geo", "geo.events.v1") is None
    for name in ("kafka", "mongo"):
        stack.component(name).restart()
    with MongoClient(stack.mongo_url("geo")) as mongo:
        assert mongo["geo"].things.find_one() == {"_id": 1, "name": "kept"}
    assert consume(stack, "geo", "geo.events.v1", "geo.reactions") == 1
