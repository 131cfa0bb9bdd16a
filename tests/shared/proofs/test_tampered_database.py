"""Whatever is done to the database shows in what is exported from it."""

from typing import Any

import pytest

from shared.event_store import chain
from tests.shared.proofs.signed_log import MINE, SignedLog, found

pytestmark = pytest.mark.connected


async def _change(log: SignedLog, position: int, **fields: Any) -> None:
    await log.database["commits"].update_one({"_id": position}, {"$set": fields})


async def _value(log: SignedLog) -> None:
    await _change(log, 1, **{"ev.0.data.amount": 10**6})


async def _actor(log: SignedLog) -> None:
    await _change(log, 1, **{"meta.actor": "another"})


async def _time(log: SignedLog) -> None:
    await _change(log, 6, at=chain.GENESIS.at)


async def _reordered(log: SignedLog) -> None:
    row: Any = await log.database["commits"].find_one({"_id": 1})
    await _change(log, 1, ev=row["ev"][::-1])


async def _tail(log: SignedLog) -> None:
    await log.database["commits"].delete_many({"_id": {"$gte": 12}})


async def _swapped(log: SignedLog) -> None:
    first, second = [await log.database["commits"].find_one({"_id": number}) for number in (2, 3)]
    await log.database["commits"].delete_many({"_id": {"$in": [2, 3]}})
    await log.database["commits"].insert_many([first | {"_id": 3}, second | {"_id": 2}])


async def _rewritten(log: SignedLog) -> None:
    """With new hashes from the change on to the end."""
    await _value(log)
    head = chain.GENESIS
    for commit in await log.store.window(0):
        changed: Any = {**commit, "ph": head.hash}
        changed["h"] = chain.commit_hash(changed, chain.body_digest(changed)[0])
        await _change(log, commit["_id"], ph=changed["ph"], h=changed["h"])
        head = chain.head_of(changed)


async def _other_stream(log: SignedLog) -> None:
    await _change(log, 6, s="box:hidden")


@pytest.mark.parametrize(
    "tamper",
    [_value, _actor, _time, _reordered, _tail, _swapped, _rewritten, _other_stream],
    ids=lambda tamper: tamper.__name__,
)
async def test_what_was_done_to_the_database_is_found_in_its_export(signed, tamper):
    await tamper(signed)
    assert found(await signed.export(MINE), signed.path) != []


async def test_a_hole_in_the_database_cannot_even_be_exported(signed):
    await signed.database["commits"].delete_one({"_id": 4})
    with pytest.raises(chain.Corrupted):
        await signed.export(MINE)
