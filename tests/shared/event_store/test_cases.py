"""Both stores pass the same cases."""

import uuid
from collections.abc import AsyncIterator

import pytest

from shared.event_store import MemoryEventStore, MongoEventStore
from shared.mongo import Client
from shared.testing.clock import HandClock
from shared.testing.store_cases import CASES
from shared.testing.store_cases.kit import Case, draft, whole
from tests import recompute

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)


@pytest.fixture
async def mongo_store(mongo: Client) -> AsyncIterator[tuple[MongoEventStore, HandClock]]:
    name, clock = f"store_{uuid.uuid4().hex[:12]}", HandClock()
    store = MongoEventStore(mongo, name, clock)
    await store.prepare()
    yield store, clock
    await store.close()
    await mongo.drop_database(name)


@every_case
async def test_in_memory(case: Case) -> None:
    clock = HandClock()
    await case(MemoryEventStore(clock), clock)


@pytest.mark.connected
@every_case
async def test_on_the_real_server(case: Case, mongo_store: tuple[MongoEventStore, HandClock]) -> None:
    await case(*mongo_store)


async def test_what_one_store_holds_a_stranger_can_check() -> None:
    store = MemoryEventStore(HandClock())
    for number in range(5):
        await store.append(draft(f"box:{number}", events=number))
    assert recompute.first_broken(recompute.as_json(await whole(store))) is None


@pytest.mark.connected
async def test_what_the_real_server_gives_back_a_stranger_can_check(
    mongo_store: tuple[MongoEventStore, HandClock],
) -> None:
    store, _ = mongo_store
    for number in range(5):
        wanted = draft(f"box:{number}", events=number)
        for event in wanted.events:
            event["pii"] = {"label": {"k": "p/things", "c": uuid.uuid4().bytes}}
        await store.append(wanted)
    assert recompute.first_broken(recompute.as_json(await whole(store))) is None
    raw = await store.log.commits.find().sort("_id").to_list(None)
    assert recompute.first_broken(recompute.as_json(raw)) is None
