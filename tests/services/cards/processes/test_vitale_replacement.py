"""A declaration leads to one order, the same however often the event is told."""

import pytest

from services.cards.domain import events as e
from services.cards.domain import order_events as o
from services.cards.domain.vitale import vitale
from services.cards.domain.words import Reason
from services.cards.processes.vitale_replacement import vitale_replacement
from shared.kernel import members
from tests.services.cards.sample import DAMAGED, DECLARATION, ISSUED, LOST, MEMBER, PERSON, STOLEN, opposed


@pytest.mark.parametrize("event", [LOST, STOLEN, DAMAGED])
def test_every_kind_of_declaration_orders_a_new_card(event: e.VitaleReported) -> None:
    [issued] = vitale_replacement.decide(None, event)
    assert issued.stream == f"vitale:{PERSON}"
    facts = issued.command.model_dump()
    assert (facts["person_id"], facts["member_id"], facts["declaration_id"]) == (PERSON, MEMBER, DECLARATION)
    assert vitale_replacement.decide(None, event) == [issued]


@pytest.mark.parametrize(
    "history", [(ISSUED, LOST, opposed(Reason.LOST)), (ISSUED, STOLEN, opposed(Reason.STOLEN)), (ISSUED, DAMAGED)]
)
def test_the_order_is_accepted_once(history: tuple[e.VitaleEvent, ...]) -> None:
    state = vitale.fold(history)
    [issued] = vitale_replacement.decide(None, LOST)
    [ordered] = vitale.decide(state, issued.command)  # type: ignore[arg-type]  # a command of this aggregate
    assert isinstance(ordered, o.VitaleReplacementOrdered)
    assert vitale.decide(vitale.evolve(state, ordered), issued.command) == []  # type: ignore[arg-type]


def test_it_remembers_by_person_and_takes_declarations_in() -> None:
    assert vitale_replacement.key(LOST) == PERSON
    assert set(vitale_replacement.handles) == set(members(e.VitaleReported))
