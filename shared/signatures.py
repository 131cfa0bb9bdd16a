"""Signatures of records: one over the RFC 6962 tree of those that go together, and for each the way to its root. Pure.

Signed are topic, key, value and all other headers of a record. Ed25519 takes 0.1 to 0.3 ms, so that a signature of each
would cost more than everything else that is done with it (docs/adr/0031).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.canonical import b64url, unb64url
from shared.messaging import ForeignRecord, Message, Record
from shared.proofs.checkpoints import public_key, signing_key
from shared.proofs.merkle import Frontier, ProofInvalid, check_inclusion, inclusion_proof, leaf_hash

HEADER: Final = "ce_signature"
TOGETHER: Final = 64
"""Records under one signature at most: six steps to the root."""
REMEMBERED: Final = 4096
"""Roots whose signature was found good."""
_VERSION: Final = "1"
_PURPOSE: Final = b"signed records of a topic/1\n"
_PEM: Final = re.compile(r"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


class UnknownSignature(ForeignRecord):
    """Unsigned, or not signed so by the owner of its topic."""


class Signer:
    """Signs what its owner writes on one topic."""

    def __init__(self, topic: str, pem: str) -> None:
        self._topic = topic
        self._key = signing_key(pem)
        self._key_id = key_id(self._key.public_key())

    def sign(self, messages: Iterable[Message]) -> Iterator[Message]:
        """The same messages, each with the header that proves it; taken and given in portions."""
        waiting = iter(messages)
        while portion := list(islice(waiting, TOGETHER)):
            yield from self._signed(portion)

    def _signed(self, portion: list[Message]) -> Iterator[Message]:
        tree, nodes = Frontier(), {}
        for one in portion:
            for level, index, node in tree.append(_leaf(one.key, one.value, dict(one.headers))):
                nodes[level, index] = node
        root = tree.root()
        signature = self._key.sign(_statement(self._topic, tree.size, root))
        for index, one in enumerate(portion):
            path = inclusion_proof(index, tree.size, lambda level, at: nodes[level, at])
            proof = _written(self._key_id, index, tree.size, [root, signature, *path])
            yield one._replace(headers=[*one.headers, (HEADER, proof)])


class Verifier:
    """Knows the keys of one topic's owner: today's, and those of before."""

    def __init__(self, topic: str, pems: str) -> None:
        self.pems = pems
        self._topic = topic
        self._keys = {key_id(key): key for key in map(public_key, _PEM.findall(pems))}
        self._good = lru_cache(REMEMBERED)(self._check_signature)

    def check(self, record: Record) -> None:
        """Nothing, if the owner has signed this record, as it is, for this topic.

        Raises:
            UnknownSignature: he has not.
        """
        try:
            name, index, size, (root, signature, *path) = _read(record.headers[HEADER])
            headers = {head: value for head, value in record.headers.items() if head != HEADER}
            check_inclusion(index, size, _leaf(record.key, record.value, headers), root, path)
            self._good(name, size, root, signature)
        except (KeyError, ValueError, TypeError, ProofInvalid, InvalidSignature):
            raise UnknownSignature from None

    def _check_signature(self, name: str, size: int, root: bytes, signature: bytes) -> None:
        self._keys[name].verify(signature, _statement(self._topic, size, root))


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a key: the beginning of its fingerprint."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _written(name: str, index: int, size: int, parts: Iterable[bytes]) -> bytes:
    """The header: version, key, place in the tree, its size, root, signature, path. There is one way to write it."""
    return " ".join([_VERSION, name, str(index), str(size), *map(b64url, parts)]).encode()


def _read(proof: bytes) -> tuple[str, int, int, list[bytes]]:
    _, name, index, size, *parts = proof.decode("ascii").split(" ")
    found = name, int(index), int(size), [unb64url(part) for part in parts]
    if proof != _written(*found):
        raise ValueError("another version, or not written as we write")
    return found


def _statement(topic: str, size: int, root: bytes) -> bytes:
    return _PURPOSE + f"{topic}\n{size}\n".encode() + root


def _leaf(key: bytes, value: bytes, headers: Mapping[str, bytes]) -> bytes:
    """Every part behind its length, so that nothing can move from one part to the next."""
    named = [part for name in sorted(headers) for part in (name.encode(), headers[name])]
    return leaf_hash(b"".join(len(part).to_bytes(4, "big") + part for part in (key, value, *named)))
