"""The Merkle tree of RFC 6962 §2.1: its root, and proofs that an entry is in it and that it only grew. Pure.

A node is named by its level (0: leaves) and its index there; it stands for 2^level entries. Only full nodes are asked
for, so that a node, once made, is the same for ever.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

Node = Callable[[int, int], bytes]
"""(level, index) → the hash of a full node."""


class ProofInvalid(Exception):  # noqa: N818 - said as it is
    """A proof does not show what it is said to show."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry; its prefix keeps an entry from being taken for a node."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of the node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """The full nodes from which the root of a growing tree is made: one for each bit of its size."""

    size: int = 0
    nodes: list[bytes] = field(default_factory=list)
    """The highest first."""

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add the hash of an entry; the nodes that have become full: (level, index, hash), the leaf first."""
        level, index, current = 0, self.size, leaf
        made = [(level, index, current)]
        while self.size >> level & 1:
            current = node_hash(self.nodes.pop(), current)
            level, index = level + 1, index >> 1
            made.append((level, index, current))
        self.nodes.append(current)
        self.size += 1
        return made

    def root(self) -> bytes:
        """The root of the tree; that of the empty one is the hash of nothing."""
        if not self.nodes:
            return hashlib.sha256(b"").digest()
        *others, root = self.nodes
        for node in reversed(others):
            root = node_hash(node, root)
        return root


def frontier_of(size: int, node: Node) -> Frontier:
    """The frontier of the first `size` entries."""
    nodes, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            nodes.append(node(level, start >> level))
            start += 1 << level
    return Frontier(size, nodes)


def range_hash(start: int, end: int, node: Node) -> bytes:
    """The hash of the subtree over the entries start … end-1, as RFC 6962 splits them; `start` must begin one."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(count)
    return node_hash(range_hash(start, middle, node), range_hash(middle, end, node))


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """The hashes that lead from entry `index` to the root over `size` entries (RFC 6962 §2.1.1).

    Raises:
        ValueError: there is no such entry.
    """
    if not 0 <= index < size:
        raise ValueError(f"no entry {index} among {size}")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """The hashes that show that the tree of `new` entries begins with that of `old` ones (RFC 6962 §2.1.2).

    Raises:
        ValueError: the old tree is empty, or larger than the new one.
    """
    if not 0 < old <= new:
        raise ValueError(f"no proof from {old} to {new}")
    path, start, end, whole = [], 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(start, middle, node))
            start, whole = middle, False
    if not whole:
        path.append(range_hash(start, end, node))
    return path[::-1]


class Step(NamedTuple):
    """On the way from an entry to the root: a node and its sibling, each by its level and index there."""

    node: tuple[int, int]
    sibling: tuple[int, int]


@lru_cache(4096)
def way_to_root(index: int, size: int) -> tuple[Step, ...]:
    """The nodes from entry `index` to below the root over `size` entries (RFC 9162 §2.1.3.2).

    A rightmost node without sibling stands under the name that it has where it gets one.

    Raises:
        ProofInvalid: there is no such entry.
    """
    if not 0 <= index < size:
        raise ProofInvalid("index")
    way, level, at, last = [], 0, index, size - 1
    while last:
        if at & 1 or at < last:
            way.append(Step((level, at), (level, at ^ 1)))
        level, at, last = level + 1, at >> 1, last >> 1
    return tuple(way)


def check_inclusion(index: int, size: int, leaf: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    """Nothing, if the leaf hash stands at `index` under this root (RFC 9162 §2.1.3.2).

    Raises:
        ProofInvalid: it does not, or the proof has the wrong length.
    """
    way, current = way_to_root(index, size), leaf
    if len(way) != len(proof):
        raise ProofInvalid("length")
    for step, sibling in zip(way, proof, strict=True):
        current = node_hash(sibling, current) if step.sibling < step.node else node_hash(current, sibling)
    if current != root:
        raise ProofInvalid("inclusion")


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Nothing, if the new tree begins with the old one (RFC 9162 §2.1.4.2).

    Raises:
        ProofInvalid: it does not, or the proof has the wrong length.
    """
    if old == new:
        if proof or old_root != new_root:
            raise ProofInvalid("consistency")
        return
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not 0 < old < new or not steps:
        raise ProofInvalid("length")
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if not last:
            raise ProofInvalid("length")
        if at & 1 or at == last:
            before, after = node_hash(step, before), node_hash(step, after)
            at, last = _above_right(at, last)
        else:
            after = node_hash(after, step)
        at, last = at >> 1, last >> 1
    if last or before != old_root or after != new_root:
        raise ProofInvalid("consistency")


def _above_right(at: int, last: int) -> tuple[int, int]:
    """Pass the levels at which a rightmost node has no sibling."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1
