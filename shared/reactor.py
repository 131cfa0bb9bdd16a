"""The engine behind reactions, processes and effects: an inbox per source stream, in order, without gaps."""

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from shared.clock import Clock
from shared.event_store.protocol import Conflict, StoreUnavailable
from shared.inbox import Inbox, Lane
from shared.kafka import KafkaError
from shared.messaging import Delivered, Gap
from shared.metrics import REACTIONS
from shared.mongo import Database, PyMongoError
from shared.telemetry import SpanKind, logger, span

PATIENCE = 2.0
"""Seconds for which a failing event is tried again before its key is parked."""


class Handler(Protocol):
    """What happens on each event of one source, once in effect: `handle` may be called again for the same event."""

    @property
    def name(self) -> str:
        """Stable: part of inbox rows."""
        ...

    @property
    def since(self) -> dt.datetime:
        """Events recorded before only move the inbox."""
        ...

    def wants(self, event_type: str) -> bool:
        """Whether this type leads to anything."""
        ...

    async def handle(self, delivery: Delivered) -> str:
        """Do what follows; the outcome's name. An exception is tried again, then parks the key."""
        ...


Fetch = Callable[[Sequence[dict[str, Any]]], Awaitable[list[Delivered]]]
"""Reads the records at these pointers (topic, partition, offset) again."""


class Reactor:
    """All handlers of one service for one source topic."""

    def __init__(
        self, service: str, handlers: Sequence[Handler], database: Database, clock: Clock, patience: float = PATIENCE
    ) -> None:
        self._service, self._database, self._clock = service, database, clock
        self._handlers = {handler.name: handler for handler in handlers}
        self._inbox = Inbox(database, clock)
        self._patience = patience
        self._log = logger("reactor")

    @property
    def names(self) -> list[str]:
        """The consumers that stand in inbox and parked rows."""
        return list(self._handlers)

    def only(self, names: Sequence[str]) -> "Reactor":
        """A reactor of these handlers alone."""
        handlers = [self._handlers[name] for name in names]
        return Reactor(self._service, handlers, self._database, self._clock, self._patience)

    async def apply(self, deliveries: Sequence[Delivered]) -> None:
        """React to a batch, streams side by side; returns once the inbox has moved. Safe to repeat."""
        streams: dict[str, list[Delivered]] = {}
        for delivery in deliveries:
            streams.setdefault(delivery.stream, []).append(delivery)
        lanes = await self._inbox.lanes(self.names, list(streams))
        await asyncio.gather(*(self._lane(lane, streams[lane.stream]) for lane in lanes))
        await self._inbox.move([lane for lane in lanes if lane.moved])

    async def resume(self, row: dict[str, Any], fetch: Fetch) -> bool:
        """Try a parked key's events again, in order; whether all went through, those that came meanwhile included.

        The row goes last, and only if nothing was added to it: whatever is killed, no event is forgotten.
        """
        while (pointers := await self._inbox.waiting(row["_id"])) is not None:
            [lane] = await self._inbox.lanes([row["consumer"]], [row["stream"]])
            error = await self._again(lane, await fetch(pointers))
            await self._inbox.move([lane] if lane.moved else [])
            if error:
                await self._inbox.still_parked(row["_id"], error)
                return False
            await self._inbox.unpark(row["_id"], len(pointers))
        return True

    async def _again(self, lane: Lane, waiting: Sequence[Delivered]) -> Exception | None:
        for delivery in sorted(waiting, key=lambda one: one.version):
            if delivery.version <= lane.version:
                continue
            try:
                await self._react(lane, delivery)
            except Exception as error:  # noqa: BLE001 - the key goes on waiting
                return error
            lane.passed(delivery.version)
        return None

    async def skip(self, row: dict[str, Any]) -> None:
        """Let the inbox pass what fails; the caller has recorded who wanted it and why."""
        await self._inbox.skip(row)

    async def _lane(self, lane: Lane, deliveries: Sequence[Delivered]) -> None:
        for delivery in deliveries:
            if delivery.version <= lane.version or (lane.parked and await self._inbox.wait_behind(lane, delivery)):
                continue
            if delivery.version <= lane.version:  # it went through while it was parked
                continue
            try:
                await self._react(lane, delivery)
            except Exception as error:  # noqa: BLE001 - whatever it is, only this key waits
                if await self._inbox.park(lane, delivery, error):
                    self._log.error("key parked", consumer=lane.consumer, error=type(error).__name__)
            else:
                lane.passed(delivery.version)

    async def _react(self, lane: Lane, delivery: Delivered) -> None:
        handler, event_type = self._handlers[lane.consumer], delivery.stored["type"]
        if delivery.version != lane.version + 1:
            raise Gap
        if not handler.wants(event_type) or delivery.recorded_at < handler.since:
            return
        started, pause = time.monotonic(), 0.02
        while True:
            try:
                with span(f"react {handler.name}", kind=SpanKind.CONSUMER, parent=delivery.traceparent):
                    outcome = await handler.handle(delivery)
            except (PyMongoError, KafkaError, StoreUnavailable, Conflict, OSError) as error:
                self._log.warning("reaction waits", reaction=handler.name, error=type(error).__name__)
            except Exception:
                if time.monotonic() - started > self._patience:
                    raise
            else:
                REACTIONS.labels(self._service, handler.name, outcome).inc()
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)
