"""Guarded writes: each one says what must still stand there, and all go in one transaction."""

from collections.abc import Mapping
from typing import Any

from shared.mongo import (
    Client,
    Database,
    DeleteOne,
    InsertOne,
    PyMongoError,
    ReplaceOne,
    Session,
    UpdateOne,
    is_duplicate,
    is_too_large,
    is_transient,
    transaction,
)
from shared.projections.documents import Held

Operation = InsertOne[dict[str, Any]] | ReplaceOne[dict[str, Any]] | UpdateOne | DeleteOne
Versions = dict[str, int]
"""Projection id → version of a stream that it has folded."""


class Collision(Exception):  # noqa: N818 - said as it is
    """Another worker has moved a cursor or a document since it was read: read again and start over."""


class TooLarge(Exception):  # noqa: N818 - said as it is
    """The database cannot hold so many writes in one transaction: none of them is there, fewer will do."""


def row_id(consumer: str, stream: str) -> str:
    """The name of a parked key's row."""
    return f"{consumer}|{stream}"


def cursor_write(stream: str, read: Versions, moved: Versions) -> Operation:
    """Move the cursors of a stream from what was read; a row that was not there must still be missing."""
    if not read:
        return InsertOne({"_id": stream, **moved})
    guard: dict[str, Any] = {name: read.get(name, {"$exists": False}) for name in moved}
    return UpdateOne({"_id": stream, **guard}, {"$set": moved})


def document_write(held: Held, row: dict[str, Any]) -> Operation:
    """Insert, replace or delete a document that nobody has written since it was read."""
    if not held.writes:
        return InsertOne(row)
    guard = {"_id": held.key, "_w": held.writes}
    return ReplaceOne(guard, row) if held.document else DeleteOne(guard)


async def commit(client: Client, database: Database, writes: Mapping[str, list[Operation]]) -> None:
    """Carry out these writes, by collection, all or none.

    Raises:
        Collision: a guard no longer holds, or nobody knows: read again.
        TooLarge: write them in parts.
    """
    try:
        async with transaction(client) as session:
            for name, operations in writes.items():
                await _guarded(database, name, operations, session)
    except PyMongoError as error:
        if is_too_large(error):
            raise TooLarge from error
        if is_duplicate(error) or is_transient(error):
            raise Collision from error
        raise


async def _guarded(database: Database, name: str, operations: list[Operation], session: Session) -> None:
    result = await database[name].bulk_write(operations, ordered=False, session=session)
    done = result.inserted_count + result.matched_count + result.upserted_count + result.deleted_count
    if done != len(operations):
        raise Collision
