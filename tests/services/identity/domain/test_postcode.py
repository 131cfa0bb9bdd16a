"""Postcodes of the mainland, overseas and abroad."""

import pytest

from services.identity.domain.postcode import COUNTRIES, parse_postcode
from shared.kernel import Rejected


@pytest.mark.parametrize(
    "text",
    [
        "83000", "83090", "01000", "20000", "95880",
        "97100", "97133", "97150", "97400", "97500", "97600", "97800",
        "98000", "98600", "98620", "98735", "98800",
        "99109", "99131", "99134", "99140", "99352", "99699",
    ],
)  # fmt: skip
def test_known(text: str) -> None:
    assert parse_postcode(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00000",
        "00100",
        "96000",
        "97000",
        "97900",
        "99000",
        "99100",
        "99115",
        "99999",
        "8300",
        "830000",
        "2A004",
        "٨٣٠٠٠",
    ],
)
def test_unknown(text: str) -> None:
    with pytest.raises(Rejected, match="postcode-unknown"):
        parse_postcode(text)


def test_spaces_are_ignored() -> None:
    assert parse_postcode(" 83 000 ") == "83000"


def test_the_list_of_countries_is_complete_and_without_france() -> None:
    assert len(COUNTRIES) == 228
    assert 100 not in COUNTRIES
    assert {109, 131, 134, 140, 352, 699} < COUNTRIES
