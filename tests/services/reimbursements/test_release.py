"""A file whose lots stand in any order leads to the same ledger, however many have waited."""

import random

from tests.services.in_memory import InMemoryService
from tests.services.reimbursements.conftest import Feeding
from tests.services.reimbursements.files import lot_line
from tests.services.reimbursements.sample import HOUSEHOLD, line


async def test_shuffled_lots_all_come_through(feed: Feeding, service: InMemoryService) -> None:
    lots = [lot_line(line(), number=number) for number in range(1, 121)]
    random.Random(7).shuffle(lots)  # noqa: S311 - the same disorder each time
    await feed(*lots)
    await service.settle()
    state, _ = await service.state(f"household:{HOUSEHOLD}")
    assert (state.last, dict(state.held)) == (120, {})
