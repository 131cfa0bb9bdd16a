"""Reading a topic without a group: its last records, and whether it holds exactly what the store holds."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord

from shared.event_store.protocol import WINDOW, EventStore
from shared.kafka import KafkaAccess, TopicPartition
from shared.messaging import UNREADABLE, Delivered, Unreadable, delivered


async def last_records(kafka: KafkaAccess, topic: str) -> list[Delivered]:
    """The last record of each partition that has one."""
    consumer = kafka.consumer()
    await consumer.start()
    try:
        partitions, begins, ends = await _bounds(consumer, topic)
        filled = [partition for partition in partitions if ends[partition] > begins[partition]]
        if not filled:
            return []
        consumer.assign(filled)
        for partition in filled:
            consumer.seek(partition, ends[partition] - 1)
        return [_read(await consumer.getone(partition)) for partition in filled]
    finally:
        await consumer.stop()


async def records(
    kafka: KafkaAccess, topic: str, unreadable: Unreadable | None = None
) -> AsyncIterator[tuple[TopicPartition, int, Delivered]]:
    """Every record up to the ends the topic has now: partition, offset, event.

    Raises:
        UNREADABLE: a record is not an event of ours, and nobody is there to be told.
    """
    consumer = kafka.consumer()
    await consumer.start()
    try:
        partitions, begins, ends = await _bounds(consumer, topic)
        open_ = {partition for partition in partitions if ends[partition] > begins[partition]}
        consumer.assign(sorted(open_))
        while open_:
            for partition, batch in (await consumer.getmany(timeout_ms=1000, max_records=WINDOW)).items():
                for record in batch:
                    try:
                        event = _read(record)
                    except UNREADABLE as error:
                        if unreadable is None:
                            raise
                        await unreadable(topic, record.partition, record.offset, error)
                    else:
                        yield partition, record.offset, event
                if batch and batch[-1].offset >= ends[partition] - 1:
                    open_.discard(partition)
    finally:
        await consumer.stop()


async def commit_ends(kafka: KafkaAccess, topic: str, group: str) -> None:
    """Let a group that has never committed start at the topic's present ends; an existing one is left alone."""
    consumer = kafka.consumer(group=group)
    await consumer.start()
    try:
        partitions, _, ends = await _bounds(consumer, topic)
        consumer.assign(partitions)
        new = [one for one in partitions if await consumer.committed(one) is None]
        if new:
            await consumer.commit({one: ends[one] for one in new})
    finally:
        await consumer.stop()


async def is_known(kafka: KafkaAccess, topic: str, group: str) -> bool:
    """Whether a group has committed an offset of this topic."""
    consumer = kafka.consumer(group=group)
    await consumer.start()
    try:
        numbers = await _partitions(consumer, topic)
        partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
        consumer.assign(partitions)
        return any([await consumer.committed(one) is not None for one in partitions])
    finally:
        await consumer.stop()


async def records_at(kafka: KafkaAccess, pointers: Sequence[Mapping[str, Any]]) -> list[Delivered]:
    """The records at these pointers (topic, partition, offset), in the order given."""
    consumer = kafka.consumer()
    await consumer.start()
    try:
        partitions = {TopicPartition(one["topic"], one["partition"]) for one in pointers}
        for topic in {partition.topic for partition in partitions}:
            await _partitions(consumer, topic)
        consumer.assign(sorted(partitions))
        found = []
        for one in pointers:
            partition = TopicPartition(one["topic"], one["partition"])
            consumer.seek(partition, one["offset"])
            found.append(_read(await consumer.getone(partition)))
        return found
    finally:
        await consumer.stop()


@dataclass
class Reconciliation:
    """Topic against store: counts, and the first position at which they differ (None: they agree)."""

    events: int = 0
    records: int = 0
    duplicates: int = 0
    first_difference: int | None = None

    def differs(self, position: int) -> None:
        """Remember the lowest position that differs."""
        self.first_difference = min(position, self.first_difference or position)


async def reconcile(kafka: KafkaAccess, topic: str, store: EventStore) -> Reconciliation:
    """Compare a topic with the store up to the store's present head; keeps an id and a hash per record in memory."""
    result = Reconciliation()
    seen: dict[str, str] = {}
    async for _, _, record in records(kafka, topic):
        result.records += 1
        result.duplicates += record.stored["id"] in seen
        seen[record.stored["id"]] = record.commit_hash
    position = 0
    while window := await store.window(position):
        for commit in window:
            for event in commit["ev"]:
                result.events += 1
                if seen.pop(event["id"], None) != commit["h"].hex():
                    result.differs(commit["_id"])
        position = window[-1]["_id"]
    if seen:
        result.differs(position + 1)
    return result


async def _bounds(
    consumer: AIOKafkaConsumer, topic: str
) -> tuple[list[TopicPartition], dict[TopicPartition, int], dict[TopicPartition, int]]:
    numbers = await _partitions(consumer, topic)
    partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
    return partitions, await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    await consumer._client.set_topics([topic])  # noqa: SLF001 - no public call waits for a topic's metadata
    return set(consumer.partitions_for_topic(topic) or ())


def _read(record: ConsumerRecord) -> Delivered:
    place = (record.topic, record.partition, record.offset)
    return delivered(dict(record.headers), record.value, place)
