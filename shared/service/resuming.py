"""Parked keys go on, and records that were not believed are read again: what was asked for, and what mends itself."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from shared.canonical import iso
from shared.clock import Clock
from shared.command_handler import CommandHandler
from shared.envelope import Metadata
from shared.event_store.protocol import AppendError
from shared.guard import Guard, Handle
from shared.kafka import KafkaError, topic_of
from shared.kernel import require
from shared.messaging import UNREADABLE, Delivered
from shared.metrics import PARKED_KEYS
from shared.mongo import Database, PyMongoError
from shared.parking import RECORD, SKIP, Parking, SkipParkedEvent, parking
from shared.projections.projector import Projector
from shared.projections.refold import resume
from shared.projections.writes import Collision
from shared.reactor import Fetch, Reactor
from shared.telemetry import logger


class Resumer:
    """Runs in the worker: carries out requests, and tries deferred keys again."""

    def __init__(
        self,
        service: str,
        parked: Parking,
        projectors: Mapping[str, Projector],
        reactors: Mapping[str, Reactor],
        readers: Mapping[str, Handle],
        commands: CommandHandler,
        fetch: Fetch,
        clock: Clock,
    ) -> None:
        """Projectors and reactors by the consumer name that stands in a row, readers by their topic."""
        self._service = service
        self._parking = parked
        self._projectors = projectors
        self._reactors = reactors
        self._readers = readers
        self._commands = commands
        self._fetch = fetch
        self._clock = clock
        self._log = logger("parking")

    async def run(self) -> None:
        """Look every second, for ever."""
        while True:
            try:
                rows = await self._parking.rows()
                self._measure(rows)
                for row in self._parking.due(rows):
                    await self.carry_out(row)
            except PyMongoError as error:
                self._log.warning("resume waits", error=type(error).__name__)
            await asyncio.sleep(1.0)

    async def carry_out(self, row: dict[str, Any]) -> None:
        """Try one parked key again; whatever comes of it, the others have their turn."""
        consumer = row["consumer"]
        try:
            went = await self._again(row)
            self._log.info("resumed" if went else "still parked", consumer=consumer)
        except (PyMongoError, KafkaError, Collision, AppendError) as error:
            self._log.warning("resume waits", consumer=consumer, error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a request that cannot be carried out must not end the worker
            self._log.error("resume refused", consumer=consumer, error=type(error).__name__)
            await self._parking.refuse(row, error)

    async def _again(self, row: dict[str, Any]) -> bool:
        request = row.get("request", {})
        skip = request.get("action") == SKIP
        projector, reactor = self._projectors.get(row["consumer"]), self._reactors.get(row["consumer"])
        if skip and (projector or reactor or row["kind"] == RECORD):
            await self._record(row, request)
        if projector:
            return await resume(projector, row, skip=skip)
        if reactor:
            if skip:
                await reactor.skip(row)
            return await reactor.resume(row, self._fetch)
        if row["kind"] != RECORD:
            return False  # another release's: its own worker does it
        if not skip and (error := await self._read_again(row)):
            await self._parking.still_parked(row, error)
            return False
        await self._parking.forget(row)
        return True

    async def _read_again(self, row: Mapping[str, Any]) -> Exception | None:
        """Hand a record that is believed by now to all who read its topic; why, if it still is not.

        They drop what they have had, and keep the order of its key.
        """
        pointer = {"topic": row["consumer"], "partition": int(row["stream"]), "offset": row["version"]}
        require(pointer["topic"] in self._readers, otherwise="topic-not-read")
        try:
            [found] = await self._fetch([pointer])
            require(found.place == tuple(pointer.values()), otherwise="record-gone")
            await self._readers[pointer["topic"]]([found])
        except UNREADABLE as error:
            return error
        return None

    async def _record(self, row: dict[str, Any], request: Mapping[str, Any]) -> None:
        stream = f"parking:{uuid.uuid5(uuid.NAMESPACE_OID, row['_id'])}"
        fields = {name: row[name] for name in ("consumer", "stream", "version", "event_id")}
        command = SkipParkedEvent(at=self._clock.now(), reason=request["reason"], **fields)
        cmd = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{row['_id']}|{row['event_id']}|{iso(request['at'])}"))
        meta = Metadata(pk=stream, actor=request["actor"], actor_kind="agent", correlation_id=cmd)
        await self._commands.handle(parking, stream, command, cmd=cmd, meta=meta)

    def _measure(self, rows: Sequence[Mapping[str, Any]]) -> None:
        counts: dict[str, int] = {}
        for row in rows:
            counts[row["consumer"]] = counts.get(row["consumer"], 0) + 1
        for consumer in [*self._projectors, *self._reactors]:
            PARKED_KEYS.labels(self._service, consumer).set(counts.get(consumer, 0))


def readers_of(
    service: str, database: Database, projector: Projector, reactors: Mapping[str, Reactor]
) -> dict[str, Handle]:
    """By topic, what is done with a record of it that is read alone; one that the own log does not know raises."""
    own = topic_of(service)
    readers: dict[str, Handle] = {topic: reactor.apply for topic, reactor in reactors.items()}

    async def of_own(deliveries: Sequence[Delivered]) -> None:
        await projector.apply(deliveries)
        if own in reactors:
            await reactors[own].apply(deliveries)

    return readers | {own: Guard(service, database, _refuse).before(of_own)}


async def _refuse(_topic: str, _partition: int, _offset: int, error: Exception) -> None:
    raise error
