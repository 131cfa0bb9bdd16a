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
from shared.proofs.merkle import Frontier, ProofInvalid, inclusion_proof, leaf_hash, node_hash, way_to_root

HEADER: Final = "ce_signature"
TOGETHER: Final = 64
"""Records under one signature at most: six steps to the root."""
REMEMBERED: Final = 4096
"""Roots whose signature was found good."""
OPEN: Final = 512
"""Trees whose nodes are known, 60 kB each at most."""
Node = tuple[int, int]
_VERSION: Final = b"1"
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
        self._signed = lru_cache(OPEN)(self._tree)

    def check(self, record: Record) -> None:
        """Nothing, if the owner has signed this record, as it is, for this topic.

        Raises:
            UnknownSignature: he has not.
        """
        try:
            name, index, size, root, signature, way = _read(record.headers[HEADER])
            leaf = _leaf(record.key, record.value, record.headers)
            self._signed(name, size, root, signature).check(_number(index), leaf, way)
        except (KeyError, ValueError, TypeError, ProofInvalid, InvalidSignature):
            raise UnknownSignature from None

    def _tree(self, name: bytes, size: bytes, root: bytes, signature: bytes) -> "_Tree":
        self._good(name, size, root, signature)
        return _Tree(_number(size), _raw(root))

    def _check_signature(self, name: bytes, size: bytes, root: bytes, signature: bytes) -> None:
        self._keys[name.decode()].verify(_raw(signature), _statement(self._topic, _number(size), _raw(root)))


class _Tree:
    """A tree whose root is signed, and the nodes found in it so far: those of one portion share most of their ways."""

    def __init__(self, size: int, root: bytes) -> None:
        self._size = size
        self._root = root
        self._known: dict[Node, tuple[bytes, bytes]] = {}
        """Its hash, and the way from there to the root as it is written."""

    def check(self, index: int, leaf: bytes, way: bytes) -> None:
        """Nothing, if the leaf stands there, and this is the way from it to the root.

        Raises:
            ProofInvalid, ValueError: it does not, or the way is another.
        """
        found: dict[Node, tuple[bytes, bytes]] = {}
        current = leaf
        for node, sibling in way_to_root(index, self._size):
            if known := self._known.get(node):
                if known != (current, way):
                    raise ProofInvalid("another leaf, or another way")
                break
            text, _, above = way.partition(b" ")
            other = _raw(text)
            found[node] = current, way
            found[sibling] = other, b" ".join([_text(current), above]) if above else _text(current)
            current = node_hash(other, current) if sibling < node else node_hash(current, other)
            way = above
        else:
            if current != self._root or way:
                raise ProofInvalid("another root, or a longer way")
        self._known |= found


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a key: the beginning of its fingerprint."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _written(name: str, index: int, size: int, parts: Iterable[bytes]) -> bytes:
    """The header: version, key, place in the tree, its size, root, signature, path. There is one way to write it."""
    return b" ".join([_VERSION, name.encode(), b"%d" % index, b"%d" % size, *map(_text, parts)])


def _read(proof: bytes) -> tuple[bytes, bytes, bytes, bytes, bytes, bytes]:
    """Its fields as they are written, the path in one piece; whoever reads a field sees that it is written as ours."""
    version, name, index, size, root, signature, *way = proof.split(b" ", 6)
    if version != _VERSION or proof.endswith(b" "):
        raise ValueError("another version, or not written as we write")
    return name, index, size, root, signature, way[0] if way else b""


def _text(raw: bytes) -> bytes:
    return b64url(raw).encode()


def _raw(text: bytes) -> bytes:
    found = unb64url(text.decode("ascii"))
    if text != _text(found):
        raise ValueError("not written as we write")
    return found


def _number(text: bytes) -> int:
    found = int(text)
    if text != b"%d" % found:
        raise ValueError("not written as we write")
    return found


def _statement(topic: str, size: int, root: bytes) -> bytes:
    return _PURPOSE + f"{topic}\n{size}\n".encode() + root


def _leaf(key: bytes, value: bytes, headers: Mapping[str, bytes]) -> bytes:
    """Every part behind its length, so that nothing can move from one part to the next."""
    parts = [_length(key), key, _length(value), value]
    for name, written in _in_order(tuple(headers)):
        content = headers[name]
        parts += written, _length(content), content
    return leaf_hash(b"".join(parts))


@lru_cache(64)
def _in_order(names: tuple[str, ...]) -> list[tuple[str, bytes]]:
    """The names to be signed, sorted, and each as it is written: the records of a service have the same few sets."""
    encoded = [(name, name.encode()) for name in sorted(names) if name != HEADER]
    return [(name, _length(text) + text) for name, text in encoded]


def _length(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big")
