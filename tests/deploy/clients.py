"""One record written, one record read, with a service's own credentials."""

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from deploy.local.components.kafka_admin import partitions_of
from deploy.local.stack import Stack


def produce(stack: Stack, service: str, topic: str) -> KafkaError | None:
    """What the broker answers to one idempotent record of this service."""
    answers: list[KafkaError | None] = []
    producer = Producer({**stack.kafka_config(service), "enable.idempotence": True, "message.timeout.ms": 10_000})
    producer.produce(topic, b"value", key=b"key", on_delivery=lambda error, _: answers.append(error))
    producer.flush(15)
    return answers[0]


def consume(stack: Stack, service: str, topic: str, group: str) -> int:
    """How many records of the topic this service can read in the name of a group."""
    consumer = Consumer({**stack.kafka_config(service), "group.id": group, "enable.auto.commit": False})
    try:
        consumer.assign([TopicPartition(topic, number, 0) for number in range(partitions_of(topic))])
        consumer.commit(offsets=[TopicPartition(topic, 0, 0)], asynchronous=False)
        found = consumer.poll(10)
        if found is None or found.error():
            raise KafkaException(found.error() if found else KafkaError(KafkaError._TIMED_OUT))
        return 1
    finally:
        consumer.close()
