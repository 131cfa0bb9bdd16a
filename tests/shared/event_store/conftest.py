"""Here the store is the real one, unless a test says otherwise."""

import pytest

from shared.event_store import MongoEventStore


@pytest.fixture
def store(mongo_store: MongoEventStore) -> MongoEventStore:
    return mongo_store
