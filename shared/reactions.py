"""Reactions: an event of another service becomes commands of this one, each exactly once in effect (DESIGN §5)."""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from shared.envelope import Metadata
from shared.kernel import Issued
from shared.messaging import Delivered
from shared.personal_data.fields import open_fields, sealed_refs
from shared.personal_data.vault import Vault
from shared.telemetry import traceparent

M = TypeVar("M", bound="Incoming")

Execute = Callable[[Issued, str, Metadata], Awaitable[bool]]
"""Runs a command under an id; False if a rule refused it, which is an answer too."""


class Incoming(BaseModel):
    """A tolerant reader of another service's event: only the fields used here, everything else ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


@dataclass(frozen=True)
class On(Generic[M]):
    """How one event type is read, and which commands follow. `decide` is pure: ids and times come from the event."""

    model: type[M]
    decide: Callable[[M, Delivered], list[Issued]]


@dataclass(frozen=True)
class Reaction:
    """Named for life. Events recorded before `since` only move the inbox: nobody is mailed about three years ago."""

    name: str
    source: str
    since: dt.datetime
    handles: Mapping[str, On[Any]] = field(default_factory=dict)


class ReactionHandler:
    """What a reactor calls for each event of a reaction."""

    def __init__(self, reaction: Reaction, vault: Vault, execute: Execute) -> None:
        self.name = reaction.name
        self.since = reaction.since
        self._reaction = reaction
        self._vault = vault
        self._execute = execute

    def wants(self, event_type: str) -> bool:
        """Whether this type leads to anything here."""
        return event_type in self._reaction.handles

    async def handle(self, delivery: Delivered) -> str:
        """Carry out what follows from one event; the outcome's name, for a counter."""
        handler = self._reaction.handles[delivery.stored["type"]]
        model = handler.model.model_validate(await _data(delivery, self._vault))
        commands = handler.decide(model, delivery)
        accepted = True
        for index, issued in enumerate(commands):
            cmd = caused_id(self.name, delivery.stored["id"], index)
            accepted &= await self._execute(issued, cmd, caused_by(delivery, self.name, issued.stream))
        return "accepted" if accepted else "refused"


def caused_id(name: str, event_id: str, index: int = 0) -> str:
    """The id of a command that a reaction or process decides: the same however often the event is delivered."""
    return str(uuid.uuid5(uuid.UUID(event_id), f"{name}|{index}"))


def caused_by(delivery: Delivered, name: str, stream: str) -> Metadata:
    """Metadata of a command that answers an event: same conversation, one cause further.

    The stream's own id is the partition key of a stream born this way.
    """
    meta = delivery.meta
    return Metadata(
        pk=stream.partition(":")[2],
        actor=name,
        actor_kind="process",
        correlation_id=meta.correlation_id,
        causation_id=delivery.stored["id"],
        member_id=meta.member_id,
        person_id=meta.person_id,
        traceparent=traceparent() or meta.traceparent,
    )


async def _data(delivery: Delivered, vault: Vault) -> dict[str, Any]:
    stored = delivery.stored
    if "pii" not in stored:
        return stored["data"]
    keys = await vault.keys(sealed_refs([stored]))
    return stored["data"] | open_fields(stored["pii"], keys, f"{delivery.stream}|{stored['id']}")
