"""The NIR: every valid and invalid case of the trade's page, and what holds for all of them."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import nir as stdnum_nir

from services.identity.domain.nir import Nir, agrees_with_birth, key_of, masked, parse_nir
from shared.kernel import Rejected

VALID = {
    "man, January 1985, Toulon": "185018313704278",
    "woman, December 1990, Paris 12e": "290127511230580",
    "Corsica 2A004": "190072A00401152",
    "Corsica 2B033": "275052B03311846",
    "Guadeloupe 97105": "288039710502329",
    "Nouméa 98818": "179099881807797",
    "Papeete 98735": "295119873500415",
    "Germany 99109": "182069910915617",
    "Algeria 99352": "270019935241012",
    "Algeria before 1962": "155049200301763",
    "month unknown 20": "184209910903372",
    "month unknown 31": "284319932400185",
    "month unknown 63": "184639935200297",
    "key 97": "185018313702397",
    "key 01": "185018313702201",
    "waiting number": "385018313704275",
}

INVALID = {
    "a key that is another's": ("185018313704200", "nir-key"),
    "month 13, its key right": ("185138313704276", "nir-format"),
    "sex 0, its key right": ("085018313704231", "nir-format"),
    "sex 9, its key right": ("985018313704266", "nir-format"),
    "département 2C": ("185012C13704200", "nir-format"),
    "14 characters": ("18501831370427", "nir-length"),
    "16 characters": ("1850183137042789", "nir-length"),
    "an example printed with the wrong key": ("180050632402315", "nir-key"),
    "month 19": ("1851983137042", "nir-format"),
    "month 00": ("1850083137042", "nir-format"),
    "nothing": ("", "nir-length"),
    "letters": ("ABCDEFGHIJKLM", "nir-format"),
    "digits of another script": ("١٨٥٠١٨٣١٣٧٠٤٢", "nir-format"),
    "a provisional number with a key": ("712345678901212", "nir-length"),
    "a migrant's number of a kind unknown": ("5312345678901", "nir-format"),
}


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_valid_with_its_key_and_without(text: str) -> None:
    assert parse_nir(text) == text[:13]
    assert parse_nir(text[:13]) == text[:13]
    assert key_of(Nir(text[:13])) == text[13:]
    assert stdnum_nir.is_valid(text), "the library that others use says so too"


@pytest.mark.parametrize(("text", "code"), INVALID.values(), ids=INVALID)
def test_invalid(text: str, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        parse_nir(text)
    assert refusal.value.code == code


@pytest.mark.parametrize("text", ["7112345678901", "8212345678901", "7012345678901", "5112345678901", "6212345678901"])
def test_a_provisional_number_has_13_digits_no_key_and_no_birth_date(text: str) -> None:
    nir = parse_nir(text)
    assert agrees_with_birth(nir, dt.date(1950, 6, 1))
    with pytest.raises(Rejected, match="nir-has-no-key"):
        key_of(nir)


@pytest.mark.parametrize(
    "text", ["1 85 01 83 137 042 78", "1.85.01.83.137.042.78", " 185018313704278 ", "1 85 01 83 137 042"]
)
def test_spaces_and_dots_are_ignored(text: str) -> None:
    assert parse_nir(text) == "1850183137042"


def test_corsica_may_be_typed_in_lower_case() -> None:
    assert parse_nir("190072a00401152") == "190072A004011"


def test_corsica_and_its_digits_share_a_key_but_are_two_numbers() -> None:
    assert key_of(Nir("190072A004011")) == key_of(Nir("1900719004011")) == "52"
    assert parse_nir("190072A004011") != parse_nir("1900719004011")


@pytest.mark.parametrize("text", ["1850100137042", "1850183000042", "1850183137000"])
def test_zero_parts_are_refused_only_on_demand(text: str) -> None:
    assert parse_nir(text) == text
    with pytest.raises(Rejected, match="nir-format"):
        parse_nir(text, refuse_zero_parts=True)


def test_a_number_without_zero_parts_passes_the_strict_rule() -> None:
    assert parse_nir("185018313704278", refuse_zero_parts=True) == "1850183137042"


@pytest.mark.parametrize(
    ("text", "birth", "agrees"),
    [
        ("1850183137042", dt.date(1985, 1, 31), True),
        ("1850183137042", dt.date(1885, 1, 31), True),
        ("1850183137042", dt.date(1985, 2, 1), False),
        ("1850183137042", dt.date(1986, 1, 1), False),
        ("1842099109033", dt.date(1984, 7, 1), True),
        ("1842099109033", dt.date(1985, 7, 1), False),
    ],
)
def test_birth_year_and_month_against_the_number(text: str, birth: dt.date, agrees: bool) -> None:  # noqa: FBT001
    assert agrees_with_birth(Nir(text), birth) is agrees


def test_masked_shows_sex_and_year_only() -> None:
    assert masked(parse_nir("185018313704278")) == "1 85 ** ** *** *** **"
    assert masked(parse_nir("7112345678901")) == "7 ** ** ** *** ***"


numbers = st.builds(
    "{}{:02}{:02}{}{:06}".format,
    st.integers(1, 4),
    st.integers(0, 99),
    st.one_of(st.integers(1, 12), st.integers(20, 99)),
    st.one_of(st.integers(0, 99).map("{:02}".format), st.sampled_from(["2A", "2B"])),
    st.integers(0, 999_999),
)


@given(numbers)
def test_every_number_is_the_same_with_its_own_key_and_with_no_other(number: str) -> None:
    nir = parse_nir(number)
    key = int(key_of(nir))
    assert 1 <= key <= 97
    assert parse_nir(f"{number}{key:02}") == nir
    with pytest.raises(Rejected, match="nir-key"):
        parse_nir(f"{number}{key % 97 + 1:02}")


@given(st.text(max_size=20))
def test_any_text_is_a_number_in_normal_form_or_refused(text: str) -> None:
    with contextlib.suppress(Rejected):
        assert parse_nir(parse_nir(text)) == parse_nir(text)
