"""A service's working parts, put together by hand: no container, nothing at import."""

import contextlib
import os
import uuid
from collections.abc import Sequence
from typing import Any

from shared.bulk import BulkHandler
from shared.clock import Clock, SystemClock
from shared.codec import EventCodec
from shared.command_handler import Answer
from shared.effects import Effect, EffectHandler
from shared.envelope import EventRegistry, Metadata
from shared.erasure import Erasure, ErasureHandler, Ledger
from shared.event_store import ClaimTaken, MongoEventStore
from shared.kafka import KafkaAccess, topic_of
from shared.kernel import Command, Event, Issued, Process, Rejected
from shared.leases import Lease
from shared.mongo import PyMongoError, connect
from shared.parking import ParkedEventSkipped, Parking, parking
from shared.personal_data import BlindIndex, MongoKeyStore, Vault
from shared.processes import ProcessHandler, ProcessStepped
from shared.projections.documents import AnyProjection, DocumentCodec
from shared.projections.lag import LagMeter
from shared.projections.pointers import Pointers
from shared.projections.projector import Projector
from shared.projections.queries import ReadModels
from shared.projections.remembered import RememberedDocuments
from shared.provenance import Provenance
from shared.reactions import Reaction, ReactionHandler
from shared.reactor import Handler, Reactor
from shared.relay import MongoCheckpoints, Relay
from shared.scheduler import Scheduler
from shared.service.definition import Aggregate, Definition
from shared.service.resuming import Resumer, readers_of
from shared.settings import BaseServiceSettings
from shared.signatures import Signer
from shared.telemetry import logger
from shared.topics import records_at
from shared.wakeup import ChangeStream, LocalSignal


