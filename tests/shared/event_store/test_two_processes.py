"""Two processes append to one log at the same moment."""

import itertools
import json
from collections import Counter
from contextlib import AsyncExitStack

import pytest

from deploy.local.stack import Stack
from shared.event_store import Commit, MongoEventStore
from shared.testing.store_cases.kit import whole
from tests.programs.store_append import APPENDS, SHARED, counter, handler
from tests.shared.programs import line, program, tell

pytestmark = pytest.mark.connected

ENOUGH = 6
"""Turns after which they have certainly disturbed each other."""
ROUNDS = 20
"""On a busy machine one process may sleep through the other's turn: then both are told again."""


def alternations(commits: list[Commit]) -> int:
    actors = ["left" in commit["s"] for commit in commits if commit["s"].startswith("own:")]
    return sum(one != other for one, other in itertools.pairwise(actors))


async def test_fifty_appends_at_once_from_each_of_two_processes(store: MongoEventStore, stack: Stack) -> None:
    done: Counter[str] = Counter()
    rounds = 0
    async with AsyncExitStack() as running:
        both = [
            await running.enter_async_context(
                program("store_append", store.database.name, side, env={"MONGO_URL": stack.mongo_url()})
            )
            for side in ("left", "right")
        ]
        assert [await line(process) for process in both] == ["ready"] * 2
        while rounds < ROUNDS and alternations(await whole(store)) < ENOUGH:
            for process in both:
                await tell(process)
            for process in both:
                done.update(json.loads(await line(process)))
            rounds += 1

    commits = await whole(store)
    kinds = Counter(commit["s"].partition(":")[0] for commit in commits)
    assert alternations(commits) >= ENOUGH
    assert done.total() == 2 * APPENDS * rounds
    assert (kinds["own"], kinds["count"]) == (done["own"], done["shared"])
    totals = [await handler(store).state(counter, f"count:{number}") for number in range(SHARED)]
    assert sum(total for total, _ in totals) == done["shared"]
    assert {commit["meta"]["actor"] for commit in commits if "count" in commit["s"]} == {"left", "right"}
