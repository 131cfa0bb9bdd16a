"""Signed checkpoints: the size and root of a log's tree, as C2SP tlog-checkpoint and signed-note lay them out. Pure."""

import base64
import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from shared.canonical import iso

HASH_BYTES: Final = 32
_ED25519: Final = b"\x01"
_TEXT: Final = re.compile(
    r"(?P<origin>[^\s+]+)\n(?P<size>0|[1-9]\d{0,18})\n(?P<root>[A-Za-z0-9+/=]+)\nat (?P<at>\S+)\n"
)
_SIGNATURE: Final = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/=]+)\n")


class CheckpointInvalid(Exception):  # noqa: N818 - said as it is
    """Not a checkpoint of this log, or not signed by this key."""


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: it has `size` commits, and this is the root over their hashes."""

    origin: str
    size: int
    root: bytes
    at: dt.datetime

    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\nat {iso(self.at)}\n"


def raw(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes_raw()


def fingerprint(key: Ed25519PublicKey) -> str:
    """What a stranger is told beside the log: SHA-256 of the public key, in hexadecimal."""
    return hashlib.sha256(raw(key)).hexdigest()


def signing_key(pem: str) -> Ed25519PrivateKey:
    """The private key in a PEM.

    Raises:
        ValueError: it holds no Ed25519 key.
    """
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 key")  # noqa: TRY004 - the content is wrong, not a type
    return key


def public_key(pem: str) -> Ed25519PublicKey:
    """The public key in a PEM.

    Raises:
        ValueError: it holds no Ed25519 key.
    """
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")  # noqa: TRY004 - the content is wrong, not a type
    return key


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The note: text, empty line, signature under the name of the log."""
    text = checkpoint.text()
    signature = _key_id(checkpoint.origin, key.public_key()) + key.sign(text.encode())
    return f"{text}\n— {checkpoint.origin} {base64.b64encode(signature).decode()}\n"


def read(note: str, origin: str, key: Ed25519PublicKey) -> Checkpoint:
    """The checkpoint of this log that a note holds; signatures of other keys are passed over.

    Raises:
        CheckpointInvalid: another log, no such form, or no valid signature of this key.
    """
    text, _, signatures = note.partition("\n\n")
    found = _TEXT.fullmatch(f"{text}\n")
    if found is None or found["origin"] != origin:
        raise CheckpointInvalid("text")
    if not any(_signed(line, f"{text}\n", origin, key) for line in signatures.splitlines(keepends=True)):
        raise CheckpointInvalid("signature")
    try:
        root = base64.b64decode(found["root"], validate=True)
        checkpoint = Checkpoint(origin, int(found["size"]), root, dt.datetime.fromisoformat(found["at"]))
        well_formed = len(root) == HASH_BYTES and checkpoint.text() == f"{text}\n"
    except (ValueError, TypeError):
        well_formed = False
    if not well_formed:
        raise CheckpointInvalid("text")
    return checkpoint


def _signed(line: str, text: str, origin: str, key: Ed25519PublicKey) -> bool:
    found = _SIGNATURE.fullmatch(line)
    if found is None or found["name"] != origin:
        return False
    try:
        blob = base64.b64decode(found["signature"], validate=True)
        if blob[:4] != _key_id(origin, key):
            return False
        key.verify(blob[4:], text.encode())
    except (ValueError, InvalidSignature):
        return False
    return True


def _key_id(name: str, key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + raw(key)).digest()[:4]
