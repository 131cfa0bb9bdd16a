"""A log is signed as it grows, on a real database; what contradicts an earlier signature is never signed."""

from typing import Any

import pytest

from shared.event_store import Corrupted
from shared.proofs import merkle
from shared.proofs.checkpoints import Checkpoint
from shared.proofs.witness import FileWitness
from tests.shared.proofs.signed_log import ORIGIN, SignedLog
from tests.shared.toybox import in_background, until

pytestmark = pytest.mark.connected


async def leaves(log: SignedLog) -> list[bytes]:
    return [merkle.leaf_hash(row["h"]) async for row in log.database["commits"].find().sort("_id")]


async def test_each_growth_is_signed_once_and_the_root_is_that_of_the_log(log):
    assert await log.sign() is None
    sizes = (1, 6, 255, 256, 257, 700)
    for size in sizes:
        await log.append(size - (log.notes()[-1].size if log.notes() else 0))
        checkpoint = await log.sign()
        frontier = merkle.Frontier()
        for leaf in await leaves(log):
            frontier.append(leaf)
        assert checkpoint == Checkpoint(ORIGIN, size, frontier.root(), log.clock.now())
        assert await log.sign() == checkpoint
    assert [one.size for one in log.notes()] == list(sizes)
    assert await log.database["checkpoints"].count_documents({}) == len(sizes) + 1


async def test_every_commit_and_every_growth_can_be_proved_from_what_is_stored(log):
    roots = {}
    for size in (3, 300, 530):
        await log.append(size - len(await leaves(log)))
        roots[size] = (await log.sign()).root
    known = await leaves(log)
    for index in (0, 2, 255, 256, 299, 511, 529):
        proof = await log.signer.tiles.compute(lambda node, index=index: merkle.inclusion_proof(index, 530, node))
        merkle.check_inclusion(index, 530, known[index], roots[530], proof)
    for old in (3, 300):
        proof = await log.signer.tiles.compute(lambda node, old=old: merkle.consistency_proof(old, 530, node))
        merkle.check_consistency(old, roots[old], 530, roots[530], proof)


async def test_a_running_signer_follows_the_log_and_the_next_one_goes_on_where_it_stopped(log):
    async def signed(size: int) -> bool:
        newest = await log.signer.newest()
        return newest is not None and newest.size == size

    await log.append(5)
    async with in_background(log.signer.run()):
        await until(lambda: signed(5))
        await log.append(5)
        await until(lambda: signed(10))
    await log.signer.stop()
    await log.append(1)
    async with in_background(log.another("two").run()):
        await until(lambda: signed(11))


async def _change_a_signed_commit(log: SignedLog) -> None:
    await log.database["commits"].update_one({"_id": 5}, {"$set": {"h": bytes(32)}})


async def _remove_the_tail(log: SignedLog) -> None:
    await log.database["commits"].delete_many({"_id": {"$gte": 4}})


async def _forget_the_last_signature(log: SignedLog) -> None:
    await log.database["checkpoints"].delete_many({})


async def _change_the_tree(log: SignedLog) -> None:
    await log.database["proof_tiles"].update_one({"_id": "0/0"}, {"$set": {"h": bytes(32 * 5)}})


async def _forget_the_tree(log: SignedLog) -> None:
    await log.database["proof_tiles"].delete_many({})


async def _put_another_signature(log: SignedLog) -> None:
    row: Any = await log.database["checkpoints"].find_one({"_id": "newest"})
    note = row["note"].replace("\n5\n", "\n4\n")
    await log.database["checkpoints"].update_one({"_id": "newest"}, {"$set": {"note": note}})


async def _append_to_a_rewritten_log(log: SignedLog) -> None:
    await log.append(1)
    await log.database["commits"].update_one({"_id": 6}, {"$set": {"meta.actor": "another"}})


@pytest.mark.parametrize(
    "tamper",
    [
        _change_a_signed_commit,
        _remove_the_tail,
        _forget_the_last_signature,
        _change_the_tree,
        _forget_the_tree,
        _put_another_signature,
        _append_to_a_rewritten_log,
    ],
    ids=lambda tamper: tamper.__name__.strip("_"),
)
async def test_what_contradicts_a_signature_is_not_signed(log, tamper):
    await log.append(5)
    await log.sign()
    await tamper(log)
    with pytest.raises(Corrupted):
        await log.sign()
    assert [one.size for one in log.notes()] == [5]


async def test_a_note_that_the_witness_lacks_is_handed_on_and_one_cut_short_is_passed_over(log):
    await log.append(2)
    await log.sign()
    whole = log.path.read_text()
    log.path.write_text(whole[:-20])
    assert (await log.sign()).size == 2
    assert FileWitness(log.path).last() == whole.removesuffix(FileWitness.END)
