"""SIGKILL of the writer, of the database and of both, while batches and claims are under way.

The database is one of this module's own: nobody else is disturbed.
"""

import asyncio
import signal
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy.local.stack import Stack, running
from shared.event_store import MongoEventStore
from shared.mongo import connect
from shared.testing.clock import HandClock
from shared.testing.store_cases.kit import whole
from tests.scale import sized
from tests.shared.programs import line, program

pytestmark = pytest.mark.connected

ROUNDS = sized(2, 20)
BETWEEN = 150
"""Acknowledgements between two kills."""


@pytest.fixture(scope="module")
def own_database(run_folder: Path) -> Iterator[Stack]:
    with running(run_folder / "killed-database", only={"mongo"}) as stack:
        if stack.given("mongo"):
            pytest.skip("the database is somebody else's: it is not ours to kill")
        yield stack


class Writing:
    """A program that appends, and what it has said."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.acknowledged: list[str] = []

    async def until(self, count: int) -> None:
        """Until it has told so many more."""
        for _ in range(count):
            said = await line(self.process)
            assert said, "the writer has ended"
            self.acknowledged.append(said)

    async def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        while said := await line(self.process):
            self.acknowledged.append(said)


@pytest.fixture
async def store(own_database: Stack) -> AsyncIterator[MongoEventStore]:
    client = connect(own_database.mongo_url())
    store = MongoEventStore(client, f"crash_{uuid.uuid4().hex[:12]}", HandClock())
    await store.prepare()
    yield store
    client.close()


async def settled(store: MongoEventStore) -> None:
    """A request that left the killed writer in time is still carried out: wait until nothing moves any more."""
    before = None
    while before != (head := await store.head()):
        before = head
        await asyncio.sleep(0.3)


async def check(store: MongoEventStore, acknowledged: set[str]) -> None:
    """Nothing acknowledged is lost, there is no hole, and claims and commits stand together."""
    await settled(store)
    commits = await whole(store)
    assert acknowledged <= {commit["cmd"] for commit in commits}
    claims = await store.log.claims.find().to_list(None)
    assert all(claim["_id"] == f"label:{claim['s']}" for claim in claims)
    claiming = {one["s"] for one in commits if int(one["s"].rpartition("-")[2]) % 4 == 1}
    assert {claim["s"] for claim in claims} == claiming
    raw = await store.database["commits"].count_documents({})
    assert raw == len(commits)


@pytest.mark.parametrize("killed", ["writer", "database", "both"])
async def test_nothing_acknowledged_is_lost_and_there_is_no_hole(
    own_database: Stack, store: MongoEventStore, killed: str
) -> None:
    database = own_database.component("mongo")
    acknowledged: set[str] = set()
    for number in range(ROUNDS):
        env = {"MONGO_URL": own_database.mongo_url()}
        async with program("store_writer", store.database.name, f"round{number}", env=env) as process:
            writing = Writing(process)
            await writing.until(BETWEEN)
            if killed != "writer":
                await asyncio.to_thread(database.kill)
            if killed == "database":
                await asyncio.to_thread(database.start)
                await writing.until(BETWEEN)
            await writing.kill()
            if killed == "both":
                await asyncio.to_thread(database.start)
        acknowledged |= set(writing.acknowledged)
        await check(store, acknowledged)
    assert len(acknowledged) >= ROUNDS * BETWEEN
