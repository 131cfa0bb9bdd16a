"""The only door to MongoDB: motor and pymongo are imported here and nowhere else (docs/adr/0003)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo import (
    ASCENDING,
    DESCENDING,
    GEOSPHERE,
    DeleteOne,
    InsertOne,
    ReplaceOne,
    ReturnDocument,
    UpdateOne,
)
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    OperationFailure,
    PyMongoError,
)
from pymongo.read_concern import ReadConcern

__all__ = [
    "ASCENDING",
    "DESCENDING",
    "GEOSPHERE",
    "AutoReconnect",
    "BulkWriteError",
    "Client",
    "Collection",
    "Database",
    "DeleteOne",
    "Document",
    "DuplicateKeyError",
    "InsertOne",
    "OperationFailure",
    "PyMongoError",
    "ReplaceOne",
    "ReturnDocument",
    "Session",
    "UpdateOne",
    "connect",
    "is_duplicate",
    "is_transient",
    "transaction",
]

Document = dict[str, Any]
Client = AsyncIOMotorClient[Document]
Database = AsyncIOMotorDatabase[Document]
Collection = AsyncIOMotorCollection[Document]
Session = AsyncIOMotorClientSession

DUPLICATE_KEY: Final = 11000
WRITE_CONFLICT: Final = 112
TOO_LARGE: Final = frozenset({257, 388})
"""TransactionTooLarge, TransactionTooLargeForCache: MongoDB's error codes."""


def connect(url: str, **options: Any) -> Client:
    """A client whose every write is durable on a majority and every read comes from one (Jepsen 4.2.6: say so).

    Writes are not retried by the driver: a repeated write is told from a first one by its command id, here.
    """
    durable: dict[str, Any] = {
        "w": "majority",
        "journal": True,
        "readConcernLevel": "majority",
        "retryWrites": False,
        "tz_aware": True,
        "uuidRepresentation": "standard",
        "serverSelectionTimeoutMS": 5000,
        "appname": "mon-compte-en-ligne",
    }
    return AsyncIOMotorClient(url, **durable | options)


@asynccontextmanager
async def transaction(client: Client) -> AsyncIterator[Session]:
    """One transaction over a snapshot: committed at the end of the block, aborted by any exception.

    Raises:
        PyMongoError: the commit failed, or its outcome is unknown: look at what should have been written.
    """
    session = await client.start_session()
    session.start_transaction(read_concern=ReadConcern("snapshot"))
    try:
        yield session
        await session.commit_transaction()
    finally:
        # Ends a transaction that is still open, too; that this fails must not hide why, least of all a cancellation.
        with suppress(PyMongoError):
            await session.end_session()


def is_duplicate(error: PyMongoError) -> bool:
    """A unique index refused it, whether as a single write or in a bulk."""
    if isinstance(error, BulkWriteError):
        found: list[dict[str, Any]] = (error.details or {}).get("writeErrors", [])
        return any(item.get("code") == DUPLICATE_KEY for item in found)
    return isinstance(error, OperationFailure) and error.code == DUPLICATE_KEY


def is_too_large(error: PyMongoError) -> bool:
    """One transaction cannot hold these writes: tried again it fails again, in parts it does not."""
    return isinstance(error, OperationFailure) and error.code in TOO_LARGE


def is_transient(error: PyMongoError) -> bool:
    """Somebody else was faster, or the line broke: read again, then try again."""
    if isinstance(error, AutoReconnect) or error.has_error_label("TransientTransactionError"):
        return True
    if isinstance(error, BulkWriteError):
        found: list[dict[str, Any]] = (error.details or {}).get("writeErrors", [])
        return any(item.get("code") == WRITE_CONFLICT for item in found)
    return isinstance(error, OperationFailure) and error.code == WRITE_CONFLICT
