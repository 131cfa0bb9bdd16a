"""Two processes append to one log at the same moment."""

import itertools
import json
from contextlib import AsyncExitStack

import pytest

from deploy.local.stack import Stack
from shared.event_store import MongoEventStore
from shared.mongo import Client
from shared.personal_data import MongoKeyStore, Vault
from shared.testing.store_cases.kit import whole
from tests.parts import Toy, opening
from tests.programs.store_append import APPENDS, SHARED
from tests.shared.programs import line, program, tell

pytestmark = pytest.mark.connected


async def test_fifty_appends_at_once_from_each_of_two_processes(
    store: MongoEventStore, mongo: Client, stack: Stack
) -> None:
    name = store.database.name
    toy = Toy(store, Vault(MongoKeyStore(mongo, name), bytes(32)))
    for number in range(SHARED):
        await toy.send(opening(), box=f"box:shared-{number}")

    async with AsyncExitStack() as running:
        env = {"MONGO_URL": stack.mongo_url()}
        both = [
            await running.enter_async_context(program("store_append", name, side, env=env))
            for side in ("left", "right")
        ]
        assert [await line(process) for process in both] == ["ready"] * 2
        for process in both:
            await tell(process)
        outcomes = [json.loads(await line(process)) for process in both]

    commits = await whole(store)
    own = [commit for commit in commits if "shared" not in commit["s"]]
    puts = [commit for commit in commits[SHARED:] if "shared" in commit["s"]]
    assert len(own) == sum(outcome["own"] for outcome in outcomes) == APPENDS
    assert len(puts) == sum(outcome["shared"] for outcome in outcomes)
    assert len(puts) + sum(outcome.get("conflict", 0) for outcome in outcomes) == APPENDS
    assert {commit["meta"]["actor"] for commit in puts} == {"left", "right"}
    boxes = [await toy.state(f"box:shared-{number}") for number in range(SHARED)]
    assert sum(box.content for box, _ in boxes) == len(puts)
    # Neither ran alone: their commits alternate.
    order = ["left" in commit["s"] for commit in own]
    assert sum(one != other for one, other in itertools.pairwise(order)) > 1
