"""Everything that topics hold at the moment, read at one go."""

from collections.abc import Iterable, Iterator

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from deploy.local.components.kafka_admin import Config

PATIENCE = 10.0


def records(config: Config, group: str, topics: Iterable[str] = ()) -> Iterator[Message]:
    """The records of these topics (none named: of all that are not Kafka's own), in order within a partition.

    Raises:
        KafkaException: the broker refuses, or does not answer.
    """
    consumer = Consumer({**config, "group.id": group, "enable.auto.commit": False})
    try:
        left = _ends(consumer, set(topics))
        consumer.assign([TopicPartition(topic, number, 0) for topic, number in left])
        while left:
            record = consumer.poll(PATIENCE)
            if record is None or record.error():
                raise KafkaException(record.error() if record else "no record in time")
            yield record
            place = record.topic() or "", record.partition() or 0
            if (record.offset() or 0) + 1 >= left.get(place, 0):
                left.pop(place, None)
    finally:
        consumer.close()


def _ends(consumer: Consumer, topics: set[str]) -> dict[tuple[str, int], int]:
    """The end of each partition that holds something."""
    ends = {}
    for name, about in consumer.list_topics(timeout=PATIENCE).topics.items():
        if name in topics or not (topics or name.startswith("__")):
            for number in about.partitions:
                low, high = consumer.get_watermark_offsets(TopicPartition(name, number), timeout=PATIENCE)
                if high > low:
                    ends[name, number] = high
    return ends
