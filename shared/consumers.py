"""Faust, tamed: the only place with `app.agent` (packages.md §4: anything else loses events)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import faust
import faust.transport.drivers.aiokafka as driver
from faust.types.auth import SASLMechanism
from mode import CrashingSupervisor

from shared.kafka import KafkaAccess
from shared.messaging import UNREADABLE, Delivered, Read, Record, Unreadable
from shared.telemetry import SpanKind, logger, span

Handle = Callable[[Sequence[Delivered]], Awaitable[None]]
AHEAD = 400
"""Events of one partition that wait while a batch is under way; with more, reading pauses (ADR 33)."""
START = 30.0
"""Seconds within which an app has started, or never will."""
TRACES = 20
"""How many traces of one batch get a span of their own."""


class SafeConsumer(driver.Consumer):  # type: ignore[misc]  # faust ships no complete types
    """Closes two known bugs of faust-streaming 0.15.3: drop it when PR #707 and PR #692 are in a release."""

    def _filter_committable_offsets(self, tps: Any) -> Any:
        """Look once for the lowest offset of each partition that is not acknowledged: thousands may be under way."""
        self._lowest: dict[Any, int] = {}
        for message in self._unacked_messages:
            if not message.acked:
                self._lowest[message.tp] = min(message.offset, self._lowest.get(message.tp, message.offset))
        return super()._filter_committable_offsets(tps)

    def _new_offset(self, tp: Any) -> int | None:
        """Never pass a message that is not acknowledged yet (#606)."""
        limit = self._lowest.get(tp)
        if limit is None:
            return super()._new_offset(tp)  # type: ignore[no-any-return]
        acked = self._acked[tp]
        keep = [offset for offset in acked if offset >= limit]
        acked[:] = [offset for offset in acked if offset < limit]
        try:
            return super()._new_offset(tp) if acked else None
        finally:
            acked.extend(keep)

    async def _commit_offsets(self, offsets: Any, start_new_transaction: bool = True) -> bool:  # noqa: FBT001, FBT002
        """A failed commit leaves the bookkeeping as it was (#316)."""
        before = dict(self._committed_offset)
        done: bool = await super()._commit_offsets(offsets, start_new_transaction)
        if not done:
            for tp in offsets:
                if tp in before:
                    self._committed_offset[tp] = before[tp]
                else:
                    self._committed_offset.pop(tp, None)
        return done


class SafeTransport(driver.Transport):  # type: ignore[misc]  # likewise
    """Faust's aiokafka transport with the safe consumer."""

    Consumer = SafeConsumer


def consumer_app(
    group: str, kafka: KafkaAccess, data: Path, *, instance: str | None = None, **settings: Any
) -> faust.App:
    """A Faust app of one consumer group. `instance` gives it static membership: a restart rejoins at once."""
    defaults: dict[str, Any] = {
        "broker": [f"kafka://{address}" for address in kafka.bootstrap.split(",")],
        "broker_credentials": _credentials(kafka),
        "broker_commit_every": 1000,
        "broker_commit_interval": 1.0,
        "broker_session_timeout": 15.0,
        "broker_rebalance_timeout": 15.0,
        "broker_heartbeat_interval": 3.0,
        "consumer_auto_offset_reset": "earliest",
        "consumer_group_instance_id": instance,
        "stream_wait_empty": False,
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "web_enabled": False,
        "value_serializer": "raw",
        "key_serializer": "raw",
        "store": "memory://",
        "datadir": str(data),
        "agent_supervisor": CrashingSupervisor,
        "autodiscover": False,
    }
    app = faust.App(group, **(defaults | settings))
    app.transport = SafeTransport(app.conf.broker_consumer, app)
    return app


def _credentials(kafka: KafkaAccess) -> Any:
    if not kafka.username:
        return None
    return faust.SASLCredentials(
        mechanism=SASLMechanism.SCRAM_SHA_256,
        username=kafka.username,
        password=kafka.password,
        ssl_context=kafka.tls,
    )


