"""The engine behind reactions, processes and effects: an inbox per source stream, in order, without gaps."""

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shared.clock import Clock
from shared.event_store.protocol import Conflict, StoreUnavailable
from shared.kafka import KafkaError
from shared.messaging import Delivered
from shared.metrics import REACTIONS
from shared.mongo import Database, PyMongoError, UpdateOne
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


class Gap(Exception):  # noqa: N818 - said as it is
    """A version is missing in what a topic delivered: the log or the relay is broken."""


@dataclass
class _Lane:
    """One handler and one source stream within a batch."""

    handler: Handler
    stream: str
    version: int
    parked: bool
    moved: bool = False


class Reactor:
    """All handlers of one service for one source topic."""

    def __init__(
        self, service: str, handlers: Sequence[Handler], database: Database, clock: Clock, patience: float = PATIENCE
    ) -> None:
        self._service = service
        self._handlers = handlers
        self._inbox = database["inbox"]
        self._parked = database["parked"]
        self._clock = clock
        self._patience = patience
        self._log = logger("reactor")

    @property
    def names(self) -> list[str]:
        """The consumers that stand in inbox and parked rows."""
        return [handler.name for handler in self._handlers]

    async def apply(self, deliveries: Sequence[Delivered]) -> None:
        """React to a batch, streams side by side; returns once the inbox has moved. Safe to repeat."""
        streams: dict[str, list[Delivered]] = {}
        for delivery in deliveries:
            streams.setdefault(delivery.stream, []).append(delivery)
        lanes = await self._lanes(list(streams))
        await asyncio.gather(*(self._lane(lane, streams[lane.stream]) for lane in lanes))
        await self._move([lane for lane in lanes if lane.moved])

    async def resume(self, row: dict[str, Any], fetch: Fetch) -> bool:
        """Try a parked key's events again, in order; whether all went through, those that came meanwhile included.

        The row goes last, and only if nothing was added to it: whatever is killed, no event is forgotten.
        """
        handler = next(one for one in self._handlers if one.name == row["consumer"])
        while fresh := await self._parked.find_one({"_id": row["_id"]}):
            [lane] = [one for one in await self._lanes([row["stream"]]) if one.handler is handler]
            error = await self._again(lane, await fetch(fresh["waiting"]))
            await self._move([lane] if lane.moved else [])
            if error:
                failed = {"$set": {"error": type(error).__name__}, "$inc": {"attempts": 1}, "$unset": {"request": ""}}
                await self._parked.update_one({"_id": row["_id"]}, failed)
                return False
            await self._parked.delete_one({"_id": row["_id"], "waiting": {"$size": len(fresh["waiting"])}})
        return True

    async def _again(self, lane: _Lane, waiting: Sequence[Delivered]) -> Exception | None:
        for delivery in sorted(waiting, key=lambda one: one.version):
            if delivery.version <= lane.version:
                continue
            try:
                await self._react(lane, delivery)
            except Exception as error:  # noqa: BLE001 - the key goes on waiting
                return error
            lane.version, lane.moved = delivery.version, True
        return None

    async def skip(self, row: dict[str, Any]) -> None:
        """Let the inbox pass the failing version; the caller has recorded who wanted it and why."""
        await self._inbox.update_one({"_id": _row_id(row["consumer"], row["stream"])}, {"$max": {"v": row["version"]}})

    async def _lanes(self, streams: Sequence[str]) -> list[_Lane]:
        ids = [_row_id(handler.name, stream) for handler in self._handlers for stream in streams]
        rows = await _for_ever(lambda: self._inbox.find({"_id": {"$in": ids}}).to_list(None))
        versions = {row["_id"]: int(row["v"]) for row in rows}
        parked = await _for_ever(lambda: self._parked.find({"_id": {"$in": ids}}, {"_id": 1}).to_list(None))
        waiting = {row["_id"] for row in parked}
        return [
            _Lane(handler, stream, versions.get(name, 0), name in waiting)
            for handler in self._handlers
            for stream in streams
            for name in [_row_id(handler.name, stream)]
        ]

    async def _lane(self, lane: _Lane, deliveries: Sequence[Delivered]) -> None:
        for delivery in deliveries:
            if delivery.version <= lane.version:
                continue
            if lane.parked:
                await self._wait_behind(lane, delivery)
                continue
            try:
                await self._react(lane, delivery)
            except Exception as error:  # noqa: BLE001 - whatever it is, only this key waits
                await self._park(lane, delivery, error)
            else:
                lane.version, lane.moved = delivery.version, True

    async def _react(self, lane: _Lane, delivery: Delivered) -> None:
        handler, event_type = lane.handler, delivery.stored["type"]
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

    async def _park(self, lane: _Lane, delivery: Delivered, error: Exception) -> None:
        """A pointer to the record and an error class: never a payload, never a message."""
        row = {
            "kind": "reaction",
            "consumer": lane.handler.name,
            "stream": lane.stream,
            "source": delivery.source,
            "version": delivery.version,
            "position": delivery.position,
            "event_id": delivery.stored["id"],
            "event_type": delivery.stored["type"],
            "error": type(error).__name__,
            "at": self._clock.now(),
            "waiting": [_pointer(delivery)],
            "attempts": 1,
        }
        name = _row_id(lane.handler.name, lane.stream)
        await _for_ever(lambda: self._parked.replace_one({"_id": name}, row, upsert=True))
        lane.parked = True
        self._log.error("key parked", consumer=lane.handler.name, error=type(error).__name__)

    async def _wait_behind(self, lane: _Lane, delivery: Delivered) -> None:
        name = _row_id(lane.handler.name, lane.stream)
        behind = {"$addToSet": {"waiting": _pointer(delivery)}}
        await _for_ever(lambda: self._parked.update_one({"_id": name}, behind))

    async def _move(self, lanes: Sequence[_Lane]) -> None:
        moves = [
            UpdateOne({"_id": _row_id(lane.handler.name, lane.stream)}, {"$max": {"v": lane.version}}, upsert=True)
            for lane in lanes
        ]
        if moves:
            await _for_ever(lambda: self._inbox.bulk_write(moves, ordered=False))


def _row_id(consumer: str, stream: str) -> str:
    return f"{consumer}|{stream}"


def _pointer(delivery: Delivered) -> dict[str, Any]:
    topic, partition, offset = delivery.place or ("", -1, -1)
    return {"topic": topic, "partition": partition, "offset": offset, "version": delivery.version}


async def _for_ever(attempt: Any) -> Any:
    """The database may be away: keep trying, the batch is not acknowledged meanwhile."""
    pause = 0.05
    while True:
        try:
            return await attempt()
        except PyMongoError:
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)
