"""The rule of the personal code, and which part of it is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.personal_code import broken_rules, normal_form


@pytest.mark.parametrize(
    "code",
    [
        "soldat1!", "Toulon-83", "ABCDEF1?", "abcdefg1 ", "été2026€", "Œuvre-12", "a" * 48 + "1!",
        "cafe\u0301-2026",
    ],
)  # fmt: skip
def test_good(code: str) -> None:
    assert broken_rules(code) == []


@pytest.mark.parametrize(
    ("code", "broken"),
    [
        ("Abc1!", ["code-too-short"]),
        ("abcdefgh1", ["code-without-special"]),
        ("ABCDEFG!", ["code-without-digit"]),
        ("12345678!", ["code-without-letter"]),
        ("a1!" + "b" * 48, ["code-too-long"]),
        ("", ["code-too-short", "code-without-letter", "code-without-digit", "code-without-special"]),
        ("солдат1!", ["code-without-letter", "code-other-alphabet"]),  # noqa: RUF001 - another alphabet
        ("soldatя1!", ["code-other-alphabet"]),
        ("soldat1!\n", ["code-unprintable"]),
        ("soldat-١٢", ["code-without-digit"]),
        ("soldat1²", ["code-without-special"]),
    ],
)
def test_broken(code: str, broken: list[str]) -> None:
    assert broken_rules(code) == broken


def test_a_code_is_the_same_however_its_accents_were_typed() -> None:
    assert normal_form("e\u0301te\u0301-2026") == normal_form("été-2026")


def test_length_counts_characters_as_they_are_seen() -> None:
    assert "code-too-short" in broken_rules("e\u0301" * 5 + "1!")


@given(
    st.text(alphabet="abcXYZéïç", min_size=6, max_size=40),
    st.text(alphabet="0123456789", min_size=1, max_size=5),
    st.text(alphabet="!?-_ €@", min_size=1, max_size=5),
)
def test_letters_a_digit_and_a_special_character_are_enough(letters: str, digits: str, specials: str) -> None:
    assert broken_rules(letters + digits + specials) == []
