"""How far a log is signed: two checkpoints that fit, the witness, what is younger; and each way in which they do not."""

import pytest

from shared.proofs.checkpoints import sign
from shared.proofs.standing import Alarm, Signatures, Standing
from shared.proofs.witness import FileWitness
from tests.shared.proofs import tampering
from tests.shared.proofs.forgeries import THIEF
from tests.shared.proofs.signed_log import KEY, ORIGIN, PRINT, SignedLog

pytestmark = pytest.mark.connected


async def standing(log: SignedLog) -> Standing:
    return await Signatures("box", log.store, log.database, KEY.public_key(), FileWitness(log.path).last).standing()


async def test_what_fits(signed: SignedLog) -> None:
    found = await standing(signed)
    assert (found.origin, found.fingerprint, found.alarms) == (ORIGIN, PRINT, ())
    assert found.last is not None
    assert found.before is not None
    assert (found.before.size, found.last.size, found.head, found.younger) == (5, 13, 15, 2)
    assert found.witnessed == found.last


async def test_before_anything_is_signed(log: SignedLog) -> None:
    await log.append(2)
    found = await standing(log)
    assert (found.last, found.before, found.witnessed, found.younger) == (None, None, None, 2)
    assert found.alarms == (Alarm.NO_WITNESS, Alarm.NOT_SIGNED)


async def test_a_tree_that_does_not_begin_with_the_one_before(signed: SignedLog) -> None:
    first, last = signed.notes()
    other = sign(type(last)(ORIGIN, last.size, first.root, last.at), KEY)
    await signed.database["checkpoints"].replace_one({"_id": last.size}, {"note": other})
    assert (await standing(signed)).alarms == (Alarm.INCONSISTENT, Alarm.WITNESS_DIFFERS)


async def test_a_tree_whose_nodes_were_changed(signed: SignedLog) -> None:
    await signed.database["proof_tiles"].delete_many({})
    assert Alarm.INCONSISTENT in (await standing(signed)).alarms


async def test_an_older_backup_is_shorter_than_what_the_witness_saw(signed: SignedLog) -> None:
    await tampering.old_backup(signed)
    assert (await standing(signed)).alarms == (Alarm.WITNESS_DIFFERS,)


async def test_a_log_that_lost_its_end(signed: SignedLog) -> None:
    await tampering.tail(signed)
    assert (await standing(signed.reopened())).alarms == (Alarm.LOG_SHORTER,)


async def test_another_key(signed: SignedLog) -> None:
    await tampering.signed_by(signed, THIEF)
    found = await standing(signed)
    assert (found.last, found.alarms) == (None, (Alarm.FOREIGN_SIGNATURE,))
