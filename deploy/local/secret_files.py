"""Keys and peppers of a local run, made at the first start and kept: never used anywhere else."""

import json
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from joserfc.jwk import OKPKey

from deploy.local import files
from deploy.local.services import EVENT_OWNERS
from shared.documents.qr import public_jwk

HASH_PURPOSES = ("nir", "email", "serial", "iban", "link", "fingerprint", "origin", "place", "login", "claim")
TOKEN_ISSUERS = ("gateway", "console")
FEED_SENDERS = ("register", "manufacturer", "vitale-issuer", "terminals", "settlement", "printer", "mail-relay")
OPPOSITION_READERS = ("pharmacy",)


def create(folder: Path) -> Path:
    """Write what is missing; a file that exists is never touched, for data depends on it."""
    files.private_folder(folder)
    _once(folder / "kek", secrets.token_hex(32))
    _once(folder / "pepper", secrets.token_hex(32))
    _complete(folder / "hash_keys.json")
    for issuer in TOKEN_ISSUERS:
        _key_pair(folder / f"{issuer}_ed25519.pem")
    feeds = files.private_folder(folder / "feeds")
    for sender in FEED_SENDERS:
        private = _key_pair(feeds / f"{sender}.pem")
        _once(feeds / f"{sender}.pub", _public_pem(private))
    documents = _key_pair(folder / "documents_ed25519.pem")
    _once(folder / "documents_jwks.json", json.dumps({"keys": [public_jwk(documents.public_key())]}))
    proofs = files.private_folder(folder / "proofs")
    for owner in EVENT_OWNERS:
        _once(proofs / f"{owner}.pub", _public_pem(_key_pair(proofs / f"{owner}_ed25519.pem")))
    records = files.private_folder(folder / "records")
    for owner in EVENT_OWNERS:
        record_key(records, owner)
    _printer(folder)
    readers = files.private_folder(folder / "opposition_readers")
    for reader in OPPOSITION_READERS:
        _key_pair(readers / f"{reader}_ed25519.pem")
    public = [_jwk(readers, reader) for reader in OPPOSITION_READERS]
    files.write_private(folder / "opposition_readers.json", json.dumps({"keys": public}))
    files.write_private(folder / "jwks.json", json.dumps({"keys": [_jwk(folder, i) for i in TOKEN_ISSUERS]}))
    return folder


def _once(path: Path, content: str | bytes) -> None:
    if not path.exists():
        files.write_private(path, content)


def _complete(path: Path) -> None:
    """A purpose that came later gets its key; those that exist stay."""
    known = json.loads(path.read_bytes()) if path.exists() else {}
    made = {purpose: {"version": 1, "key": secrets.token_hex(32)} for purpose in HASH_PURPOSES if purpose not in known}
    if made:
        files.write_private(path, json.dumps(known | made, indent=2))


def _key_pair(path: Path) -> Ed25519PrivateKey:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _once(path, pem)
    key = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def _printer(folder: Path) -> None:
    """What letters are encrypted for: the printer alone has the private part."""
    file = folder / "printer.pem"
    _once(file, OKPKey.generate_key("X25519").as_pem(private=True))
    _once(folder / "printer.pub", OKPKey.import_key(file.read_bytes()).as_pem(private=False))


def record_key(folder: Path, owner: str) -> None:
    """What signs an owner's records. The keys of before stay below his present one: their records stand for life."""
    pem = _public_pem(_key_pair(folder / f"{owner}_ed25519.pem"))
    known = (folder / f"{owner}.pub").read_bytes() if (folder / f"{owner}.pub").exists() else b""
    if pem not in known:
        files.write_private(folder / f"{owner}.pub", pem + known)


def _public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _jwk(folder: Path, issuer: str) -> dict[str, str | list[str]]:
    pem = _public_pem(_key_pair(folder / f"{issuer}_ed25519.pem"))
    key = OKPKey.import_key(pem)
    # The thumbprint tells two generations of an issuer's key apart, the name tells the issuers apart.
    kid = f"{issuer}-{key.thumbprint()[:12]}"
    return {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": "Ed25519"}
