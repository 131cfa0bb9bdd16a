"""The event store: one document per commit, dense positions, a hash chain (DESIGN §3)."""

from shared.event_store.chain import GENESIS, verify
from shared.event_store.memory import MemoryEventStore
from shared.event_store.mongo import MongoEventStore
from shared.event_store.protocol import (
    FARTHEST,
    Appended,
    AppendError,
    ClaimTaken,
    CommandReused,
    Commit,
    Conflict,
    Corrupted,
    Draft,
    EventStore,
    Head,
    StoredEvent,
    StoreUnavailable,
)

__all__ = [
    "FARTHEST",
    "GENESIS",
    "AppendError",
    "Appended",
    "ClaimTaken",
    "CommandReused",
    "Commit",
    "Conflict",
    "Corrupted",
    "Draft",
    "EventStore",
    "Head",
    "MemoryEventStore",
    "MongoEventStore",
    "StoreUnavailable",
    "StoredEvent",
    "verify",
]
