"""The serial number of a carte Vitale, with photo and without."""

import pytest

from services.identity.domain.serial import parse_serial
from shared.kernel import Rejected


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("12345678901", "12345678901"),
        ("1234567890", "12345678909"),
        ("12 345 678 901", "12345678901"),
        ("12345678", "12345678"),
        ("123456789", "123456789"),
        ("123456789012", "123456789012"),
        ("1234567890123", "1234567890123"),
    ],
    ids=["photo", "photo, the 9 left out", "spaces", "8 digits", "9 digits", "12 digits", "13 digits"],
)
def test_digits_in_normal_form(typed: str, normal: str) -> None:
    assert parse_serial(typed) == normal


@pytest.mark.parametrize("typed", ["", "1234567", "12345678901234", "1234567A901", "١٢٣٤٥٦٧٨٩٠١"])
def test_what_is_no_serial_number(typed: str) -> None:
    with pytest.raises(Rejected, match="serial-format"):
        parse_serial(typed)


def test_the_number_with_and_without_its_9_is_one() -> None:
    assert parse_serial("1234567890") == parse_serial("12345678909")
