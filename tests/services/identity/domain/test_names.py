"""Surnames as people type them."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.identity.domain.names import folded, same_surname


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LEFÈVRE", "lefevre"),
        ("Dupont-Martin", "DUPONT MARTIN"),
        ("D'Artagnan", "d\u2019artagnan"),
        ("Le Gall", "LEGALL"),
        ("Lœuillet", "LOEUILLET"),
        ("Weiß", "WEISS"),
        ("Nuñez", "nunez"),
    ],
)
def test_the_same_surname(one: str, other: str) -> None:
    assert same_surname(one, other)


@pytest.mark.parametrize(("one", "other"), [("Martin", "Martine"), ("", ""), ("-", "'"), ("Durand", "")])
def test_not_the_same_surname(one: str, other: str) -> None:
    assert not same_surname(one, other)


@given(st.text(max_size=30))
@example("\U0001d71c")  # a letter that has a lower case only once it is taken apart
@settings(max_examples=500)
def test_folding_twice_changes_nothing_more(name: str) -> None:
    assert folded(folded(name)) == folded(name)
