"""Everything that a run has written, for a search after values that must stand nowhere in the clear."""

from collections.abc import Iterator, Sequence

import bson
from confluent_kafka import Consumer, TopicPartition
from pymongo import MongoClient

from deploy.local.stack import Stack

FOLDERS = ("logs", "spans")


def written(stack: Stack) -> Iterator[tuple[str, bytes]]:
    """(where, bytes) of every log line and span file, every document of every database, every record of every topic."""
    for name in FOLDERS:
        for file in sorted((stack.folder / name).rglob("*")):
            if file.is_file():
                yield f"{name}/{file.name}", file.read_bytes()
    yield from _documents(stack)
    yield from _records(stack)


def found(stack: Stack, values: Sequence[str]) -> list[str]:
    """Where any of these values stands; the value itself is not repeated."""
    needles = [(number, value.encode()) for number, value in enumerate(values)]
    return [
        f"value {number} in {where}" for where, text in written(stack) for number, needle in needles if needle in text
    ]


def _documents(stack: Stack) -> Iterator[tuple[str, bytes]]:
    with MongoClient[dict[str, object]](stack.mongo_url()) as client:
        for name in client.list_database_names():
            if name in ("admin", "config", "local"):
                continue
            for collection in client[name].list_collection_names():
                for document in client[name][collection].find():
                    yield f"{name}.{collection}", bson.encode(document)


def _records(stack: Stack) -> Iterator[tuple[str, bytes]]:
    consumer = Consumer(stack.kafka_config() | {"group.id": "canary", "enable.auto.commit": False})
    for topic, about in consumer.list_topics(timeout=10).topics.items():
        if topic.startswith("__"):
            continue
        for number in about.partitions:
            yield from _partition(consumer, TopicPartition(topic, number, 0))
    consumer.close()


def _partition(consumer: Consumer, partition: TopicPartition) -> Iterator[tuple[str, bytes]]:
    _, end = consumer.get_watermark_offsets(partition, timeout=10)
    consumer.assign([partition])
    read = 0
    while read < end and (record := consumer.poll(10)) is not None:
        read = (record.offset() or 0) + 1
        headers = b"|".join(value or b"" for _, value in record.headers() or [])
        yield f"topic {partition.topic}", b"|".join([record.key() or b"", record.value() or b"", headers])
