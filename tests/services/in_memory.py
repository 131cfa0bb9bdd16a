"""A service on the in-memory store: the real deciders, processes, reactions and read models, no network, no disk."""

import datetime as dt
import hashlib
import os
import uuid
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import APIRouter, FastAPI
from fastapi.middleware import Middleware
from joserfc.jwk import OKPKey

from shared.bulk import BulkHandler
from shared.clock import Clock
from shared.codec import EventCodec
from shared.command_handler import Answer
from shared.envelope import EventRegistry, Metadata
from shared.event_store.memory import MemoryEventStore
from shared.event_store.protocol import Draft
from shared.http_requests import Requests
from shared.kernel import Command, Event, Issued, Projection, Rejected, Value
from shared.messaging import Delivered, delivered_of
from shared.personal_data import BlindIndex, MemoryKeyStore, Vault
from shared.problems import ProblemCatalogue, install
from shared.processes import ProcessHandler, ProcessStepped
from shared.projections.queries import Written
from shared.reactions import ReactionHandler
from shared.security import STEP_UP, TokenIssuer, TokenVerifier, key_id
from shared.service import Definition

D = TypeVar("D", bound=Value)
EDGES = ("gateway", "console")


class InMemoryService:
    """Quacks like shared.service.Service; `settle` does what the workers would have done by now."""

    def __init__(self, definition: Definition, clock: Clock, secrets: Path | None = None) -> None:
        self.definition = definition
        self.name = definition.name
        self.clock = clock
        self.store = MemoryEventStore(clock)
        self.vault = Vault(MemoryKeyStore(), os.urandom(32))
        registry = EventRegistry(self.name, [*definition.events, ProcessStepped], definition.upcasters)
        self.codec = EventCodec(registry, self.vault)
        self.commands = BulkHandler(self.name, self.store, self.codec, self.vault, os.urandom(32))
        self.queries = Queries(self)
        self.settings = Settings(secrets)
        self.database: Any = NoDatabase()
        self._aggregates = {one.decider.category: one for one in definition.aggregates}
        self._keys = {name: Ed25519PrivateKey.generate() for name in EDGES}
        self._settled = 0

    async def handle(self, stream: str, command: Command, *, cmd: str, meta: Metadata) -> Answer:
        aggregate = self._aggregates[stream.partition(":")[0]]
        return await self.commands.handle(
            aggregate.decider, stream, command, cmd=cmd, meta=meta, claims=aggregate.claims
        )

    async def state(self, stream: str) -> tuple[Any, int]:
        return await self.commands.state(self._aggregates[stream.partition(":")[0]].decider, stream)

    async def execute(self, issued: Issued, cmd: str, meta: Metadata) -> bool:
        try:
            await self.handle(issued.stream, issued.command, cmd=cmd, meta=meta)
        except Rejected:
            return False
        return True

    def blind(self, purpose: str) -> BlindIndex:
        return self.settings.blind(purpose)

    async def settle(self) -> None:
        """Run every process on every event, until nothing follows any more."""
        commands = {command.__name__: command for command in self.definition.commands}
        handlers = [
            ProcessHandler(one, commands, self.store, self.codec, self.vault, self.commands.handle, self.execute)
            for one in self.definition.processes
        ]
        while self._settled < len(self.store.commits):
            for delivery in delivered_of(self.name, self.store.commits[self._settled]):
                for handler in handlers:
                    if handler.wants(delivery.stored["type"]):
                        await handler.handle(delivery)
            self._settled += 1

    async def react(self, delivery: Delivered, vault: Vault) -> list[str]:
        """Run every reaction on one event of another service; the outcomes."""
        handlers = [
            ReactionHandler(one, vault, self.execute)
            for one in self.definition.reactions
            if one.source == delivery.source
        ]
        wanted = [handler for handler in handlers if handler.wants(delivery.stored["type"])]
        return [await handler.handle(delivery) for handler in wanted]

    async def happened(self, stream: str, *events: Event) -> None:
        """Let a stream have these events, whatever its rules say."""
        cmd = str(uuid.uuid4())
        known = await self.codec.decode(await self.store.stream(stream))
        stored = await self.codec.encode(list(events), stream, cmd)
        meta = Metadata(pk=stream.partition(":")[2], actor="test", actor_kind="system", correlation_id=cmd)
        version = known[-1].version if known else 0
        await self.store.append(Draft(stream, version, cmd, b"", stored, meta.dump()))

    async def events(self) -> list[Any]:
        """Every event so far, opened."""
        return [entry.event for entry in await self.codec.decode(self.store.commits)]

    def types(self) -> list[str]:
        """The names of every event so far."""
        return [event["type"] for commit in self.store.commits for event in commit["ev"]]

    def app(self, routers: Sequence[APIRouter], catalogue: ProblemCatalogue) -> FastAPI:
        """The HTTP side."""
        outer = Middleware(Requests, service=self.name, catalogue=catalogue, max_body=1 << 20)
        app = FastAPI(middleware=[outer])
        jwks = {"keys": [_jwk(name, key) for name, key in self._keys.items()]}
        app.state.verifier = TokenVerifier(jwks, self.name, EDGES, self.clock)
        install(app, catalogue)
        for router in routers:
            app.include_router(router)
        return app

    def token(
        self,
        member_id: str | None = None,
        *,
        edge: str = "gateway",
        session: str | None = None,
        stepped_up: bool = False,
        kind: str = "member",
        by_program: bool = False,
    ) -> Mapping[str, str]:
        """The header of a caller that came through an edge."""
        pem = self._keys[edge].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        issuer = TokenIssuer(pem, edge, None, self.clock)
        actor = member_id or "visitor"
        text = issuer.issue(
            self.name,
            actor=actor,
            actor_kind=kind,
            acr=STEP_UP if stepped_up else "code",
            member_id=member_id,
            auth_time=self.clock.now(),
            session=session,
            by_program=by_program,
        )
        return {"Authorization": f"Bearer {text}"}