def consume(app: faust.App, topic: str, handle: Handle, unreadable: Unreadable, read: Read) -> None:
    """Hand a topic to `handle`, partition by partition in order, and acknowledge what it has returned from.

    A batch is whatever came while the one before was under way: an event alone goes at once, a crowd goes together.
    `handle` never raises: it tries for ever, or parks. A record that is not an event of ours is told to `unreadable`.
    """
    source = app.topic(topic, value_type=bytes, key_type=bytes)

    def crash_if_failed(task: asyncio.Task[None]) -> None:  # there may be no further event that would meet the failure
        if not task.cancelled() and (error := task.exception()):
            app._crash(error)  # noqa: SLF001 - `crash` logs the message, which may hold personal data

    @app.agent(source, isolated_partitions=True, name=f"{app.conf.id}:{topic}")  # type: ignore[untyped-decorator]
    async def agent(stream: Any) -> None:
        lane = _Lane(stream, topic, handle, unreadable, read)
        lane.task.add_done_callback(crash_if_failed)
        try:
            async for event in stream.noack().events():
                await lane.put(event)
        except asyncio.CancelledError:
            # The partition goes to another worker: Faust takes an agent that ends cancelled for one that crashed.
            if not cast("asyncio.Task[None]", asyncio.current_task()).cancelling():
                raise
        finally:  # what is not acknowledged comes again
            lane.task.cancel()


class _Lane:
    """One partition: reads ahead while a batch is handled."""

    def __init__(self, stream: Any, topic: str, handle: Handle, unreadable: Unreadable, read: Read) -> None:
        self._stream = stream
        self._topic = topic
        self._handle = handle
        self._unreadable = unreadable
        self._read = read
        self._waiting: list[Any] = []
        self._filled, self._room = asyncio.Event(), asyncio.Event()
        self.task = asyncio.create_task(self._run())

    async def put(self, event: Any) -> None:
        while len(self._waiting) >= AHEAD:
            self._room.clear()
            await self._room.wait()
        self._waiting.append(event)
        self._filled.set()

    async def _run(self) -> None:
        while True:
            await self._filled.wait()
            events, self._waiting = self._waiting, []
            self._filled.clear()
            self._room.set()
            batch = await _read(self._topic, events, self._unreadable, self._read)
            with ExitStack() as spans:
                for parent in _traces(batch):
                    spans.enter_context(span(f"process {self._topic}", kind=SpanKind.CONSUMER, parent=parent))
                await self._handle(batch)
            for event in events:
                await self._stream.ack(event)


async def _read(topic: str, events: Sequence[Any], unreadable: Unreadable, read: Read) -> list[Delivered]:
    batch = []
    for event in events:
        message = event.message
        record = Record(topic, message.partition, message.offset, message.key, event.value, event.headers)
        try:
            batch.append(read(record))
        except UNREADABLE as error:
            logger("consumer").error("unreadable record", topic=topic, offset=record.offset, error=type(error).__name__)
            await unreadable(*record.place, error)
    return batch


def _traces(batch: Sequence[Delivered]) -> list[str]:
    found = dict.fromkeys(one.traceparent for one in batch)
    return [parent for parent in found if parent][:TRACES]


async def run_app(app: faust.App) -> None:
    """Run an app until it is cancelled or crashes.

    Raises:
        RuntimeError: it crashed.
    """
    app.loop = asyncio.get_running_loop()
    app.finalize()
    Path(app.conf.datadir).parent.mkdir(parents=True, exist_ok=True)
    starting = asyncio.ensure_future(app.start())
    try:
        await asyncio.shield(starting)
        await app.wait_until_stopped()
    finally:
        await asyncio.wait({starting}, timeout=START)  # half a start cannot be stopped
        await app.stop()
    if app.crashed:
        raise RuntimeError(f"{app.conf.id} crashed") from app.crash_reason
