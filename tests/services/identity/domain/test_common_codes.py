"""Codes that are guessed first."""

import datetime as dt

import pytest

from services.identity.access.personal_words import LIST, common_codes
from services.identity.domain.common_codes import dates_of, is_common, is_personal
from services.identity.domain.personal_code import broken_rules

COMMON = ("Azerty123!", "azerty1234&", "P@ssw0rd1", "p@ssw0rd!!", "Motdepasse1!", "m0tdep@sse1", "Bonjour-2026", "!!Soleil83!!", "j3t@ime13!", "1q2w3e4r!", "Doudou*1984", "Marseille13!", "abcd1234!", "Nicolas.75", "Nïcôlas.75")  # fmt: skip
FINE = (
    "soldat1!",
    "Toulon-83",
    "Marée-basse-83!",
    "faux-code1",
    "Un grand chêne 7",
    "zx9!kkpq",
    "café crème 2 sucres!",
)


@pytest.mark.parametrize("code", COMMON)
def test_a_common_code_is_known_whatever_is_put_around_it(code: str) -> None:
    assert broken_rules(code) == [], "or it would not come so far"
    assert is_common(code, common_codes())


@pytest.mark.parametrize("code", FINE)
def test_others_are_not(code: str) -> None:
    assert broken_rules(code) == []
    assert not is_common(code, common_codes())


def test_the_list_is_long_folded_and_in_order() -> None:
    lines = LIST.read_text(encoding="ascii").splitlines()
    assert len(lines) > 3000
    assert lines == sorted(set(lines))
    assert all(line.isalnum() and line == line.lower() for line in lines)


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("Lefevre-83!", "LEFÈVRE"),
        ("17011985-a", "17011985"),
        ("a!170185b", "170185"),
        ("Claire.Lefevre1!", "claire.lefevre"),
        ("x2850183137042!", "2850183137042"),
        ("Lou-12345!", "Lou"),
    ],
)
def test_what_is_known_of_a_person_is_no_code(code: str, word: str) -> None:
    assert is_personal(code, [word])


@pytest.mark.parametrize(("code", "word"), [("Toulouse-31", "Lou"), ("soldat1!", "LEFÈVRE"), ("soldat1!", "")])
def test_a_short_word_within_another_is_none(code: str, word: str) -> None:
    assert not is_personal(code, [word])


def test_a_birth_date_is_written_in_three_ways() -> None:
    assert dates_of(dt.date(1985, 1, 17)) == ("17011985", "170185", "19850117")
