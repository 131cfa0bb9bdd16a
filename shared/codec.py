"""Events ↔ stored events: personal fields are sealed on the way in and opened on the way out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shared.envelope import EventRegistry, Metadata, Recorded, event_id
from shared.event_store.protocol import Commit, StoredEvent
from shared.kernel import Event
from shared.messaging import Delivered
from shared.personal_data.fields import open_fields, personal_fields, refs_of, seal, sealed_refs
from shared.personal_data.vault import Keys, Vault


@dataclass(slots=True)
class Opened:
    """A delivery and its event in today's class, or why today's code cannot read it."""

    delivery: Delivered
    event: Event | None
    error: Exception | None = None


class EventCodec:
    """Knows one service's events and asks the vault for keys, once per batch."""

    def __init__(self, registry: EventRegistry, vault: Vault) -> None:
        self.registry = registry
        self._vault = vault

    async def encode(self, events: Sequence[Event], stream: str, cmd: str) -> list[StoredEvent]:
        """The stored form of a decision. An id is made before encryption, so that it is the same on every retry."""
        dumps = [event.model_dump(mode="json") for event in events]
        refs = [ref for event, data in zip(events, dumps, strict=True) for ref in refs_of(type(event), data)]
        keys = await self._vault.ensure(refs) if refs else {}
        return [
            _stored(event, data, event_id(cmd, index), stream, keys)
            for index, (event, data) in enumerate(zip(events, dumps, strict=True))
        ]

    async def prepare(self, events: Sequence[Event]) -> None:
        """Fetch or make, all at once, the keys that these events need: each is then encoded without a question."""
        refs = [ref for event in events for ref in refs_of(type(event), dict(event))]
        if refs:
            await self._vault.ensure(refs)

    async def fetch(self, commits: Sequence[Commit]) -> None:
        """Ask for the keys of these commits before they are decoded: `decode` then finds them."""
        if refs := sealed_refs(event for commit in commits for event in commit["ev"]):
            await self._vault.known(refs)

    async def decode(self, commits: Sequence[Commit]) -> list[Recorded[Event]]:
        """Every event of these commits, in order, in today's classes."""
        refs = sealed_refs(event for commit in commits for event in commit["ev"])
        keys = await self._vault.keys(refs) if refs else {}
        return [recorded for commit in commits for recorded in self._commit(commit, keys)]

    def _commit(self, commit: Commit, keys: Keys) -> Iterable[Recorded[Event]]:
        meta = Metadata(**commit["meta"])
        for index, stored in enumerate(commit["ev"]):
            yield Recorded(
                event=self.load(stored, commit["s"], keys),
                id=stored["id"],
                type=stored["type"],
                stream=commit["s"],
                version=commit["v0"] + index,
                position=commit["_id"],
                index=index,
                recorded_at=commit["at"],
                meta=meta,
            )

    async def open(self, deliveries: Sequence[Delivered]) -> list[Opened]:
        """Like `decode`, but an event that cannot be read does not stop the others."""
        refs = sealed_refs(delivery.stored for delivery in deliveries)
        keys = await self._vault.known(refs) if refs else {}
        return [self._open(delivery, keys) for delivery in deliveries]

    def _open(self, delivery: Delivered, keys: Keys) -> Opened:
        try:
            return Opened(delivery, self.load(delivery.stored, delivery.stream, keys))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, only its own key waits
            return Opened(delivery, None, error)

    def load(self, stored: StoredEvent, stream: str, keys: Keys) -> Event:
        """One event, its sealed fields opened with these keys."""
        data = stored["data"]
        if "pii" in stored:
            data = data | open_fields(stored["pii"], keys, f"{stream}|{stored['id']}")
        return self.registry.load(stored["type"], stored["sv"], data)


def _stored(event: Event, data: dict[str, Any], id_: str, stream: str, keys: Keys) -> StoredEvent:
    plain, sealed = seal(type(event), data, keys, f"{stream}|{id_}")
    stored: StoredEvent = {"id": id_, "type": event.NAME, "sv": event.SCHEMA, "data": plain}
    return {**stored, "pii": sealed} if personal_fields(type(event)) else stored
