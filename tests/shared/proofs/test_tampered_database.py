"""Whatever is done to the database shows in what is exported from it."""

import pytest

from shared.event_store import chain
from shared.proofs.checkpoints import CheckpointInvalid, fingerprint
from shared.proofs.witness import FileWitness
from tests.shared.proofs import tampering
from tests.shared.proofs.forgeries import THIEF
from tests.shared.proofs.signed_log import KEY, MINE, PRINT, SignedLog, found

pytestmark = pytest.mark.connected


@pytest.mark.parametrize("tamper", tampering.TAMPERINGS, ids=lambda tamper: tamper.__name__)
async def test_what_was_done_to_the_database_is_found_in_its_export(signed: SignedLog, tamper) -> None:
    await tamper(signed)
    assert found(await signed.export(MINE), signed.path) != []


async def test_a_hole_in_the_database_cannot_even_be_exported(signed: SignedLog) -> None:
    await signed.database["commits"].delete_one({"_id": 4})
    with pytest.raises(chain.Corrupted):
        await signed.export(MINE)


@pytest.mark.parametrize("held", [0, 1], ids=["the first", "the last"])
async def test_one_checkpoint_held_before_is_enough_to_tell_a_rewritten_log(signed: SignedLog, held: int) -> None:
    """Even where who rewrote it holds the key, and signs it all anew."""
    note = signed.path.read_text().split(FileWitness.END)[held]
    await tampering.rewritten(signed)
    for collection in ("checkpoints", "proof_tiles"):
        await signed.database[collection].delete_many({})
    kept, signed.path = signed.path, signed.folder / "a witness of his own"
    await signed.signer.stop()
    signed.signer = signed.another("two")
    await signed.sign()
    export = await signed.export(MINE)
    kept.write_text(note + FileWitness.END)
    assert found(export) == []
    assert found(export, signed.path) == []
    assert "are not those that were signed" in " ".join(found(export, kept)) or "contradict" in found(export, kept)[0]


async def test_a_log_signed_by_another_key_cannot_be_exported_under_ours(signed: SignedLog) -> None:
    await tampering.signed_by(signed)
    with pytest.raises(CheckpointInvalid):
        await signed.export(MINE)


async def test_a_substituted_key_is_not_the_one_that_was_named(signed: SignedLog) -> None:
    await tampering.signed_by(signed)
    export = await signed.export(MINE, key=THIEF.public_key())
    assert found(export, key=fingerprint(THIEF.public_key())) == []
    assert found(export) == ["the export was signed with another key than the one you named"]
    assert fingerprint(KEY.public_key()) == PRINT


async def test_what_is_younger_than_the_last_checkpoint_is_not_told(signed: SignedLog) -> None:
    """What `verify` says that it cannot find: nobody has signed it yet."""
    await signed.database["commits"].delete_many({"_id": {"$gt": 13}})
    assert found(await signed.export(MINE), signed.path) == []
