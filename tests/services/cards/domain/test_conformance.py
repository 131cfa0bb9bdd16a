"""The conformance report: what it allows, what it names, what it measures."""

from typing import Any

from services.cards.domain.conformance import LIFECYCLES, moves_of
from services.cards.domain.ids import CardId
from shared.lifecycles import Conformance
from tests.services.cards.sample import (
    AT,
    CHECKED,
    DELIVERED,
    ISSUED,
    LATER,
    PERSON,
    REJECTED,
    RESENT,
    RETURNED,
    UNTIL_ORDERED,
    UNTIL_SENT,
    made,
)

STREAM = f"vitale:{PERSON}"


def examined(*events: Any, stream: str = STREAM) -> Any:
    found = Conformance(LIFECYCLES)
    for event in events:
        found.tell(stream, event)
    return found.report()


def test_a_life_as_declared_has_no_deviation() -> None:
    report = examined(*UNTIL_SENT, RETURNED, CHECKED, RESENT, DELIVERED)
    assert report.deviations == ()
    assert (report.streams, report.moves) == (1, 12)


def test_a_step_that_nothing_allows_is_named_with_its_ids() -> None:
    [deviation] = examined(*UNTIL_ORDERED, DELIVERED).deviations
    assert (deviation.lifecycle, deviation.before, deviation.after) == ("vitale order", "ordered", "delivered")
    assert deviation.stream == STREAM


def test_two_cards_that_work_at_once_are_a_deviation() -> None:
    second = ISSUED.model_copy(update={"card_id": CardId(made("second"))})
    [deviation] = examined(ISSUED, second).deviations
    assert (deviation.lifecycle, deviation.subject) == ("vitale card", second.card_id)


def test_a_card_that_works_again_is_a_deviation() -> None:
    assert [one.before for one in examined(*UNTIL_ORDERED, ISSUED).deviations] == ["opposed"]


def test_how_long_orders_stand_where() -> None:
    late = RETURNED.model_copy(update={"at": LATER})
    states = examined(*UNTIL_SENT, late).states["vitale order"]
    assert (states["sent"].left, states["sent"].longest) == (1, (LATER - AT).total_seconds())
    assert (states["returned"].standing, states["returned"].oldest) == (1, LATER)
    assert states["ordered"].standing == 0


def test_every_state_of_every_lifecycle_is_declared() -> None:
    for one in LIFECYCLES.declared:
        named = {state for states in one.follows.values() for state in states}
        assert named | one.patience.keys() <= one.follows.keys(), one.name


def test_an_event_says_where_its_order_is_now() -> None:
    assert list(moves_of(REJECTED)) == [("vitale order", REJECTED.order_id, "photo_rejected")]
