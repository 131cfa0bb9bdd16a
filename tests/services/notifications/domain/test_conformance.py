"""The conformance report over mailboxes: what it allows, what it names."""

from typing import Any

import pytest

from services.notifications.domain import events as e
from services.notifications.domain.conformance import LIFECYCLES, moves_of, sought
from shared.lifecycles import Conformance
from tests.services.notifications.sample import (
    HELD,
    LETTER_REQUESTED,
    MEMBER,
    MESSAGE,
    OF_MESSAGE,
    PRINTED,
    READ,
    REQUESTED,
    RETURNED,
    RETURNED_MAIL,
    SENT,
    SPOOLED,
)

ERASED = e.MessageErased(**OF_MESSAGE)


def examined(*events: Any) -> Conformance:
    found = Conformance(LIFECYCLES)
    for event in events:
        found.tell(f"mailbox:{MEMBER}", event)
    return found


@pytest.mark.parametrize(
    "life",
    [
        (HELD, REQUESTED, SENT, RETURNED_MAIL, ERASED),
        (LETTER_REQUESTED, SPOOLED, PRINTED, RETURNED),
        (REQUESTED, READ, SENT),
    ],
)
def test_a_life_as_declared_has_no_deviation(life: tuple[Any, ...]) -> None:
    assert examined(*life).deviations == []


@pytest.mark.parametrize(
    ("life", "step"),
    [
        ((SENT,), (None, "sent")),
        ((REQUESTED, SENT, SENT), ("sent", "sent")),
        ((LETTER_REQUESTED, PRINTED), ("requested", "printed")),
        ((REQUESTED, ERASED, SENT), ("erased", "sent")),
        ((REQUESTED, SENT, REQUESTED), ("sent", "requested")),
    ],
)
def test_a_step_that_nothing_allows_is_named(life: tuple[Any, ...], step: tuple[str | None, str]) -> None:
    [deviation] = examined(*life).deviations
    assert (deviation.before, deviation.after) == step
    assert (deviation.lifecycle, deviation.subject) == ("message", MESSAGE)


def test_every_state_is_declared() -> None:
    [message] = LIFECYCLES.declared
    named = {state for states in message.follows.values() for state in states}
    assert named | message.patience.keys() <= message.follows.keys()


def test_what_happens_to_a_mailbox_moves_no_message() -> None:
    assert list(moves_of(READ)) == []


def test_a_message_is_asked_for_by_its_reference_however_it_is_typed() -> None:
    assert list(sought("7kq2m4xd 9vta")) == list(LIFECYCLES.names(HELD))
