"""A store on the real server, in a database of its own; asked for by name, so that fast tests stay fast."""

import uuid
from collections.abc import AsyncIterator

import pytest

from shared.event_store import MongoEventStore
from shared.mongo import Client
from shared.testing.clock import HandClock


@pytest.fixture
async def database_name(mongo: Client) -> AsyncIterator[str]:
    name = f"store_{uuid.uuid4().hex[:12]}"
    yield name
    await mongo.drop_database(name)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def mongo_store(mongo: Client, database_name: str, clock: HandClock) -> AsyncIterator[MongoEventStore]:
    store = MongoEventStore(mongo, database_name, clock)
    await store.prepare()
    yield store
    await store.close()
