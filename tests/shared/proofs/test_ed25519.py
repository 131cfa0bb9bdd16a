"""The verifier's own Ed25519 against the vectors of RFC 8032 and of Wycheproof, and against what was made elsewhere."""

import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.services import ROOT
from shared.proofs.verify import signature_holds

VECTORS = json.loads((ROOT / "tests" / "golden" / "ed25519.json").read_text())["tests"]
# RFC 8032 §7.1: secret key, public key, message, signature.
RFC = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]


@pytest.mark.parametrize(
    ("secret", "key", "message", "signature"), RFC, ids=["empty", "one byte", "two bytes", "SHA(abc)"]
)
def test_the_rfcs_vectors_hold(secret, key, message, signature):
    made = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    assert made.public_key().public_bytes_raw().hex() == key
    assert made.sign(bytes.fromhex(message)).hex() == signature
    assert signature_holds(bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature))
    assert not signature_holds(bytes.fromhex(key), bytes.fromhex(message) + b"!", bytes.fromhex(signature))


def test_wycheproofs_vectors_are_told_apart():
    wrong = [
        number
        for number, one in enumerate(VECTORS)
        if signature_holds(*(bytes.fromhex(one[part]) for part in ("key", "message", "signature"))) is not one["valid"]
    ]
    assert wrong == []
    assert {one["valid"] for one in VECTORS} == {True, False}
    assert len(VECTORS) > 150


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.data())
def test_what_another_program_signed_holds_and_one_bit_more_or_less_does_not(secret, message, data):
    made = Ed25519PrivateKey.from_private_bytes(secret)
    key, signature = made.public_key().public_bytes_raw(), made.sign(message)
    assert signature_holds(key, message, signature)
    bit = data.draw(st.integers(0, 511))
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert not signature_holds(key, message, bytes(changed))


@pytest.mark.parametrize("sizes", [(31, 64), (33, 64), (32, 63), (32, 65), (0, 0)])
def test_what_has_another_size_is_no_signature(sizes):
    assert not signature_holds(bytes(sizes[0]), b"", bytes(sizes[1]))
