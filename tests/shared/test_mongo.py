"""What the base relies on in its database client, as seen on the wire of the real server."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo import monitoring
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    OperationFailure,
    ServerSelectionTimeoutError,
)

from deploy.local.stack import Stack
from shared.mongo import Client, PyMongoError, connect, is_duplicate, is_transient, transaction

DURABLE = {"w": "majority", "j": True}


class Wire(monitoring.CommandListener):
    """Remembers every command that is sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.sent.append(dict(event.command))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...

    def of(self, name: str) -> list[dict[str, Any]]:
        return [command for command in self.sent if next(iter(command)) == name]


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
async def client(stack: Stack, wire: Wire) -> AsyncIterator[Client]:
    client = connect(stack.mongo_url(), event_listeners=[wire])
    await client["store_options"]["things"].delete_many({})
    wire.sent.clear()
    yield client
    await client.drop_database("store_options")
    client.close()


async def test_a_client_is_durable_and_reads_what_a_majority_has_whatever_the_address_says() -> None:
    client = connect("mongodb://127.0.0.1:1/?w=1&journal=false&readConcernLevel=local&retryWrites=true")
    assert client.write_concern.document == DURABLE
    assert client.read_concern.document == {"level": "majority"}
    assert client.options.retry_writes is False
    assert client.codec_options.tz_aware is True
    database = client["any"]
    assert database["commits"].write_concern.document == DURABLE
    assert database["commits"].read_concern.document == {"level": "majority"}
    client.close()


@pytest.mark.connected
async def test_every_write_says_majority_and_journal(client: Client, wire: Wire) -> None:
    things = client["store_options"]["things"]
    await things.insert_one({"_id": 1})
    await things.insert_many([{"_id": 2}, {"_id": 3}])
    await things.update_one({"_id": 1}, {"$set": {"a": 1}})
    await things.find_one_and_update({"_id": 1}, {"$set": {"a": 2}})
    await things.delete_one({"_id": 3})
    writes = [one for name in ("insert", "update", "findAndModify", "delete") for one in wire.of(name)]
    assert len(writes) == 5
    assert [one["writeConcern"] for one in writes] == [DURABLE] * 5
    assert not any("txnNumber" in one for one in writes)


@pytest.mark.connected
async def test_every_read_asks_for_what_a_majority_has(client: Client, wire: Wire) -> None:
    things = client["store_options"]["things"]
    await things.find_one({"_id": 1})
    await things.find({}).to_list(None)
    reads = wire.of("find")
    assert [one["readConcern"]["level"] for one in reads] == ["majority"] * 2


@pytest.mark.connected
async def test_a_transaction_reads_a_snapshot_and_commits_durably(client: Client, wire: Wire) -> None:
    things = client["store_options"]["things"]
    await things.insert_one({"_id": 1})
    wire.sent.clear()
    async with transaction(client) as session:
        await things.insert_one({"_id": 9}, session=session)
        await things.delete_one({"_id": 1}, session=session)
    assert wire.of("insert")[0]["readConcern"]["level"] == "snapshot"
    assert [one["writeConcern"] for one in wire.of("commitTransaction")] == [DURABLE]
    assert [one["_id"] async for one in things.find()] == [9]


@pytest.mark.connected
async def test_a_transaction_that_fails_leaves_nothing(client: Client) -> None:
    things = client["store_options"]["things"]

    async def fail() -> None:
        async with transaction(client) as session:
            await things.insert_one({"_id": 9}, session=session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await things.find_one({"_id": 9}) is None


@pytest.mark.connected
async def test_a_cancellation_comes_through_although_the_client_is_gone(stack: Stack) -> None:
    client = connect(stack.mongo_url())
    begun = asyncio.Event()

    async def wait_inside() -> None:
        async with transaction(client) as session:
            await client["store_options"]["things"].find_one({}, session=session)
            begun.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(wait_inside())
    await begun.wait()
    client.close()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.connected
async def test_a_duplicate_is_told_from_every_other_error(client: Client) -> None:
    things = client["store_options"]["things"]
    await things.insert_one({"_id": 1})
    with pytest.raises(DuplicateKeyError) as single:
        await things.insert_one({"_id": 1})
    with pytest.raises(BulkWriteError) as bulk:
        await things.insert_many([{"_id": 2}, {"_id": 1}, {"_id": 3}])
    assert is_duplicate(single.value)
    assert is_duplicate(bulk.value)
    assert bulk.value.details["writeErrors"][0]["index"] == 1
    assert [one["_id"] async for one in things.find().sort("_id")] == [1, 2]


@pytest.mark.connected
async def test_of_two_transactions_on_one_document_the_second_is_transient(client: Client) -> None:
    things = client["store_options"]["things"]
    await things.insert_one({"_id": 1})

    async def update(by: str) -> None:
        async with transaction(client) as session:
            await things.update_one({"_id": 1}, {"$set": {"by": by}}, session=session)
            if by == "first":
                with pytest.raises(PyMongoError) as lost:
                    await update("second")
                assert is_transient(lost.value)
                assert not is_duplicate(lost.value)

    await update("first")
    assert await things.find_one() == {"_id": 1, "by": "first"}


@pytest.mark.parametrize(
    ("error", "duplicate", "transient"),
    [
        (DuplicateKeyError("x", 11000), True, False),
        (OperationFailure("x", 112), False, True),
        (OperationFailure("x", 13), False, False),
        (OperationFailure("x", 251, {"errorLabels": ["TransientTransactionError"]}), False, True),
        (AutoReconnect("x"), False, True),
        (ServerSelectionTimeoutError("x"), False, True),
        (BulkWriteError({"writeErrors": [{"code": 11000}]}), True, False),
        (BulkWriteError({"writeErrors": [{"code": 112}]}), False, True),
        (BulkWriteError({"writeErrors": [{"code": 121}]}), False, False),
    ],
    ids=repr,
)
def test_errors_are_sorted(error: PyMongoError, *, duplicate: bool, transient: bool) -> None:
    assert (is_duplicate(error), is_transient(error)) == (duplicate, transient)
