"""Both stores pass the same cases."""

import uuid

import pytest

from shared.event_store import MemoryEventStore, MongoEventStore
from shared.testing.clock import HandClock
from shared.testing.store_cases import CASES
from shared.testing.store_cases.kit import Case, draft, whole
from tests import recompute

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)


@every_case
async def test_in_memory(case: Case) -> None:
    clock = HandClock()
    await case(MemoryEventStore(clock), clock)


@pytest.mark.connected
@every_case
async def test_on_the_real_server(case: Case, store: MongoEventStore, clock: HandClock) -> None:
    await case(store, clock)


async def test_what_one_store_holds_a_stranger_can_check() -> None:
    store = MemoryEventStore(HandClock())
    for number in range(5):
        await store.append(draft(f"box:{number}", events=number))
    assert recompute.first_broken(recompute.as_json(await whole(store))) is None


@pytest.mark.connected
async def test_what_the_real_server_gives_back_a_stranger_can_check(store: MongoEventStore) -> None:
    for number in range(5):
        wanted = draft(f"box:{number}", events=number)
        for event in wanted.events:
            event["pii"] = {"label": {"k": "p/things", "c": uuid.uuid4().bytes}}
        await store.append(wanted)
    assert recompute.first_broken(recompute.as_json(await whole(store))) is None
    raw = await store.log.commits.find().sort("_id").to_list(None)
    assert recompute.first_broken(recompute.as_json(raw)) is None
