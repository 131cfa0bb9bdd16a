"""The tree of RFC 6962: its published vectors, and proofs of every entry and every growth."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.proofs import merkle as m

# The entries and roots that the test vectors of Certificate Transparency use.
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Tree:
    """A tree over entries, with every full node it made."""

    def __init__(self, entries: list[bytes]) -> None:
        self.leaves = [m.leaf_hash(entry) for entry in entries]
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.roots = [m.Frontier().root()]
        frontier = m.Frontier()
        for leaf in self.leaves:
            for level, index, value in frontier.append(leaf):
                assert (level, index) not in self.nodes
                self.nodes[level, index] = value
            self.roots.append(frontier.root())

    def node(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]


def numbered(count: int) -> Tree:
    return Tree([str(number).encode() for number in range(count)])


def naive_root(leaves: list[bytes]) -> bytes:
    """As the RFC defines it, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return m.node_hash(naive_root(leaves[:half]), naive_root(leaves[half:]))


def test_the_roots_are_those_of_the_published_vectors():
    assert [root.hex() for root in Tree([bytes.fromhex(entry) for entry in ENTRIES]).roots] == ROOTS


def test_every_root_is_that_of_the_definition_and_of_its_frontier():
    tree = numbered(70)
    for size, root in enumerate(tree.roots):
        assert root == naive_root(tree.leaves[:size])
        assert m.frontier_of(size, tree.node).root() == root
        if size:
            assert m.range_hash(0, size, tree.node) == root


def test_every_entry_is_shown_to_be_in_every_tree_that_has_it():
    tree = numbered(34)
    for size in range(1, 35):
        for index in range(size):
            proof = m.inclusion_proof(index, size, tree.node)
            assert len(proof) <= (size - 1).bit_length()
            m.check_inclusion(index, size, tree.leaves[index], tree.roots[size], proof)


def test_every_tree_is_shown_to_begin_with_every_smaller_one():
    tree = numbered(34)
    for new in range(1, 35):
        for old in range(1, new + 1):
            m.check_consistency(old, tree.roots[old], new, tree.roots[new], m.consistency_proof(old, new, tree.node))


@given(st.data())
def test_a_proof_with_anything_changed_shows_nothing(data):
    size = data.draw(st.integers(2, 40))
    tree = numbered(size)
    index = data.draw(st.integers(0, size - 1))
    proof = m.inclusion_proof(index, size, tree.node)
    wrong = _damaged(data, proof)
    with pytest.raises(m.ProofInvalid):
        m.check_inclusion(index, size, tree.leaves[index], tree.roots[size], wrong)
    with pytest.raises(m.ProofInvalid):
        m.check_inclusion(index, size, m.leaf_hash(b"another"), tree.roots[size], proof)
    with pytest.raises(m.ProofInvalid):
        m.check_inclusion((index + 1) % size, size, tree.leaves[index], tree.roots[size], proof)


@given(st.data())
def test_a_log_that_was_rewritten_is_not_consistent(data):
    old = data.draw(st.integers(1, 30))
    new = data.draw(st.integers(old + 1, 40))
    tree = numbered(new)
    changed = data.draw(st.integers(0, old - 1))
    other = Tree([b"forged" if number == changed else str(number).encode() for number in range(new)])
    for proof in (m.consistency_proof(old, new, tree.node), m.consistency_proof(old, new, other.node)):
        with pytest.raises(m.ProofInvalid):
            m.check_consistency(old, tree.roots[old], new, other.roots[new], proof)
    honest = m.consistency_proof(old, new, tree.node)
    with pytest.raises(m.ProofInvalid):
        m.check_consistency(old, tree.roots[old], new, tree.roots[new], _damaged(data, honest))


def test_what_does_not_exist_has_no_proof():
    tree = numbered(4)
    for index, size in ((4, 4), (-1, 4), (0, 0)):
        with pytest.raises(ValueError, match="no entry"):
            m.inclusion_proof(index, size, tree.node)
        with pytest.raises(m.ProofInvalid):
            m.check_inclusion(index, size, tree.leaves[0], tree.roots[4], [])
    for old, new in ((0, 4), (5, 4)):
        with pytest.raises(ValueError, match="no proof"):
            m.consistency_proof(old, new, tree.node)
        with pytest.raises(m.ProofInvalid):
            m.check_consistency(old, tree.roots[0], new, tree.roots[4], [])
    with pytest.raises(m.ProofInvalid):
        m.check_consistency(4, tree.roots[3], 4, tree.roots[4], [])


def _damaged(data: st.DataObject, proof: list[bytes]) -> list[bytes]:
    """Another proof: one step changed, left out, or one more."""
    ways = ["more"] + (["change", "drop"] if proof else [])
    way = data.draw(st.sampled_from(ways))
    at = data.draw(st.integers(0, max(len(proof) - 1, 0)))
    if way == "more":
        return [*proof[:at], bytes(32), *proof[at:]]
    if way == "drop":
        return proof[:at] + proof[at + 1 :]
    return [*proof[:at], bytes(byte ^ 1 for byte in proof[at]), *proof[at + 1 :]]
