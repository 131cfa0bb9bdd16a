"""Reading a topic without a group: its last records, and whether it holds exactly what the store holds."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord

from shared.event_store.protocol import WINDOW, EventStore
from shared.kafka import KafkaAccess, TopicPartition
from shared.messaging import UNREADABLE, Delivered, Read, Record, Unreadable, unproved

PATIENCE = 30.0
"""Seconds to wait for a record that is known to be there; a fetch that is lost would be waited for for ever."""


async def last_records(kafka: KafkaAccess, topic: str, read: Read = unproved) -> list[Delivered]:
    """The last record of each partition that has one; what is no event of ours tells nothing, and is left out.

    Raises:
        TimeoutError: the broker does not give one within `PATIENCE`.
    """
    async with _reading(kafka) as consumer:
        partitions, begins, ends = await _bounds(consumer, topic)
        filled = [partition for partition in partitions if ends[partition] > begins[partition]]
        if not filled:
            return []
        consumer.assign(filled)
        for partition in filled:
            consumer.seek(partition, ends[partition] - 1)
        found = []
        for partition in filled:
            with suppress(*UNREADABLE):
                found.append(await _one(consumer, partition, read))
        return found


async def records(
    kafka: KafkaAccess, topic: str, unreadable: Unreadable | None = None, read: Read = unproved
) -> AsyncIterator[tuple[TopicPartition, int, Delivered]]:
    """Every record up to the ends the topic has now: partition, offset, event.

    Raises:
        UNREADABLE: a record is not an event of ours, and nobody is there to be told.
        TimeoutError: the broker gives nothing for `PATIENCE` though there is more.
    """
    async with _reading(kafka) as consumer:
        partitions, begins, ends = await _bounds(consumer, topic)
        open_ = {partition for partition in partitions if ends[partition] > begins[partition]}
        consumer.assign(sorted(open_))
        while open_:
            found = await consumer.getmany(timeout_ms=int(PATIENCE * 1000), max_records=WINDOW)
            if not found:
                raise TimeoutError(f"{topic}: nothing came of partitions {sorted(one.partition for one in open_)}")
            for partition, batch in found.items():
                for record in batch:
                    try:
                        event = read(_record(record))
                    except UNREADABLE as error:
                        if unreadable is None:
                            raise
                        await unreadable(topic, record.partition, record.offset, error)
                    else:
                        yield partition, record.offset, event
                if batch and batch[-1].offset >= ends[partition] - 1:
                    open_.discard(partition)


async def ends_of(kafka: KafkaAccess, topic: str) -> dict[int, int]:
    """Partition → the offset that its next record will have; nothing of a topic that does not exist."""
    async with _reading(kafka) as consumer:
        _, _, ends = await _bounds(consumer, topic)
        return {partition.partition: end for partition, end in ends.items()}


async def commit_ends(kafka: KafkaAccess, topic: str, group: str) -> None:
    """Let a group that has never committed start at the topic's present ends; an existing one is left alone."""
    async with _reading(kafka, group=group) as consumer:
        partitions, _, ends = await _bounds(consumer, topic)
        consumer.assign(partitions)
        new = [one for one in partitions if await consumer.committed(one) is None]
        if new:
            await consumer.commit({one: ends[one] for one in new})


async def is_known(kafka: KafkaAccess, topic: str, group: str) -> bool:
    """Whether a group has committed an offset of this topic."""
    async with _reading(kafka, group=group) as consumer:
        numbers = await _partitions(consumer, topic)
        partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
        consumer.assign(partitions)
        return any([await consumer.committed(one) is not None for one in partitions])


async def records_at(
    kafka: KafkaAccess, pointers: Sequence[Mapping[str, Any]], read: Read = unproved
) -> list[Delivered]:
    """The records at these pointers (topic, partition, offset), in the order given.

    Raises:
        TimeoutError: the broker does not give one within `PATIENCE`.
    """
    async with _reading(kafka) as consumer:
        partitions = {TopicPartition(one["topic"], one["partition"]) for one in pointers}
        for topic in {partition.topic for partition in partitions}:
            await _partitions(consumer, topic)
        consumer.assign(sorted(partitions))
        found = []
        for one in pointers:
            partition = TopicPartition(one["topic"], one["partition"])
            consumer.seek(partition, one["offset"])
            found.append(await _one(consumer, partition, read))
        return found


@dataclass
class Reconciliation:
    """Topic against store: counts, and the first position at which they differ (None: they agree)."""

    events: int = 0
    records: int = 0
    duplicates: int = 0
    unreadable: int = 0
    """Records that are no events of ours: they say nothing, and somebody should ask who wrote them."""
    first_difference: int | None = None

    def differs(self, position: int) -> None:
        """Remember the lowest position that differs."""
        self.first_difference = min(position, self.first_difference or position)


async def reconcile(
    kafka: KafkaAccess, topic: str, store: EventStore, upto: int | None = None, read: Read = unproved
) -> Reconciliation:
    """Compare a topic with the store up to a position (its head if none is given); keeps ids and hashes in memory.

    While a relay runs, its checkpoint is how far they can be expected to agree.
    """
    result = Reconciliation()
    limit = (await store.head()).position if upto is None else upto
    seen = await _seen(kafka, topic, limit, result, read)
    position = 0
    while window := await store.window(position, min(WINDOW, limit - position)) if position < limit else []:
        for commit in window:
            position = commit["_id"]
            for event in commit["ev"]:
                result.events += 1
                if seen.pop(event["id"], ("", 0))[0] != commit["h"].hex():
                    result.differs(position)
    for _, claimed in seen.values():  # the store does not hold them (any more)
        result.differs(claimed)
    if position < limit:
        result.differs(position + 1)
    return result


async def _seen(
    kafka: KafkaAccess, topic: str, limit: int, result: Reconciliation, read: Read
) -> dict[str, tuple[str, int]]:
    """Hash and position of each event on the topic up to a position."""
    seen: dict[str, tuple[str, int]] = {}

    async def unreadable(_topic: str, _partition: int, _offset: int, _error: Exception) -> None:
        result.unreadable += 1

    async for _, _, record in records(kafka, topic, unreadable, read):
        if record.position <= limit:
            result.records += 1
            result.duplicates += record.stored["id"] in seen
            if seen.setdefault(record.stored["id"], (record.commit_hash, record.position))[0] != record.commit_hash:
                result.differs(record.position)
    return seen


@asynccontextmanager
async def _reading(kafka: KafkaAccess, group: str | None = None) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = kafka.consumer(group=group)
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


async def _bounds(
    consumer: AIOKafkaConsumer, topic: str
) -> tuple[list[TopicPartition], dict[TopicPartition, int], dict[TopicPartition, int]]:
    numbers = await _partitions(consumer, topic)
    partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
    return partitions, await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    await consumer._client.set_topics([topic])  # noqa: SLF001 - no public call waits for a topic's metadata
    return set(consumer.partitions_for_topic(topic) or ())


async def _one(consumer: AIOKafkaConsumer, partition: TopicPartition, read: Read) -> Delivered:
    async with asyncio.timeout(PATIENCE):
        return read(_record(await consumer.getone(partition)))


def _record(got: ConsumerRecord) -> Record:
    return Record(got.topic, got.partition, got.offset, got.key, got.value, dict(got.headers))
