"""What every way in needs, put together once; and who is asking."""

import datetime as dt
import uuid
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from services.identity.access.links import LinkTokens
from services.identity.access.stores import Stores
from services.identity.domain.ages import day_of
from services.identity.domain.ids import DeviceId
from services.identity.settings import IdentitySettings
from shared.clock import Clock
from shared.command_handler import Answer
from shared.envelope import Metadata
from shared.kernel import Value
from shared.personal_data import BlindIndex, Vault
from shared.sign_in.evenly import evenly
from shared.sign_in.gates import Gatekeeper
from shared.sign_in.hashing import CodeHasher


class Names(Protocol):
    """The part of an event store that knows who holds a name."""

    async def holders(self, claims: Sequence[str]) -> dict[str, str]:
        """The stream that holds each of these names, where one does."""
        ...


class Carrier(Protocol):
    """The part of a service that carries commands out; each method as in shared.service."""

    vault: Vault

    @property
    def store(self) -> Names:
        """Its log."""
        ...

    async def handle(self, stream: str, command: Any, *, cmd: str, meta: Metadata) -> Answer:
        """Decide a command and store the outcome."""
        ...

    async def state(self, stream: str) -> tuple[Any, int]:
        """The state of a stream, and its version."""
        ...


@dataclass(frozen=True)
class Indexes:
    """Keyed hashes, by purpose."""

    nir: BlindIndex
    email: BlindIndex
    serial: BlindIndex
    iban: BlindIndex
    origin: BlindIndex


class Device(Value):
    """A browser, by the signed cookie that the edge has read, and what it says it is."""

    id: DeviceId
    name: str


@dataclass(frozen=True)
class Call:
    """One request: the id of its command, and who sends it."""

    cmd: str
    actor: str
    actor_kind: str
    correlation_id: str
    session: str = ""
    """The browser session, as the edge names it."""
    device: Device | None = None
    channel: str = "web"

    def made(self, what: str) -> str:
        """An id of ours, the same on every retry."""
        return str(uuid.uuid5(uuid.UUID(self.cmd), what))

    def meta(self, person_id: str, *, acting_for: str | None = None) -> Metadata:
        """Metadata of a command about this person's account; `acting_for`: another whom it is done for."""
        return Metadata(
            pk=person_id,
            actor=self.actor,
            actor_kind=self.actor_kind,
            correlation_id=self.correlation_id,
            member_id=person_id,
            person_id=person_id,
            acting_for=acting_for,
            channel=self.channel,
        )


@dataclass(frozen=True)
class Desk:
    """The reception."""

    service: Carrier
    stores: Stores
    hasher: CodeHasher
    indexes: Indexes
    links: LinkTokens
    settings: IdentitySettings
    clock: Clock

    @cached_property
    def totp_key(self) -> bytes:
        """Seals the secrets of code apps: derived from the pepper, which lies in no database."""
        return self.hasher.derived("totp")

    @cached_property
    def gates(self) -> Gatekeeper:
        """Keeps count of wrong tries."""
        return Gatekeeper(self.stores.tries, self.clock)

    def today(self) -> dt.date:
        """The day it is for a member."""
        return day_of(self.clock.now())

    async def holder(self, claim: str) -> str | None:
        """The stream that holds this name."""
        return (await self.service.store.holders([claim])).get(claim)

    def evenly(self) -> AbstractAsyncContextManager[None]:
        """Let the block end after the same time, however it ends."""
        return evenly(self.settings.answer_seconds)


def id_in(stream: str) -> str:
    """The id behind the colon of a stream's name."""
    return stream.partition(":")[2]
