"""A relay between a real store and a real topic: everything, in order, and nothing that the store does not hold."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from shared.event_store import Corrupted, MongoEventStore
from shared.event_store.protocol import MAX_EVENT_BYTES
from shared.kafka import KafkaAccess
from shared.testing.store_cases.kit import draft
from shared.topics import records
from shared.wakeup import ChangeStream
from tests.shared.relaying import Line, in_background

pytestmark = pytest.mark.connected


@pytest.fixture
def line(mongo_store: MongoEventStore, kafka: KafkaAccess, topic: Callable[[str], str]) -> Line:
    service = f"toy{uuid4().hex[:8]}"
    topic(service)
    return Line(service, mongo_store, kafka)


async def test_everything_reaches_the_topic_once_and_in_order(line: Line) -> None:
    await line.append(40)
    async with in_background(line.relay()):
        await line.append(20)
        await line.caught_up()
    assert (await line.check()).duplicates == 0


async def test_a_relay_goes_on_where_the_one_before_it_stopped(line: Line) -> None:
    for _ in range(3):
        await line.append(10)
        await line.catch_up()
    assert (await line.check()).duplicates == 0


async def test_an_append_is_on_the_topic_at_once(line: Line) -> None:
    await line.append(1)
    async with in_background(line.relay()):
        await line.caught_up()
        for _ in range(3):
            await line.append(1)
            await line.reaches((await line.store.head()).position, seconds=0.8)


async def test_a_relay_of_its_own_process_is_woken_by_the_database(line: Line) -> None:
    await line.append(1)
    async with in_background(line.relay(wake=ChangeStream(line.store.log.commits))):
        await line.caught_up()
        await line.append(3)
        await line.reaches((await line.store.head()).position, seconds=5)
    await line.check()


async def test_the_longest_event_that_is_let_in_gets_through(line: Line) -> None:
    wanted = draft("box:0")
    wanted.events[0]["data"]["text"] = "x" * (MAX_EVENT_BYTES - 300)
    await line.store.append(wanted)
    line.versions["box:0"] = 1
    await line.append(8, streams=2)
    await line.catch_up()
    lengths = [len(str(one.stored["data"])) async for _, _, one in records(line.kafka, line.topic)]
    assert max(lengths) > MAX_EVENT_BYTES - 300


async def test_of_two_relays_one_sends(line: Line) -> None:
    await line.append(5)
    async with in_background(line.relay("one"), line.relay("other")):
        await line.caught_up()
        await line.append(30)
        await line.caught_up()
        await asyncio.sleep(0.5)
    assert (await line.check()).duplicates == 0


async def halts(line: Line) -> str:
    """A relay refuses to go on, loudly; why."""
    with capture_logs() as lines, pytest.raises(Corrupted) as why:
        await asyncio.wait_for(line.relay().run(), 30)
    assert [one["event"] for one in lines if one["log_level"] == "critical"] == ["relay halts"]
    return str(why.value)


async def on_topic(line: Line) -> int:
    return len([record async for record in records(line.kafka, line.topic)])


async def restore(line: Line, position: int) -> None:
    """The database as a backup made at this position holds it, checkpoint and all."""
    commits = await line.store.window(position - 1, 1)
    await line.store.log.commits.delete_many({"_id": {"$gt": position}})
    checkpoint = {"$set": {"position": position, "hash": commits[0]["h"]}}
    await line.store.database["relay_checkpoints"].update_one({"_id": "relay"}, checkpoint)


async def test_a_restored_older_backup_stops_the_relay(line: Line) -> None:
    await line.append(20)
    await line.catch_up()
    sent = await on_topic(line)
    await restore(line, 12)
    assert "was sent, and the store does not hold it" in await halts(line)
    assert await on_topic(line) == sent


async def test_a_restored_backup_that_went_another_way_stops_the_relay(
    line: Line, mongo_store: MongoEventStore
) -> None:
    await line.append(20)
    await line.catch_up()
    sent = await on_topic(line)
    await restore(line, 12)
    fresh = MongoEventStore(mongo_store.log._client, mongo_store.database.name, mongo_store._writer._clock)
    for number in range(20):
        await fresh.append(draft(f"other:{number}"))
    assert "was sent, and the store does not hold it" in await halts(line)
    assert await on_topic(line) == sent


async def test_a_log_that_is_not_the_one_of_the_checkpoint_stops_the_relay(line: Line) -> None:
    await line.append(4)
    await line.store.database["relay_checkpoints"].insert_one(
        {"_id": "relay", "position": 4, "hash": bytes(32), "epoch": 0}
    )
    assert await halts(line) == "position 4 was sent, and the store does not hold it"


async def test_a_backup_of_the_present_does_not(line: Line) -> None:
    await line.append(10)
    await line.catch_up()
    await restore(line, 10)
    await line.append(10)
    await line.catch_up()
    assert (await line.check()).duplicates == 0


async def test_a_checkpoint_that_fell_back_only_sends_again(line: Line) -> None:
    await line.append(20)
    await line.catch_up()
    await line.store.database["relay_checkpoints"].delete_many({})
    await line.catch_up()
    found = await line.check()
    assert found.duplicates == found.events


async def test_a_hole_stops_the_relay_before_it(line: Line) -> None:
    await line.append(10, streams=10)
    await line.store.log.commits.delete_one({"_id": 6})
    assert await halts(line) == "position 6 is missing before 7"
    assert await on_topic(line) == 0
