"""Faust on the real broker: acknowledged once handled, unreadable records set aside, a failure seen."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import pytest

from shared.consumers import consume, consumer_app, run_app
from shared.kafka import TopicPartition, topic_of
from shared.messaging import Delivered, messages_of, unproved
from shared.service import Service
from tests import toy
from tests.shared.toybox import in_background, open_box, some_id, until

pytestmark = pytest.mark.connected
ONE = 3
"""The partition of everything here."""
QUICK: dict[str, Any] = {"broker_commit_interval": 0.1, "broker_heartbeat_interval": 1.0}


class Topic:
    """A topic, one partition of which is written by hand, and a group that reads it."""

    def __init__(self, service: Service, name: str, folder: Any) -> None:
        self.service, self.name, self.folder = service, name, folder
        self.group = f"{name}.{some_id()}"
        self.unreadable: list[tuple[int, str]] = []

    async def events(self, *amounts: int) -> list[tuple[bytes | None, list[tuple[str, bytes]]]]:
        await open_box(self.service, *amounts)
        commits = (await self.service.store.window(0))[-1 - len(amounts) :]
        return [(one.value, one.headers) for commit in commits for one in messages_of(self.service.name, commit)]

    async def send(self, records: Sequence[tuple[bytes | None, list[tuple[str, bytes]]]]) -> None:
        async with self.service.kafka.producer() as producer:
            for value, headers in records:
                await producer.send_and_wait(self.name, value, key=b"key", partition=ONE, headers=headers)

    async def committed(self) -> int | None:
        async with self.service.kafka.consumer(group=self.group) as consumer:
            partition = TopicPartition(self.name, ONE)
            consumer.assign([partition])
            return await consumer.committed(partition)

    def app(self, handle: Any) -> Any:
        async def unreadable(topic: str, partition: int, offset: int, error: Exception) -> None:
            assert (topic, partition) == (self.name, ONE)
            self.unreadable.append((offset, type(error).__name__))

        app = consumer_app(self.group, self.service.kafka, self.folder / some_id(), **QUICK)
        consume(app, self.name, handle, unreadable, unproved)
        return app


@pytest.fixture
async def source(make_service, topic, tmp_path) -> Topic:
    service = await make_service(toy.definition(f"toy{some_id()[:8]}"))
    return Topic(service, topic(topic_of(service.name).removesuffix(".events.v1")), tmp_path)


async def test_an_offset_is_committed_only_once_the_batch_is_handled_also_across_a_stop(source):
    gate, seen = asyncio.Event(), list[int]()

    async def handle(batch: Sequence[Delivered]) -> None:
        seen.extend(one.version for one in batch)
        await gate.wait()

    await source.send(await source.events(1, 2))
    async with in_background(run_app(source.app(handle))):
        await until(lambda: _true(seen))
        await asyncio.sleep(0.5)
        assert await source.committed() is None
    assert await source.committed() is None
    seen.clear()
    gate.set()
    async with in_background(run_app(source.app(handle))):
        await until(lambda: _equal(source, 3))
    assert seen == [1, 2, 3]


async def test_records_that_are_no_events_of_ours_are_set_aside_and_the_others_flow(source):
    (value, headers), *more = await source.events(1)
    junk: list[tuple[bytes | None, list[tuple[str, bytes]]]] = [
        (value, []),
        (None, headers),
        (b"{", headers),
        (b"1", headers),
        (b'"text"', headers),
        (b"[]", headers),
        (b'{"pii": 1}', headers),
        (b'{"pii": {"label": {}}}', headers),
        (value, [one for one in headers if one[0] != "ce_id"]),
        (value, [(name, b"\xff" if name == "ce_subject" else text) for name, text in headers]),
        (value, [(name, b"late" if name == "ce_time" else text) for name, text in headers]),
    ]
    await source.send([(value, headers), *junk, *more])
    seen: list[int] = []

    async def handle(batch: Sequence[Delivered]) -> None:
        seen.extend(one.version for one in batch)

    async with in_background(run_app(source.app(handle))):
        await until(lambda: _equal(source, len(junk) + 2))
    assert seen == [1, 2]
    assert [offset for offset, _ in source.unreadable] == list(range(1, len(junk) + 1))


async def test_a_handle_that_raises_ends_the_app_and_commits_nothing(source, caplog):
    caplog.set_level(logging.CRITICAL + 1)

    async def handle(batch: Sequence[Delivered]) -> None:
        await asyncio.sleep(0.01)
        raise ZeroDivisionError

    await source.send(await source.events(1))
    with pytest.raises(RuntimeError, match="crashed"):
        await asyncio.wait_for(run_app(source.app(handle)), 30)
    assert await source.committed() is None


async def test_what_comes_while_a_batch_is_under_way_makes_the_next_one_and_the_offset_waits_for_it(source):
    gates = {1: asyncio.Event(), 2: asyncio.Event()}
    seen: list[list[int]] = []

    async def handle(batch: Sequence[Delivered]) -> None:
        seen.append([one.version for one in batch])
        if gate := gates.get(batch[0].version):
            await gate.wait()

    events = await source.events(1, 2, 3)
    async with in_background(run_app(source.app(handle))):
        await source.send(events[:1])
        await until(lambda: _true(seen == [[1]]))
        await source.send(events[1:])
        await asyncio.sleep(0.5)
        assert seen == [[1]]
        gates[1].set()
        await until(lambda: _true(seen == [[1], [2, 3, 4]]))
        await until(lambda: _equal(source, 1))
        await asyncio.sleep(0.3)
        assert await source.committed() == 1
        gates[2].set()
        await until(lambda: _equal(source, 4))


async def _true(value: Any) -> bool:
    return bool(value)


async def _equal(source: Topic, offset: int) -> bool:
    return await source.committed() == offset


async def test_a_worker_that_loses_partitions_to_another_and_gets_them_back_goes_on(source):
    """Twice a second worker joins the group and leaves it, while records come on every partition."""
    seen: dict[str, set[int]] = {"first": set(), "second": set()}
    sent = 0

    def worker(name: str) -> Any:
        async def handle(batch: Sequence[Delivered]) -> None:
            seen[name] |= {one.place[1] * 1_000_000 + one.place[2] for one in batch if one.place}
            await asyncio.sleep(0.02)

        return run_app(source.app(handle))

    async def sending() -> None:
        nonlocal sent
        [(value, headers)] = await source.events()
        async with source.service.kafka.producer() as producer:
            while True:
                for partition in range(12):
                    await producer.send_and_wait(source.name, value, key=b"key", partition=partition, headers=headers)
                    sent += 1

    async def all_seen() -> bool:
        return len(seen["first"] | seen["second"]) >= sent  # the last one sent may not be counted

    async with in_background(worker("first")) as [first]:
        async with in_background(sending()):
            await until(lambda: _true(seen["first"]))
            for _ in range(2):
                before, before_second = len(seen["first"]), len(seen["second"])
                async with in_background(worker("second")):
                    await until(lambda count=before_second: _true(len(seen["second"]) > count))
                await until(lambda count=before: _true(len(seen["first"]) > count))
                assert not first.done()
        await until(all_seen)
        assert not first.done()
