"""Parked keys: what waits, why, and how it goes on (DESIGN §5). A row is a pointer, never a payload."""

import asyncio
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from shared.canonical import iso
from shared.clock import Clock
from shared.command_handler import CommandHandler
from shared.envelope import Metadata
from shared.event_store.protocol import AppendError
from shared.kafka import KafkaAccess, KafkaError
from shared.kernel import Command, Decider, Event, require
from shared.messaging import Read
from shared.metrics import PARKED_KEYS
from shared.mongo import Database, PyMongoError
from shared.projections.projector import Projector
from shared.projections.refold import resume
from shared.projections.writes import Collision
from shared.reactor import Reactor
from shared.telemetry import logger
from shared.topics import records_at

MEND_THEMSELVES = ("Deferred", "Gap")
"""Errors of keys that are tried again without being asked: it comes back later, or the missing version does."""
LONGEST = 600.0
SKIP = "skip"


class ParkedEventSkipped(Event, name="ParkedEventSkipped"):
    """Somebody decided that a consumer goes on without an event. Who stands in the metadata."""

    consumer: str
    stream: str
    version: int
    event_id: str
    reason: str


class SkipParkedEvent(Command):
    """Go on without an event."""

    consumer: str
    stream: str
    version: int
    event_id: str
    reason: str


def _decide(_: None, command: SkipParkedEvent) -> list[ParkedEventSkipped]:
    require(bool(command.reason.strip()), otherwise="reason-required")
    return [ParkedEventSkipped(**command.model_dump())]


parking: Decider[None, SkipParkedEvent, ParkedEventSkipped] = Decider(
    category="parking", retention="access", initial=None, decide=_decide, evolve=lambda state, _: state
)


class Parking:
    """The parked keys of one service, as operations see them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._rows = database["parked"]
        self._clock = clock

    async def rows(self) -> list[dict[str, Any]]:
        """Every parked key, oldest first."""
        return await self._rows.find().sort("at").to_list(None)

    async def unreadable(self, topic: str, partition: int, offset: int, error: Exception) -> None:
        """Park a record that is no event of ours."""
        name = f"record|{topic}|{partition}|{offset}"
        row = {
            "kind": "record",
            "consumer": topic,
            "stream": str(partition),
            "version": offset,
            "event_id": name,
            "error": type(error).__name__,
            "at": self._clock.now(),
        }
        await self._rows.replace_one({"_id": name}, row, upsert=True)

    async def ask(self, row_id: str, action: str, actor: str, reason: str) -> bool:
        """File a request, `retry` or `skip`, for the worker that consumes the key; False if nothing is parked there.

        Raises:
            Rejected: nothing is skipped without a reason.
        """
        require(action != SKIP or bool(reason.strip()), otherwise="reason-required")
        request = {"action": action, "actor": actor, "reason": reason, "at": self._clock.now()}
        return bool((await self._rows.update_one({"_id": row_id}, {"$set": {"request": request}})).matched_count)

    async def due(self) -> list[dict[str, Any]]:
        """What was asked for, and what is tried again by itself by now."""
        wanted = {"$or": [{"request": {"$exists": True}}, {"error": {"$in": MEND_THEMSELVES}}]}
        rows = await self._rows.find(wanted).to_list(None)
        return [row for row in rows if "request" in row or self._clock.now() >= _comes_back(row)]

    async def refuse(self, row: Mapping[str, Any], error: Exception) -> None:
        """Drop a request that cannot be carried out; the key goes on waiting."""
        change = {"refused": type(error).__name__, "tried_at": self._clock.now()}
        await self._rows.update_one({"_id": row["_id"]}, {"$set": change, "$unset": {"request": ""}})

    async def forget(self, row: Mapping[str, Any]) -> None:
        """A record that nobody can read was let go."""
        await self._rows.delete_one({"_id": row["_id"]})


def _comes_back(row: Mapping[str, Any]) -> dt.datetime:
    tried: dt.datetime = row.get("tried_at", row["at"])
    return tried + dt.timedelta(seconds=min(2.0 ** row.get("attempts", 1), LONGEST))


class Resumer:
    """Runs in the worker: carries out requests, and tries deferred keys again."""

    def __init__(
        self,
        service: str,
        parked: Parking,
        projectors: Mapping[str, Projector],
        reactors: Mapping[str, Reactor],
        commands: CommandHandler,
        kafka: KafkaAccess,
        clock: Clock,
        read: Read,
    ) -> None:
        """Projectors and reactors by the consumer name that stands in a row."""
        self._service = service
        self._parking = parked
        self._projectors = projectors
        self._reactors = reactors
        self._commands = commands
        self._kafka = kafka
        self._clock = clock
        self._read = read
        self._log = logger("parking")

    async def run(self) -> None:
        """Look every second, for ever."""
        while True:
            try:
                await self._measure()
                for row in await self._parking.due():
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
        if skip and (projector or reactor or row["kind"] == "record"):
            await self._record(row, request)
        if projector:
            return await resume(projector, row, skip=skip)
        if reactor:
            if skip:
                await reactor.skip(row)
            return await reactor.resume(row, lambda pointers: records_at(self._kafka, pointers, self._read))
        if row["kind"] == "record":
            require(skip, otherwise="record-unreadable")
            await self._parking.forget(row)
            return True
        return False  # another release's: its own worker does it

    async def _record(self, row: dict[str, Any], request: Mapping[str, Any]) -> None:
        stream = f"parking:{uuid.uuid5(uuid.NAMESPACE_OID, row['_id'])}"
        fields = {name: row[name] for name in ("consumer", "stream", "version", "event_id")}
        command = SkipParkedEvent(at=self._clock.now(), reason=request["reason"], **fields)
        cmd = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{row['_id']}|{row['event_id']}|{iso(request['at'])}"))
        meta = Metadata(pk=stream, actor=request["actor"], actor_kind="agent", correlation_id=cmd)
        await self._commands.handle(parking, stream, command, cmd=cmd, meta=meta)

    async def _measure(self) -> None:
        counts: dict[str, int] = {}
        for row in await self._parking.rows():
            counts[row["consumer"]] = counts.get(row["consumer"], 0) + 1
        for consumer in [*self._projectors, *self._reactors]:
            PARKED_KEYS.labels(self._service, consumer).set(counts.get(consumer, 0))
