"""A log, its topic and a relay between them, and what must always be true of the topic."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from deploy.local.stack import Stack
from shared.clock import SystemClock
from shared.event_store import EventStore, MongoEventStore
from shared.kafka import KafkaAccess, topic_of
from shared.leases import Lease
from shared.relay import MongoCheckpoints, Relay
from shared.testing.store_cases.kit import draft, whole
from shared.topics import Reconciliation, reconcile, records
from shared.wakeup import LocalSignal, WakeUp
from tests.signed import provenance, signer


@dataclass
class Line:
    """One service's log and topic."""

    service: str
    store: MongoEventStore
    kafka: KafkaAccess
    versions: dict[str, int] = field(default_factory=dict)
    wake: LocalSignal = field(default_factory=LocalSignal)

    @property
    def topic(self) -> str:
        return topic_of(self.service)

    async def append(self, commits: int, streams: int = 5) -> None:
        """So many commits over some streams: of one event, of three, and now and then of none."""
        for number in range(commits):
            stream = f"box:{number % streams}"
            version, events = self.versions.get(stream, 0), (1, 3, 1, 0)[number % 4]
            await self.store.append(draft(stream, version, events))
            self.versions[stream] = version + events
        self.wake()

    def relay(self, owner: str = "", *, store: EventStore | None = None, wake: WakeUp | None = None) -> Relay:
        return Relay(
            self.service,
            store or self.store,
            MongoCheckpoints(self.store.database),
            Lease(self.store.database, "relay", owner or str(uuid.uuid4())),
            self.kafka,
            wake or self.wake,
            SystemClock(),
            signer(self.service),
            provenance(self.service, self.store.database, self.kafka),
        )

    async def position(self) -> int:
        """How far a relay says it has come."""
        row = await self.store.database["relay_checkpoints"].find_one({"_id": "relay"})
        return int(row["position"]) if row else 0

    async def owner(self) -> str:
        row = await self.store.database["leases"].find_one({"_id": "relay"})
        return str(row["owner"]) if row else ""

    async def reaches(self, position: int, seconds: float = 120) -> None:
        """Patient: beside other work a relay's process alone takes half a minute to start."""
        end = time.monotonic() + seconds
        while await self.position() < position:
            assert time.monotonic() < end, f"still at {await self.position()} of {position}"
            await asyncio.sleep(0.05)

    async def caught_up(self) -> None:
        await self.reaches((await self.store.head()).position)

    async def catch_up(self) -> None:
        """A healthy relay does what is left to do."""
        async with in_background(self.relay()):
            await self.caught_up()

    async def check(self) -> Reconciliation:
        """Always: every event is on the topic, first deliveries are in order, and nothing else is there."""
        expected = [(one["s"], one["v0"] + n) for one in await whole(self.store) for n in range(one["n"])]
        seen: set[str] = set()
        order: dict[int, list[int]] = {}
        first: list[tuple[str, int]] = []
        async for partition, _, record in records(self.kafka, self.topic):
            if record.stored["id"] not in seen:
                seen.add(record.stored["id"])
                first.append((record.stream, record.version))
                order.setdefault(partition.partition, []).append(record.position)
        assert sorted(first) == sorted(expected)
        assert all(positions == sorted(positions) for positions in order.values())
        for stream in {stream for stream, _ in expected}:
            versions = [version for name, version in first if name == stream]
            assert versions == list(range(1, len(versions) + 1))
        found = await reconcile(self.kafka, self.topic, self.store)
        assert found.first_difference is None
        assert (found.events, found.records) == (len(expected), len(expected) + found.duplicates)
        return found


@asynccontextmanager
async def in_background(*relays: Relay) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Relays that run beside the test; a crash of one is an error of the test."""
    tasks = [asyncio.create_task(relay.run()) for relay in relays]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for relay in relays:
            await relay.stop()


def environment(stack: Stack, kafka: KafkaAccess) -> dict[str, str]:
    """What tests/programs/relay_run.py is told."""
    return {
        "MONGO_URL": stack.mongo_url(),
        "KAFKA_BOOTSTRAP": kafka.bootstrap,
        "KAFKA_USERNAME": kafka.username,
        "KAFKA_PASSWORD": kafka.password,
    }
