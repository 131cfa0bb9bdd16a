"""Signed codes: what they say, that nobody else can make one, and that they fit on paper."""

import datetime as dt
from typing import Any

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from shared.canonical import b64url, unb64url
from shared.documents.qr import NotSigned, Proof, QrReader, QrSigner, digest, folded, public_jwk, svg


def pem(key: Any) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


KEY = Ed25519PrivateKey.generate()
SIGNER = QrSigner(pem(KEY), "https://compte.example/")
READER = QrReader({"keys": [public_jwk(KEY.public_key())]})
PROOF = Proof(
    k="note",
    i="2f7c1d5e-8a4b-5c3d-9e6f-0a1b2c3d4e5f",
    n="AD-7KQ2-M4XD-9VTA",
    d=dt.date(2026, 11, 25),
    x=dt.date(2027, 12, 31),
    s="0123456789abcdef",
    p=(("C. M.", digest("0123456789abcdef", "Martin", "Camille", "1985-01-17")),),
)


def test_what_was_signed_is_read() -> None:
    assert READER.read(SIGNER.token(PROOF)) == PROOF
    assert READER.read(SIGNER.token(PROOF.model_copy(update={"x": None}))).x is None


def test_the_link_keeps_it_from_every_server() -> None:
    address, _, token = SIGNER.url(PROOF).partition("#")
    assert address == "https://compte.example/verifier"
    assert token == SIGNER.token(PROOF)


def test_signed_again_it_is_the_same() -> None:
    assert QrSigner(pem(KEY), "https://compte.example").url(PROOF) == SIGNER.url(PROOF)


@given(st.data())
def test_no_character_can_be_changed(data: st.DataObject) -> None:
    token = SIGNER.token(PROOF)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABCxyz019-_."))
    changed = token[:at] + other + token[at + 1 :]
    parts, before = changed.split("."), token.split(".")
    same = len(parts) == 3 and [unb64url(one) for one in before] == _opened(parts) and parts[:2] == before[:2]
    if changed == token or same:  # the last character of a part may have bits to spare
        return
    with pytest.raises(NotSigned):
        READER.read(changed)


def _opened(parts: list[str]) -> list[bytes] | None:
    try:
        return [unb64url(one) for one in parts]
    except ValueError:
        return None


@pytest.mark.parametrize(
    "token", ["", "a", "a.b", "a.b.c", "..", f"{b64url(b'{}')}.{b64url(b'{}')}.{b64url(b'x')}", "é.é.é"]
)
def test_what_is_no_code(token: str) -> None:
    with pytest.raises(NotSigned):
        READER.read(token)


def test_another_key_signs_nothing_of_ours() -> None:
    stranger = Ed25519PrivateKey.generate()
    with pytest.raises(NotSigned):
        READER.read(QrSigner(pem(stranger), "https://x").token(PROOF))
    both = QrReader({"keys": [public_jwk(stranger.public_key()), public_jwk(KEY.public_key())]})
    assert both.read(SIGNER.token(PROOF)) == PROOF, "keys follow one another"


def test_a_key_of_another_kind_is_refused() -> None:
    other = generate_private_key(public_exponent=65537, key_size=2048)
    assert load_pem_private_key(pem(other).encode(), None)
    with pytest.raises(TypeError):
        QrSigner(pem(other), "https://x")


def test_what_is_printed_need_not_be_typed_as_it_is_printed() -> None:
    assert folded("Lefèvre-d'Arc, Anne  Éloïse") == "LEFEVREDARCANNEELOISE"
    assert folded("2 85 01 2A 137 042") == "285012A137042"
    assert digest("salt", "LEFÈVRE", "2026-11-25") == digest("salt", "lefevre", "20261125")
    assert digest("salt", "A", "BC") != digest("salt", "AB", "C")
    assert digest("salt", "A") != digest("tlas", "A")


def test_nothing_that_is_printed_stands_in_the_code() -> None:
    body = unb64url(SIGNER.token(PROOF).split(".")[1]).decode()
    for plain in ("Martin", "Camille", "1985"):
        assert plain not in body


def test_it_fits_on_paper() -> None:
    url = SIGNER.url(PROOF.model_copy(update={"p": PROOF.p * 4}))
    assert segno.make(url, error="m").version <= 20
    assert svg(url).startswith("<svg")
    assert segno.make(SIGNER.url(PROOF), error="m").version <= 16
