"""Names that forgive, and how much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.geo.search.names import Names, allowed, slipped


@pytest.mark.parametrize(
    ("typed", "name", "meant"),
    [
        ("Kermarrec", "KERMARREC", True), ("kermarec", "KERMARREC", True), ("kremarrec", "KERMARREC", True), ("kermarrek", "KERMARREC", True),
        ("karmarec", "KERMARREC", True), ("kerma", "KERMARREC", True), ("carmarez", "KERMARREC", False), ("hebert", "Hébert", True), ("hebret", "Hébert", True),
        ("le goff", "Le Goff", True), ("goff", "LE GOFF", True), ("le gof", "Le Goff", True), ("dupont", "DUPOND", True), ("dupont", "DURAND", False),
        ("port", "Pharmacie du Port", True), ("pharmacie port", "Pharmacie du Port", True), ("pharmacie gare", "Pharmacie du Port", False),
        ("jean baptiste", "Jean-Baptiste", True), ("roy", "ROI", False), ("étoile", "PHARMACIE DE L'ETOILE", True),
    ],
)  # fmt: skip
def test_what_is_meant(typed: str, name: str, *, meant: bool) -> None:
    names = Names()
    words = set(names.numbers(name))
    names.numbers("Wagner", "Zimmermann", "Rossi")
    found = names.like(typed)
    assert bool(found and all(words & one for one in found)) is meant


def distance(one: str, other: str) -> int:
    """The textbook's recursion (optimal string alignment), slow and plain."""
    if not one or not other:
        return len(one) + len(other)
    least = min(
        distance(one[1:], other) + 1, distance(one, other[1:]) + 1, distance(one[1:], other[1:]) + (one[0] != other[0])
    )
    if len(one) > 1 and len(other) > 1 and one[0] == other[1] and one[1] == other[0]:
        least = min(least, distance(one[2:], other[2:]) + 1)
    return least


words = st.text("abc", min_size=1, max_size=5)


@given(words, words, st.integers(1, 2))
def test_slips_are_counted_as_the_textbook_does(one: str, other: str, most: int) -> None:
    assert slipped(one, other, most) is (distance(one, other) <= most)


@given(st.text("abcdefgh", min_size=4, max_size=12), st.integers(0, 11), st.sampled_from("xyz"))
def test_every_single_slip_is_found_among_others(word: str, at: int, letter: str) -> None:
    names = Names()
    [number] = names.numbers(word)
    names.numbers("martin", "durand", "bernard")
    at %= len(word)
    for typed in (word[:at] + letter + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + word[at + 1 :]):
        if allowed(typed):
            assert number in names.like(typed)[0], typed
