"""Serial numbers of both kinds of card, as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cards.domain.serial import normalise
from shared.kernel import Rejected


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("12345678901", "12345678901"),  # with photo
        ("1234567890", "12345678909"),  # with photo, its last digit not printed
        ("12 345 678 901", "12345678901"),
        ("12.345-678\u2011901", "12345678901"),
        ("12345678", "12345678"),  # without photo
        ("123456789", "123456789"),
        ("1234567890123", "1234567890123"),
        (" 12345678\u00a0901 ", "12345678901"),
    ],
)
def test_one_form_for_one_number(typed: str, form: str) -> None:
    assert normalise(typed) == form


@pytest.mark.parametrize("typed", ["", "1234567", "12345678901234", "1234567890A", "١٢٣٤٥٦٧٨", "12345678\n901x"])
def test_what_is_no_serial_number_is_refused(typed: str) -> None:
    with pytest.raises(Rejected, match="vitale-serial-invalid"):
        normalise(typed)


@given(st.from_regex(r"[0-9]{8,13}", fullmatch=True))
def test_the_form_is_its_own_form(typed: str) -> None:
    assert normalise(normalise(typed)) == normalise(typed)
