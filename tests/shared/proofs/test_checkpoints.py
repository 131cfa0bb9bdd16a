"""Signed checkpoints: read back as they were written, and refused where anything differs."""

import base64
import datetime as dt
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shared.proofs.checkpoints import Checkpoint, CheckpointInvalid, fingerprint, read, sign

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PUBLIC = KEY.public_key()
AT = dt.datetime(2026, 3, 14, 9, 30, 0, 123000, tzinfo=dt.UTC)
ORIGIN = "mon-compte/cards"
MADE = Checkpoint(ORIGIN, 4711, bytes(range(32)), AT)


def test_it_is_laid_out_as_the_specification_says():
    lines = sign(MADE, KEY).split("\n")
    assert lines[:4] == [ORIGIN, "4711", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "at 2026-03-14T09:30:00.123Z"]
    assert lines[4] == ""
    assert lines[5].startswith(f"— {ORIGIN} ")
    assert len(base64.b64decode(lines[5].rpartition(" ")[2])) == 4 + 64
    assert lines[6:] == [""]


@given(st.integers(0, 10**12), st.binary(min_size=32, max_size=32))
def test_what_was_signed_is_read_back(size, root):
    made = replace(MADE, size=size, root=root)
    assert read(sign(made, KEY), ORIGIN, PUBLIC) == made


def test_a_witness_may_add_its_own_signature():
    note = sign(MADE, KEY)
    assert read(note + "— witness AAAAAAAA\n", ORIGIN, PUBLIC) == MADE


@given(st.integers(0, len(sign(MADE, KEY)) - 1), st.sampled_from("0aZ/+=\n —"))
def test_a_note_that_was_changed_anywhere_is_refused(place, character):
    note = sign(MADE, KEY)
    changed = note[:place] + character + note[place + 1 :]
    if changed == note:
        return
    with pytest.raises(CheckpointInvalid):
        read(changed, ORIGIN, PUBLIC)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        sign(MADE, OTHER),
        sign(replace(MADE, origin="mon-compte/identity"), KEY),
        sign(replace(MADE, root=bytes(31)), KEY),
        MADE.text(),
        MADE.text() + "\n— mon-compte/cards !!!\n",
        sign(MADE, KEY).replace("4711", "04711"),
    ],
    ids=range(8),
)
def test_what_this_log_did_not_sign_is_refused(note):
    with pytest.raises(CheckpointInvalid):
        read(note, ORIGIN, PUBLIC)


def test_a_key_is_known_by_its_fingerprint():
    assert fingerprint(PUBLIC) != fingerprint(OTHER.public_key())
    assert len(bytes.fromhex(fingerprint(PUBLIC))) == 32
