import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from deploy.local import secret_files
from deploy.local.services import EVENT_OWNERS
from shared.proofs.checkpoints import signing_key


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return secret_files.create(tmp_path / "secrets")


def contents(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_all_files_are_there_and_their_owners_alone(folder: Path) -> None:
    names = {str(file.relative_to(folder)) for file in contents(folder)}
    feeds = {f"feeds/{sender}.{end}" for sender in secret_files.FEED_SENDERS for end in ("pem", "pub")}
    keys = {"kek", "pepper", "hash_keys.json", "gateway_ed25519.pem", "console_ed25519.pem", "jwks.json"}
    keys |= {"documents_ed25519.pem", "documents_jwks.json", "printer.pem", "printer.pub"}
    proofs = {f"proofs/{owner}{end}" for owner in EVENT_OWNERS for end in ("_ed25519.pem", ".pub")}
    readers = {"opposition_readers.json", "opposition_readers/pharmacy_ed25519.pem"}
    records = {f"records/{owner}{end}" for owner in EVENT_OWNERS for end in ("_ed25519.pem", ".pub")}
    assert names == keys | feeds | proofs | records | readers
    assert {file.stat().st_mode & 0o777 for file in contents(folder)} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (folder, folder / "feeds", folder / "proofs")} == {0o700}


def test_keys_are_random_and_long_enough(folder: Path) -> None:
    assert len(bytes.fromhex((folder / "kek").read_text())) == 32
    assert len(bytes.fromhex((folder / "pepper").read_text())) == 32
    hashes = json.loads((folder / "hash_keys.json").read_text())
    assert set(hashes) == {"nir", "email", "serial", "iban", "link", "fingerprint", "origin", "place", "login", "claim"}
    assert {entry["version"] for entry in hashes.values()} == {1}
    assert len({entry["key"] for entry in hashes.values()}) == len(hashes)


def test_a_purpose_that_comes_later_gets_its_key_and_the_others_keep_theirs(folder: Path) -> None:
    file = folder / "hash_keys.json"
    before = json.loads(file.read_text())
    file.write_text(json.dumps({purpose: entry for purpose, entry in before.items() if purpose != "login"}))
    secret_files.create(folder)
    after = json.loads(file.read_text())
    assert after.keys() == before.keys()
    assert {name: entry for name, entry in after.items() if name != "login"} == {
        name: entry for name, entry in before.items() if name != "login"
    }


def test_a_second_time_nothing_changes(folder: Path) -> None:
    before = contents(folder)
    secret_files.create(folder)
    assert contents(folder) == before


def test_a_new_key_for_records_stands_above_that_of_before(folder: Path) -> None:
    public, private = folder / "records" / "cards.pub", folder / "records" / "cards_ed25519.pem"
    before = public.read_text()
    private.unlink()
    secret_files.create(folder)
    key = signing_key(private.read_text()).public_key()
    assert public.read_text() == key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode() + before


def test_a_lost_file_comes_back_and_the_others_stay(folder: Path) -> None:
    before = contents(folder)
    (folder / "feeds" / "register.pub").unlink()
    secret_files.create(folder)
    assert contents(folder) == before


@pytest.mark.parametrize("sender", secret_files.FEED_SENDERS)
def test_a_feeds_public_key_verifies_what_its_private_key_signs(folder: Path, sender: str) -> None:
    private = load_pem_private_key((folder / "feeds" / f"{sender}.pem").read_bytes(), None)
    public = load_pem_public_key((folder / "feeds" / f"{sender}.pub").read_bytes())
    assert isinstance(private, Ed25519PrivateKey)
    assert isinstance(public, Ed25519PublicKey)
    public.verify(private.sign(b"a feed"), b"a feed")


@pytest.mark.parametrize("issuer", secret_files.TOKEN_ISSUERS)
def test_a_token_of_an_issuer_is_verified_with_the_published_keys(folder: Path, issuer: str) -> None:
    published = json.loads((folder / "jwks.json").read_text())
    kid = next(key["kid"] for key in published["keys"] if key["kid"].startswith(issuer))
    private = OKPKey.import_key((folder / f"{issuer}_ed25519.pem").read_bytes())
    token = jwt.encode({"alg": "Ed25519", "kid": kid}, {"sub": "x"}, private, algorithms=["Ed25519"])
    assert jwt.decode(token, KeySet.import_key_set(published), algorithms=["Ed25519"]).claims == {"sub": "x"}


@pytest.mark.parametrize("owner", EVENT_OWNERS)
def test_a_logs_public_key_verifies_what_its_private_key_signs(folder: Path, owner: str) -> None:
    private = signing_key((folder / "proofs" / f"{owner}_ed25519.pem").read_text())
    public = load_pem_public_key((folder / "proofs" / f"{owner}.pub").read_bytes())
    assert isinstance(public, Ed25519PublicKey)
    public.verify(private.sign(b"a checkpoint"), b"a checkpoint")


def test_no_private_key_is_published(folder: Path) -> None:
    for key in json.loads((folder / "jwks.json").read_text())["keys"]:
        assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}
