"""From the store to Kafka: in order, never skipping, from a checkpoint that only moves forward (DESIGN §4)."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Iterable
from itertools import islice
from typing import Any, Protocol

from aiokafka import AIOKafkaProducer

from shared.clock import Clock
from shared.event_store.protocol import WINDOW, Commit, Corrupted, EventStore
from shared.kafka import KafkaAccess, KafkaError, discard, topic_of
from shared.leases import Lease, LeaseLost
from shared.messaging import Message, messages_of
from shared.metrics import RELAY_LAG_EVENTS, RELAY_LAG_SECONDS, RELAY_POSITION
from shared.mongo import Database, DuplicateKeyError, PyMongoError
from shared.provenance import Provenance
from shared.signatures import Signer
from shared.telemetry import SpanKind, logger, span
from shared.topics import last_records
from shared.wakeup import WakeUp

IDLE = 1.0
BACKOFF = 0.5
PATIENCE = 30.0
"""Seconds that a window may take to be acknowledged: an idempotent producer tries for ever, also where it is stuck."""


class Checkpoints(Protocol):
    """Where a relay stands: {position, hash, epoch}."""

    async def take(self, epoch: int) -> tuple[int, bytes]:
        """Fence older epochs off; the position and hash reached so far."""
        ...

    async def advance(self, commit: Commit, epoch: int) -> None:
        """Move forward to this commit.

        Raises:
            LeaseLost: a newer epoch has taken it.
        """
        ...


class MongoCheckpoints:
    """The document `relay_checkpoints/relay`: memory of what was done, backed up and never rebuilt."""

    def __init__(self, database: Database) -> None:
        self._rows = database["relay_checkpoints"]

    async def take(self, epoch: int) -> tuple[int, bytes]:
        with contextlib.suppress(DuplicateKeyError):
            await self._rows.insert_one({"_id": "relay", "position": 0, "hash": bytes(32), "epoch": 0})
        await self._rows.update_one({"_id": "relay", "epoch": {"$lt": epoch}}, {"$set": {"epoch": epoch}})
        row = await self._rows.find_one({"_id": "relay"})
        if row is None or row["epoch"] != epoch:
            raise LeaseLost("relay")
        return row["position"], row["hash"]

    async def advance(self, commit: Commit, epoch: int) -> None:
        moved = await self._rows.update_one(
            {"_id": "relay", "epoch": epoch, "position": {"$lt": commit["_id"]}},
            {"$set": {"position": commit["_id"], "hash": commit["h"]}},
        )
        if not moved.matched_count:
            raise LeaseLost("relay")


class Relay:
    """The one active relay of a service; others wait for its lease."""

    def __init__(
        self,
        service: str,
        store: EventStore,
        checkpoints: Checkpoints,
        lease: Lease,
        kafka: KafkaAccess,
        wake: WakeUp,
        clock: Clock,
        signer: Signer,
        provenance: Provenance,
    ) -> None:
        self.service = service
        self.topic = topic_of(service)
        self._signer = signer
        self._provenance = provenance
        self._store = store
        self._checkpoints = checkpoints
        self._lease = lease
        self._kafka = kafka
        self._wake = wake
        self._clock = clock
        self._log = logger("relay")

    async def run(self) -> None:
        """Lead whenever the lease allows it, for ever.

        Raises:
            Corrupted: the log has a hole, or is not the one that was sent before: stop, alarm, let a person look.
        """
        while True:
            try:
                if await self._lease.acquire():
                    await self._lead()
                await asyncio.sleep(BACKOFF)
            except (KafkaError, PyMongoError, LeaseLost, TimeoutError, OSError) as error:
                self._log.warning("relay restarts", error=type(error).__name__)
                await asyncio.sleep(BACKOFF)
            except Corrupted:
                self._log.critical("relay halts", service=self.service)
                raise

    async def stop(self) -> None:
        """Give the lease back, so that the next relay starts at once."""
        with contextlib.suppress(PyMongoError):
            await self._lease.release()

    async def _lead(self) -> None:
        await self._provenance.note([self.topic])
        position, sent = await self._checkpoints.take(self._lease.epoch)
        await self._check_history(position, sent)
        producer = self._kafka.producer()
        try:
            await producer.start()
            while True:
                await self._lease.keep()
                commits = await self._store.window(position)
                if commits:
                    await self._send(producer, commits)
                    await self._checkpoints.advance(commits[-1], self._lease.epoch)
                    position = commits[-1]["_id"]
                    await self._measure(commits[-1], behind=len(commits) == WINDOW)
                else:
                    await self._measure(None)
                    await self._wake.wait(IDLE)
        finally:
            with contextlib.suppress(Exception):  # whatever state it is in
                await discard(producer)

    async def _send(self, producer: AIOKafkaProducer, commits: list[Commit]) -> None:
        """Queue everything in order, then wait for all of it; the first error discards the producer."""
        acks: list[Any] = []
        signed = self._signer.sign(one for commit in commits for one in messages_of(self.service, commit))
        try:
            async with asyncio.timeout(PATIENCE):
                for commit in commits:
                    acks += await self._queue(producer, commit, islice(signed, len(commit["ev"])))
                await asyncio.gather(*acks)
        finally:
            for ack in acks:
                ack.cancel()  # nobody waits any more for what was not acknowledged

    async def _queue(self, producer: AIOKafkaProducer, commit: Commit, messages: Iterable[Message]) -> list[Any]:
        with span(f"send {self.topic}", kind=SpanKind.PRODUCER, parent=commit["meta"].get("traceparent")):
            return [
                await producer.send(self.topic, key=key, value=value, headers=headers, timestamp_ms=time)
                for key, value, headers, time in messages
            ]

    async def _check_history(self, position: int, sent: bytes) -> None:
        """What was sent must still be in the store: otherwise an older backup was restored."""
        records = await last_records(self._kafka, self.topic, self._provenance.read)
        last = [(record.position, record.commit_hash) for record in records]
        for at, expected in [(position, sent.hex()), *last] if position else last:
            window = await self._store.window(at - 1, 1)
            if not window or window[0]["h"].hex() != expected:
                raise Corrupted(f"position {at} was sent, and the store does not hold it")

    async def _measure(self, last: Commit | None, *, behind: bool = False) -> None:
        """Lag in commits and in seconds; a window that was not full has no more behind it."""
        lag, age = 0, 0.0
        if last:
            RELAY_POSITION.labels(self.service).set(last["_id"])
            lag = (await self._store.head()).position - last["_id"] if behind else 0
            age = (self._clock.now() - last["at"]) / dt.timedelta(seconds=1) if lag else 0.0
        RELAY_LAG_EVENTS.labels(self.service).set(lag)
        RELAY_LAG_SECONDS.labels(self.service).set(age)
