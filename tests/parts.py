"""The toy service's parts put together by hand, for tests and helper programs that need less than a whole service."""

import uuid
from typing import Any

from shared.codec import EventCodec
from shared.command_handler import Answer, CommandHandler
from shared.envelope import EventRegistry, Metadata
from shared.event_store import EventStore
from shared.personal_data import MemoryKeyStore, Vault
from tests import toy

SECRET = b"the key of commands that concern nobody"


def vault() -> Vault:
    return Vault(MemoryKeyStore(), bytes(32))


def codec(keys: Vault) -> EventCodec:
    return EventCodec(EventRegistry("toy", toy.EVENTS, toy.UPCASTERS), keys)


def metadata(person: str = "anne", actor: str = "anne", **more: Any) -> Metadata:
    return Metadata(pk=person, actor=actor, actor_kind="member", correlation_id="c-1", person_id=person, **more)


class Toy:
    """Decides commands on boxes."""

    def __init__(self, store: EventStore, keys: Vault | None = None, claims: Any = None) -> None:
        self.store = store
        self.vault = keys or vault()
        self.codec = codec(self.vault)
        self.claims = claims
        self.commands = CommandHandler("toy", store, self.codec, self.vault, SECRET)

    async def send(
        self, command: toy.BoxCommand, *, box: str = "", cmd: str = "", meta: Metadata | None = None
    ) -> Answer:
        """To the person's own box, by the person, under a new id: unless said otherwise."""
        return await self.commands.handle(
            toy.box,
            box or f"box:{command.person_id}",
            command,
            cmd=cmd or str(uuid.uuid4()),
            meta=meta or metadata(command.person_id),
            claims=self.claims,
        )

    async def state(self, box: str) -> tuple[toy.Box, int]:
        return await self.commands.state(toy.box, box)


def opening(person: str = "anne", label: str = "hush", **more: Any) -> toy.Open:
    return toy.Open(at=toy.T0, person_id=person, label=label, **more)


def put(amount: int = 1, person: str = "anne") -> toy.Put:
    return toy.Put(at=toy.T0, person_id=person, amount=amount)


def empty(person: str = "anne") -> toy.Empty:
    return toy.Empty(at=toy.T0, person_id=person)
