"""The IBAN on file, and its last seven characters."""

import pytest

from services.identity.domain.iban import last_7, parse_iban, parse_last_7
from shared.kernel import Rejected


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("FR7630006000011234567890189", "7890189"),
        ("fr76 3000 6000 0112 3456 7890 189", "7890189"),
        ("FR1420041010050500013M02606", "3M02606"),
        ("FR7630004000010000012345617", "2345617"),
        ("MC5811222000010123456789030", "6789030"),
        ("DE89370400440532013000", "2013000"),
    ],
)
def test_the_last_seven_of_an_iban(text: str, ending: str) -> None:
    assert last_7(parse_iban(text)) == ending


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FR7630006000011234567890188", "iban-key"),
        ("FR76300060000112345678901890000000000000", "iban-format"),
        ("7630006000011234567890189", "iban-format"),
        ("FR76-3000", "iban-format"),
        ("", "iban-format"),
    ],
)
def test_an_iban_that_is_none(text: str, code: str) -> None:
    with pytest.raises(Rejected, match=code):
        parse_iban(text)


@pytest.mark.parametrize(
    ("typed", "normal"), [("7890189", "7890189"), ("3m02606", "3M02606"), (" 3M 02 606 ", "3M02606")]
)
def test_seven_characters_typed_letters_included(typed: str, normal: str) -> None:
    assert parse_last_7(typed) == normal


@pytest.mark.parametrize("typed", ["", "789018", "78901899", "78901é9", "789-189"])
def test_what_is_not_seven_characters(typed: str) -> None:
    with pytest.raises(Rejected, match="iban-last7-format"):
        parse_last_7(typed)
