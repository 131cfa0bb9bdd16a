"""A signed log of this test's own."""

import pytest

from shared.testing.store_cases.kit import draft
from tests.shared.proofs.signed_log import MINE, SignedLog


@pytest.fixture
async def log(mongo, tmp_path):
    made = SignedLog(mongo, tmp_path)
    await made.store.prepare()
    yield made
    await made.store.close()
    await mongo.drop_database(made.database.name)


@pytest.fixture
async def signed(log):
    """A log of 13 commits, four of them the exported stream's; signed when it had 5 and 13."""
    await log.store.append(draft(MINE, events=2))
    await log.append(4)
    await log.sign()
    await log.store.append(draft(MINE, 2, events=1))
    await log.append(5)
    await log.store.append(draft(MINE, 3, events=3))
    await log.store.append(draft(MINE, 6, events=0))
    await log.sign()
    await log.append(2)
    return log
