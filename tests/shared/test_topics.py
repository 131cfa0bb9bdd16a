"""Reading a topic without a group: its ends, single records, and whether it holds what the store holds."""

import asyncio
import gc
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaConnectionError

from shared.event_store import MongoEventStore
from shared.kafka import PARTITIONS, KafkaAccess, TopicPartition
from shared.messaging import UNREADABLE, Message, messages_of
from shared.topics import commit_ends, is_known, last_records, reconcile, records, records_at
from tests.shared.relaying import Line

pytestmark = pytest.mark.connected


@pytest.fixture
def line(mongo_store: MongoEventStore, kafka: KafkaAccess, topic: Callable[[str], str]) -> Line:
    service = f"toy{uuid4().hex[:8]}"
    topic(service)
    return Line(service, mongo_store, kafka)


async def send(line: Line, messages: list[Message]) -> None:
    producer = line.kafka.producer()
    await producer.start()
    for key, value, headers, time in messages:
        await producer.send_and_wait(line.topic, key=key, value=value, headers=headers, timestamp_ms=time)
    await producer.stop()


async def all_messages(line: Line) -> list[Message]:
    return [message for commit in await line.store.window(0) for message in messages_of(line.service, commit)]


async def test_an_empty_topic_has_no_records(line: Line) -> None:
    assert await last_records(line.kafka, line.topic) == []
    assert [record async for record in records(line.kafka, line.topic)] == []
    assert await last_records(line.kafka, "no-such-topic") == []


async def test_the_last_record_of_each_partition_that_has_one(line: Line) -> None:
    await line.append(30, streams=4)
    await line.catch_up()
    last: dict[int, tuple[str, int]] = {}
    async for partition, _, record in records(line.kafka, line.topic):
        last[partition.partition] = (record.stream, record.version)
    found = await last_records(line.kafka, line.topic)
    assert sorted((one.stream, one.version) for one in found) == sorted(last.values())
    assert 1 <= len(found) <= 4


async def test_records_know_their_place_and_are_found_by_it_again(line: Line) -> None:
    await line.append(20, streams=3)
    await line.catch_up()
    everything = [record async for _, _, record in records(line.kafka, line.topic)]
    places = [one.place for one in everything]
    assert len(set(places)) == len(everything)
    wanted = [everything[index] for index in (7, 0, 7, 12)]
    pointers = [dict(zip(("topic", "partition", "offset"), one.place or (), strict=True)) for one in wanted]
    found = await records_at(line.kafka, pointers)
    assert [one.stored["id"] for one in found] == [one.stored["id"] for one in wanted]
    assert [one.place for one in found] == [one.place for one in wanted]


class Silent(KafkaAccess):
    """A broker that tells of records and gives none."""

    def consumer(self, *topics: str, group: str | None = None, **options: Any) -> AIOKafkaConsumer:
        async def nothing(**_: Any) -> dict[TopicPartition, list[Any]]:
            return {}

        found = super().consumer(*topics, group=group, **options)
        found.getmany = nothing
        return found


async def test_records_that_are_not_given_are_not_waited_for_for_ever(line: Line) -> None:
    await line.append(1)
    await line.catch_up()
    silent = Silent(line.kafka.bootstrap, line.kafka.username, line.kafka.password)
    with pytest.raises(TimeoutError, match=line.topic):
        await anext(records(silent, line.topic))


async def test_a_reader_that_finds_no_broker_leaves_nothing_open(line: Line) -> None:
    nowhere = KafkaAccess("127.0.0.1:1")
    for reading in (last_records(nowhere, line.topic), is_known(nowhere, line.topic, "group")):
        before = asyncio.all_tasks()
        with pytest.raises(KafkaConnectionError):
            await reading
        gc.collect()  # what was not closed says so now, which fails the test
        assert asyncio.all_tasks() == before


async def committed(line: Line, group: str) -> dict[int, int | None]:
    consumer = line.kafka.consumer(group=group)
    await consumer.start()
    try:
        partitions = [TopicPartition(line.topic, number) for number in range(PARTITIONS)]
        consumer.assign(partitions)
        return {one.partition: await consumer.committed(one) for one in partitions}
    finally:
        await consumer.stop()


