"""The kernel: values are frozen and strict, rules refuse by a stable code, folds are left folds."""

import datetime as dt
from typing import Annotated, get_args

import pytest
from pydantic import ValidationError

from shared.kernel import ERASED, Erased, Event, Made, Now, Personal, Rejected, Supplied, Value, members, require
from tests import toy

FILLED = toy.BoxFilled(at=toy.T0, person_id="p", amount=2)
OPENED = toy.BoxOpened(at=toy.T0, person_id="p", label="hush")
EMPTIED = toy.BoxEmptied(at=toy.T0, person_id="p")


class Point(Value):
    x: int


def test_a_value_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Point(x=1).x = 2  # type: ignore[misc]


def test_a_value_refuses_a_field_it_does_not_know() -> None:
    with pytest.raises(ValidationError):
        Point.model_validate({"x": 1, "y": 2})


def test_equal_values_are_equal_and_hash_alike() -> None:
    assert Point(x=1) == Point(x=1)
    assert len({Point(x=1), Point(x=1), Point(x=2)}) == 2


@pytest.mark.parametrize("kind", [toy.Put, toy.BoxFilled])
def test_commands_and_events_need_a_time_with_a_zone(kind: type[toy.Put | toy.BoxFilled]) -> None:
    with pytest.raises(ValidationError):
        kind(at=dt.datetime(2026, 3, 14), person_id="p", amount=1)  # noqa: DTZ001 - this is what is refused


def test_an_event_bears_the_stored_name_and_version_it_was_given() -> None:
    assert (toy.BoxOpened.NAME, toy.BoxOpened.SCHEMA) == ("BoxOpened", 2)
    assert (toy.BoxFilled.NAME, toy.BoxFilled.SCHEMA) == ("BoxFilled", 1)


def test_a_stored_name_is_never_taken_from_the_class() -> None:
    class Nameless(Event):
        pass

    class Heir(toy.BoxOpened):
        """Not the same fact as its parent."""

    assert (Nameless.NAME, Heir.NAME) == ("", "")


@pytest.mark.parametrize("holds", [True, False])
def test_require_refuses_with_its_code_and_nothing_else(*, holds: bool) -> None:
    if holds:
        require(holds, otherwise="never")
        return
    with pytest.raises(Rejected) as refusal:
        require(holds, otherwise="box-is-shut")
    assert refusal.value.code == "box-is-shut"
    assert str(refusal.value) == "box-is-shut"


def test_a_fold_applies_events_in_order_from_the_beginning() -> None:
    assert toy.box.fold([]) == toy.Box()
    assert toy.box.fold([OPENED, FILLED, FILLED]) == toy.Box(is_open=True, content=4)
    assert toy.box.fold([OPENED, FILLED, EMPTIED]) == toy.Box(is_open=True)


@pytest.mark.parametrize("cut", [0, 1, 7, 21])
def test_a_fold_may_go_on_from_a_state(cut: int) -> None:
    events = [OPENED, *(toy.BoxFilled(at=toy.T0, person_id="p", amount=n) for n in range(20))]
    assert toy.box.fold(events[cut:], toy.box.fold(events[:cut])) == toy.box.fold(events)


def test_a_fold_from_a_state_that_is_false_does_not_begin_anew() -> None:
    class Nothing(Value):
        def __bool__(self) -> bool:
            return False

    nothing = Nothing()
    assert toy.box.fold([], nothing) is nothing  # type: ignore[arg-type]


def test_supplied_marks_stand_on_times_and_made_ids_only() -> None:
    marks = {name: [type(mark) for mark in info.metadata] for name, info in toy.Open.model_fields.items()}
    assert marks["at"] == marks["order_id"] == [Supplied]
    assert marks["label"] == marks["person_id"] == []
    assert Supplied() in get_args(Now)
    assert Supplied() in get_args(Made[int])


def test_the_erased_value_shows_as_a_word_and_is_one_of_a_kind() -> None:
    assert ERASED.value == "effacé"
    assert list(Erased) == [ERASED]
    assert Personal("cards").of == "person_id"


def test_a_projection_is_named_with_its_version_and_can_be_read_at_another() -> None:
    assert toy.summary.id == "toy_summary__v1"
    assert toy.summary.model_id(12) == "toy_summary__v12"
    assert toy.summary.at("toy_summary__v12").version == 12
    assert toy.summary.at("toy_summary__v12").id == "toy_summary__v12"


def test_members_of_a_union_and_of_a_single_class() -> None:
    assert members(toy.BoxEvent) == (toy.BoxOpened, toy.BoxFilled, toy.BoxEmptied)
    assert members(toy.BoxFilled) == (toy.BoxFilled,)


def test_a_mark_is_found_through_its_alias() -> None:
    metadata = toy.BoxOpened.model_fields["label"].metadata
    assert metadata == [Personal("things")]
    assert get_args(Annotated[int, Personal("x", of="y")])[1].of == "y"