class Service:
    """Everything a router, a worker or a test of one service needs."""

    def __init__(self, definition: Definition, settings: BaseServiceSettings, clock: Clock | None = None) -> None:
        self.definition = definition
        self.settings = settings
        self.name = definition.name
        self.clock = clock or SystemClock(settings.clock_offset_file)
        self.log = logger(definition.name)
        self.client = connect(settings.mongo_url)
        self.database = self.client[settings.mongo_database]
        self.kafka = KafkaAccess(
            settings.kafka_bootstrap, settings.kafka_username, settings.kafka_password.get_secret_value()
        )
        self.provenance = Provenance(self.name, settings.record_public_keys, self.database, self.kafka)
        self.vault = Vault(MongoKeyStore(self.client), settings.kek())
        self.signal = LocalSignal()
        self.store = MongoEventStore(self.client, settings.mongo_database, self.clock, self.signal)
        own: list[type[Event]] = [ParkedEventSkipped, ProcessStepped]
        self.codec = EventCodec(EventRegistry(self.name, [*definition.events, *own], definition.upcasters), self.vault)
        self.documents = DocumentCodec(self.vault)
        self.pointers = Pointers(self.database)
        self.queries = ReadModels(self.database, RememberedDocuments(self.vault), self.pointers)
        self.parking = Parking(self.database, self.clock)
        self.commands = BulkHandler(self.name, self.store, self.codec, self.vault, settings.hash_key("fingerprint")[1])
        self._aggregates = {one.decider.category: one for one in [*definition.aggregates, Aggregate(parking)]}

    async def prepare(self) -> None:
        """Create indexes and first pointers; safe to repeat, and by several processes."""
        await self.store.prepare()
        await self.projector(self.definition.projections).prepare()
        for projection in self.definition.projections:
            await self.pointers.first(projection)

    async def close(self) -> None:
        """Finish the appends under way, then hang up."""
        await self.store.close()
        self.client.close()

    async def handle(self, stream: str, command: Command, *, cmd: str, meta: Metadata) -> Answer:
        """Decide a command on a stream; its category (before the colon) names the aggregate.

        Raises:
            Rejected, Conflict, CommandReused, ClaimTaken, StoreUnavailable: see CommandHandler.handle.
        """
        aggregate = self._aggregates[stream.partition(":")[0]]
        return await self.commands.handle(
            aggregate.decider, stream, command, cmd=cmd, meta=meta, claims=aggregate.claims
        )

    async def state(self, stream: str) -> tuple[Any, int]:
        """A stream's state and version (0: it does not exist)."""
        return await self.commands.state(self._aggregates[stream.partition(":")[0]].decider, stream)

    async def execute(self, issued: Issued, cmd: str, meta: Metadata) -> bool:
        """Handle a command that a reaction or process decided; False if a rule refused it."""
        try:
            await self.handle(issued.stream, issued.command, cmd=cmd, meta=meta)
        except (Rejected, ClaimTaken):
            return False
        return True

    def blind(self, purpose: str) -> BlindIndex:
        """The keyed hash for one purpose."""
        version, key = self.settings.hash_key(purpose)
        return BlindIndex(purpose, version, key)

    async def ready(self) -> dict[str, bool]:
        """What must answer before requests are taken."""
        with contextlib.suppress(PyMongoError):
            await self.database["commits"].find_one({"_id": 1}, {"_id": 1})
            return {"database": True}
        return {"database": False}

    def projector(self, projections: Sequence[AnyProjection]) -> Projector:
        """A projector of these read models."""
        return Projector(
            self.name,
            projections,
            self.client,
            self.database,
            self.store,
            self.codec,
            self.documents,
            self.clock,
        )

    def relay(self, *, same_process: bool) -> Relay:
        """The service's relay; it waits for its lease."""
        return Relay(
            self.name,
            self.store,
            MongoCheckpoints(self.database),
            self.lease("relay"),
            self.kafka,
            self.signal if same_process else ChangeStream(self.database["commits"]),
            self.clock,
            Signer(topic_of(self.name), self.settings.record_key(self.name)),
            self.provenance,
        )

    def reactors(self) -> dict[str, Reactor]:
        """One reactor per topic that something here reacts to."""
        handlers: dict[str, list[Handler]] = {}
        for topic, handler in self._handlers():
            handlers.setdefault(topic, []).append(handler)
        return {topic: Reactor(self.name, own, self.database, self.clock) for topic, own in handlers.items()}

    def resumer(self, projector: Projector, reactors: dict[str, Reactor]) -> Resumer:
        """Resumes whatever this service's consumers have parked."""
        by_name = {name: reactor for reactor in reactors.values() for name in reactor.names}
        projectors = {projection.id: projector for projection in projector.projections}
        return Resumer(
            self.name,
            self.parking,
            projectors,
            by_name,
            readers_of(self.name, self.database, projector, reactors),
            self.commands,
            lambda pointers: records_at(self.kafka, pointers, self.provenance.read),
            self.clock,
        )

    def scheduler(self) -> Scheduler:
        """Fires the deadlines; it waits for its lease."""
        return Scheduler(
            self.name,
            self.definition.deadlines,
            self._issuable(),
            self.database,
            self.documents,
            self.pointers,
            self.execute,
            self.lease("scheduler"),
            self.clock,
        )

    def lag_meter(self) -> LagMeter:
        """Measures how far the read models are behind."""
        return LagMeter(self.name, self.definition.projections, self.store, self.database, self.clock)

    def _handlers(self) -> list[tuple[str, Handler]]:
        own = topic_of(self.name)
        commands = self._issuable()
        reactions = [(topic_of(one.source), self._reaction(one)) for one in self.definition.reactions]
        processes = [(own, self._process(one, commands)) for one in self.definition.processes]
        effects = [(own, self._effect(one)) for one in self.definition.effects(self)]
        forgetting = self.definition.erasure(self) if self.definition.erasure else None
        erasures = [(topic_of(forgetting.source), self._erasure(forgetting))] if forgetting else []
        return [*reactions, *processes, *effects, *erasures]

    def _issuable(self) -> dict[str, type[Command]]:
        return {command.__name__: command for command in self.definition.commands}

    def lease(self, name: str) -> Lease:
        """For what only one process of this service may do at a time."""
        return Lease(self.database, name, f"{os.getpid()}-{uuid.uuid4()}")

    def _reaction(self, reaction: Reaction) -> Handler:
        return ReactionHandler(reaction, self.vault, self.execute)

    def _process(self, process: Process[Any, Any], commands: dict[str, type[Command]]) -> Handler:
        return ProcessHandler(process, commands, self.store, self.codec, self.vault, self.commands.handle, self.execute)

    def _erasure(self, erasure: Erasure) -> Handler:
        return ErasureHandler(erasure, Ledger(self.database), self.vault, self.execute)

    def _effect(self, effect: Effect) -> Handler:
        return EffectHandler(effect, self.codec, self.database, self.clock, self.name)