async def test_a_new_group_starts_at_the_ends_and_a_known_one_is_left_alone(line: Line) -> None:
    group = f"{line.service}.read-models.r1"
    await line.append(20)
    await line.catch_up()
    assert not await is_known(line.kafka, line.topic, group)
    await commit_ends(line.kafka, line.topic, group)
    ends = await committed(line, group)
    counts = dict.fromkeys(range(PARTITIONS), 0)
    async for partition, _, _ in records(line.kafka, line.topic):
        counts[partition.partition] += 1
    assert ends == counts
    assert await is_known(line.kafka, line.topic, group)

    await line.append(20)
    await line.catch_up()
    await commit_ends(line.kafka, line.topic, group)
    assert await committed(line, group) == ends


async def test_a_topic_that_holds_the_store_agrees_with_it(line: Line) -> None:
    await line.append(30)
    await line.catch_up()
    found = await reconcile(line.kafka, line.topic, line.store)
    assert (found.events, found.records, found.duplicates, found.first_difference) == (39, 39, 0, None)


async def test_duplicates_are_counted_and_no_difference(line: Line) -> None:
    await line.append(12)
    await line.catch_up()
    await send(line, (await all_messages(line))[3:8])
    found = await reconcile(line.kafka, line.topic, line.store)
    assert (found.duplicates, found.records - found.events, found.first_difference) == (5, 5, None)


async def test_what_a_relay_has_not_sent_yet_is_no_difference(line: Line) -> None:
    await line.append(8)
    await line.catch_up()
    await line.append(8)
    checkpoint = await line.position()
    found = await reconcile(line.kafka, line.topic, line.store, upto=checkpoint)
    assert (found.events, found.first_difference) == (10, None)
    assert (await reconcile(line.kafka, line.topic, line.store)).first_difference == checkpoint + 1
    await line.catch_up()
    found = await reconcile(line.kafka, line.topic, line.store, upto=checkpoint)
    assert (found.events, found.records, found.first_difference) == (10, 10, None)
    assert (await reconcile(line.kafka, line.topic, line.store, upto=99)).first_difference == 17


@pytest.mark.parametrize("missing", [0, 5, -1])
async def test_a_missing_record_is_found_at_its_position(line: Line, missing: int) -> None:
    await line.append(9, streams=9)
    messages = await all_messages(line)
    gone = messages.pop(missing)
    await send(line, messages)
    found = await reconcile(line.kafka, line.topic, line.store)
    assert found.first_difference == int(dict(gone.headers)["ce_position"])


@pytest.mark.parametrize("place", ["instead", "before", "after"])
async def test_a_record_of_another_history_is_found_at_its_position(line: Line, place: str) -> None:
    await line.append(9, streams=9)
    messages = await all_messages(line)
    forged = messages[4]._replace(
        headers=[(name, b"00" * 32 if name == "ce_commithash" else value) for name, value in messages[4].headers]
    )
    there = {"instead": [forged], "before": [forged, messages[4]], "after": [messages[4], forged]}[place]
    await send(line, [*messages[:4], *there, *messages[5:]])
    found = await reconcile(line.kafka, line.topic, line.store)
    assert found.first_difference == int(dict(forged.headers)["ce_position"])


async def test_a_record_that_the_store_does_not_know_is_found(line: Line) -> None:
    await line.append(4)
    await line.catch_up()
    stranger = (await all_messages(line))[2]
    headers = [(name, str(uuid4()).encode() if name == "ce_id" else value) for name, value in stranger.headers]
    await send(line, [stranger._replace(headers=headers)])
    found = await reconcile(line.kafka, line.topic, line.store)
    assert found.first_difference == int(dict(stranger.headers)["ce_position"])


async def test_a_record_that_is_no_event_stops_nobody_but_is_told(line: Line) -> None:
    await line.append(4, streams=1)
    await line.catch_up()
    last = (await last_records(line.kafka, line.topic))[0]
    await send(line, [Message(b"box:0", b"not json", [], 0)])
    assert await last_records(line.kafka, line.topic) == []
    found = await reconcile(line.kafka, line.topic, line.store)
    assert (found.unreadable, found.first_difference, found.records) == (1, None, found.events)
    await line.append(4, streams=1)
    await line.catch_up()
    assert (await last_records(line.kafka, line.topic))[0].position > last.position
    with pytest.raises(UNREADABLE):
        assert [record async for record in records(line.kafka, line.topic)]
