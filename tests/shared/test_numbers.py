"""Numbers that are read out: how they are made, what may be typed, and the read model that knows whose."""

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import ERASED, Erased, Event
from shared.numbers import NumberOf, as_id, in_groups, request_numbers, spelled

AT = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)


class Asked(Event, name="Asked"):
    person_id: str
    number: str | Erased


numbers = request_numbers("toy", {Asked: lambda event: event.number})


@given(bits=st.binary(min_size=8, max_size=16), between=st.sampled_from(["", " ", "-", " - "]))
def test_what_is_spelled_is_found_however_it_is_typed(bits: bytes, between: str) -> None:
    number = spelled(bits, "AD")
    assert number.startswith("AD-")
    assert not {"I", "O", "0", "1"} & set(number.removeprefix("AD-"))
    assert in_groups(number.replace("-", between).lower(), "AD") == number
    assert in_groups(number.removeprefix("AD-"), "AD") == number


def test_one_spelling_for_life() -> None:
    assert spelled(bytes(range(16)), "CP") == "CP-AAAQ-EAYE-AUDA"
    assert spelled(bytes(range(16))) == "AAAQ-EAYE-AUDA"


@pytest.mark.parametrize("written", ["{}", "{{{}}}", " {} "])
def test_an_id_is_known_in_every_writing(written: str) -> None:
    one = uuid.uuid4()
    assert as_id(written.format(str(one).upper())) == str(one)
    assert as_id(one.hex) == str(one)
    assert as_id(" nothing of the kind ") == "nothing of the kind"


def test_each_number_of_each_person_is_a_document_of_its_own() -> None:
    first, second = (Asked(at=AT, person_id=one, number="7") for one in ("ann", "bob"))
    keys = [numbers.key(one) for one in (first, second)]
    assert keys == ["7|ann", "7|bob"]
    assert numbers.evolve(None, first) == NumberOf(number="7", person_id="ann")


def test_what_is_erased_has_no_number() -> None:
    assert numbers.key(Asked(at=AT, person_id="ann", number=ERASED)) is None
