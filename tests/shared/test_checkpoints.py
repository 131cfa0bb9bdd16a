"""A relay's checkpoint: it goes forward only, and only for the newest epoch."""

import pytest

from shared.event_store import Commit
from shared.leases import LeaseLost
from shared.mongo import Client
from shared.relay import MongoCheckpoints
from tests.golden_chain import golden

pytestmark = pytest.mark.connected


@pytest.fixture
def checkpoints(mongo: Client, database_name: str) -> MongoCheckpoints:
    return MongoCheckpoints(mongo[database_name])


FIRST, SECOND, THIRD = golden()[:3]


def place(commit: Commit) -> tuple[int, bytes]:
    return commit["_id"], commit["h"]


async def test_it_begins_before_the_first_commit(checkpoints: MongoCheckpoints) -> None:
    assert await checkpoints.take(1) == (0, bytes(32))
    assert await checkpoints.take(1) == (0, bytes(32))


async def test_it_moves_forward_and_is_found_there(checkpoints: MongoCheckpoints) -> None:
    await checkpoints.take(1)
    await checkpoints.advance(FIRST, 1)
    await checkpoints.advance(THIRD, 1)
    assert await checkpoints.take(2) == place(THIRD)


@pytest.mark.parametrize("commit", [FIRST, SECOND])
async def test_it_never_moves_back_nor_stays(checkpoints: MongoCheckpoints, commit: Commit) -> None:
    await checkpoints.take(1)
    await checkpoints.advance(SECOND, 1)
    with pytest.raises(LeaseLost):
        await checkpoints.advance(commit, 1)
    assert await checkpoints.take(1) == place(SECOND)


async def test_an_older_epoch_is_fenced_off_also_where_it_is_ahead(checkpoints: MongoCheckpoints) -> None:
    await checkpoints.take(1)
    await checkpoints.advance(FIRST, 1)
    assert await checkpoints.take(2) == place(FIRST)
    with pytest.raises(LeaseLost):
        await checkpoints.advance(THIRD, 1)
    with pytest.raises(LeaseLost):
        await checkpoints.take(1)
    await checkpoints.advance(SECOND, 2)
    assert await checkpoints.take(2) == place(SECOND)


async def test_a_newer_epoch_must_take_it_before_it_moves_it(checkpoints: MongoCheckpoints) -> None:
    await checkpoints.take(1)
    with pytest.raises(LeaseLost):
        await checkpoints.advance(FIRST, 2)