class Settings:
    """Keys made up for each test."""

    def __init__(self, secrets: Path | None) -> None:
        self.secrets_dir = secrets or Path("no-such-folder")
        self._keys: dict[str, BlindIndex] = {}
        self._signing: dict[str, Ed25519PrivateKey] = {}

    def blind(self, purpose: str) -> BlindIndex:
        return self._keys.setdefault(purpose, BlindIndex(purpose, 1, os.urandom(32)))

    public_url = "https://compte.exemple.fr"

    def private_key(self, name: str) -> str:
        """The PEM of a signing key."""
        key = self._signing.setdefault(name, Ed25519PrivateKey.generate())
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def hash_key(self, purpose: str) -> tuple[int, bytes]:
        index = self.blind(purpose)
        return index.version, index.key


class MemoryFiles:
    """The archive in a dict."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, str], tuple[bytes, str]] = {}

    async def put(self, content: bytes, *, person_id: str, retention: str, media_type: str) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self.kept[sha256, person_id, retention] = content, media_type
        return sha256

    async def get(self, sha256: str, *, person_id: str, retention: str) -> tuple[bytes, str] | None:
        return self.kept.get((sha256, person_id, retention))


class NoDatabase(dict[str, Any]):
    """Whoever asks it gets nothing: a test that needs a database is a connected one."""

    def __missing__(self, name: str) -> None:
        return None


class Queries:
    """Folds a read model from the log each time it is asked: there is no lag, unless a test makes one."""

    def __init__(self, service: InMemoryService) -> None:
        self._service = service
        self.missing = 0
        self.age: dt.datetime | None = None
        self.waited: list[Written | None] = []

    async def all(self, projection: Projection[D, Any]) -> dict[str, D]:
        """Every document by its key."""
        documents: dict[str, D] = {}
        for event in await self._service.events():
            key = projection.key(event) if isinstance(event, projection.handles) else None
            if key is not None:
                document = projection.evolve(documents.pop(key, None), event)
                if document is not None:
                    documents[key] = document
        return documents

    async def get(self, projection: Projection[D, Any], key: str) -> D | None:
        return (await self.all(projection)).get(key)

    async def get_many(self, projection: Projection[D, Any], keys: Collection[str]) -> list[D]:
        found = await self.all(projection)
        return [found[key] for key in sorted({*keys} & found.keys())]

    async def find(self, projection: Projection[D, Any], limit: int = 1000, **equal: Any) -> list[D]:
        unknown = equal.keys() - {*(index.partition(",")[0] for index in projection.indexes), "_id"}
        assert not unknown, f"no index on {unknown}"
        documents = sorted((await self.all(projection)).items())
        return [
            document
            for key, document in documents
            if all((key if name == "_id" else getattr(document, name)) == value for name, value in equal.items())
        ][:limit]

    async def newest(
        self, projection: Projection[D, Any], by: str, limit: int, before: tuple[str, str] | None = None, **equal: Any
    ) -> list[D]:
        assert any(f",{by}" in index for index in projection.indexes), f"no index for {by}"
        found = [
            (one.model_dump(mode="json")[by], key, one)
            for key, one in (await self.all(projection)).items()
            if all(getattr(one, name) == value for name, value in equal.items())
        ]
        found.sort(key=lambda row: row[:2], reverse=True)
        return [one for time, key, one in found if before is None or (time, key) < before][:limit]

    async def soonest(self, projection: Projection[D, Any], by: str, limit: int) -> list[D]:
        assert by in projection.indexes, f"no index for {by}"
        found = [(one.model_dump(mode="json")[by], key, one) for key, one in (await self.all(projection)).items()]
        return [one for _, _, one in sorted(found, key=lambda row: row[:2])][:limit]

    async def count(self, projection: Projection[Any, Any], limit: int = 1000, **equal: Any) -> int:
        assert not equal or ",".join(equal) in projection.indexes, f"no index for {sorted(equal)}"
        documents = (await self.all(projection)).values()
        found = (one for one in documents if all(getattr(one, name) == value for name, value in equal.items()))
        return min(sum(1 for _ in found), limit)

    async def as_of(self, _: Projection[Any, Any]) -> dt.datetime | None:
        return self.age

    async def wait(self, _: Projection[Any, Any], written: Written | None, patience: float = 2.0) -> int:
        self.waited.append(written)
        return self.missing


def _jwk(name: str, private: Ed25519PrivateKey) -> dict[str, Any]:
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    key = OKPKey.import_key(pem)
    return {**key.as_dict(private=False), "kid": key_id(name, key), "use": "sig", "alg": "Ed25519"}
