"""« Ma carte Vitale »: what the screen says after each thing that happens."""

from functools import reduce
from typing import Any

import pytest

from services.cards.domain import events as e
from services.cards.domain.ids import CardId, OrderId
from services.cards.domain.words import Reason
from services.cards.read_models.my_vitale import Advice, MyVitale, Status, evolve, my_vitale
from shared.kernel import ERASED
from tests.services.cards.sample import (
    AT,
    DAMAGED,
    DECLARATION,
    DELIVERED,
    ISSUED,
    LATER,
    LOST,
    NEW,
    NEW_PROOF,
    NEW_SERIAL,
    OLD,
    OLD_SERIAL,
    ORDER,
    ORDERED,
    PERSON,
    PRODUCED,
    RETURNED,
    SENT,
    STOLEN,
    UNTIL_LOST,
    UNTIL_ORDERED,
    UNTIL_SENT,
    made,
    opposed,
)


def after(*events: e.VitaleEvent) -> MyVitale:
    card: Any = reduce(evolve, events, None)
    assert isinstance(card, MyVitale)
    return card


def test_a_card_in_use() -> None:
    assert after(ISSUED) == MyVitale(
        person_id=PERSON,
        card_id=OLD,
        serial_end="901",
        status=Status.ACTIVE,
        since=AT,
        issued_on=ISSUED.issued_on,
        advice=Advice.NOTHING,
    )


@pytest.mark.parametrize(("fact", "reason"), [(LOST, Reason.LOST), (STOLEN, Reason.STOLEN)])
def test_a_lost_or_stolen_card_shows_when_it_was_opposed(fact: e.VitaleEvent, reason: Reason) -> None:
    card = after(ISSUED, fact, opposed(reason))
    assert (card.status, card.since, card.opposed_at, card.reason) == (Status.OPPOSED, AT, AT, reason)
    assert (card.advice, card.declaration_id) == (Advice.WAIT_FOR_REPLACEMENT, DECLARATION)
    assert card.opposed_serial_end == "901"


def test_a_damaged_card_still_works_and_goes_back() -> None:
    card = after(ISSUED, DAMAGED, ORDERED, PRODUCED)
    assert (card.status, card.advice, card.declaration_id) == (Status.DAMAGED, Advice.SEND_BACK, DECLARATION)
    assert card.opposed_at is None


def test_ordering_and_making_change_nothing_on_this_screen() -> None:
    assert after(*UNTIL_ORDERED, PRODUCED) == after(*UNTIL_LOST)


def test_the_new_card_takes_the_place_of_the_old_one() -> None:
    card = after(*UNTIL_SENT)
    assert (card.card_id, card.serial_end, card.status) == (NEW, "109", Status.ACTIVE)
    assert (card.issued_on, card.advice) == (LATER.date(), Advice.EXPECT_LETTER)
    assert (card.opposed_serial_end, card.reason, card.declaration_id) == ("901", Reason.LOST, None)


def test_a_damaged_card_is_shown_as_opposed_beside_the_new_one() -> None:
    card = after(ISSUED, DAMAGED, ORDERED, PRODUCED, opposed(Reason.DAMAGED), SENT)
    assert (card.card_id, card.reason, card.opposed_serial_end) == (NEW, Reason.DAMAGED, "901")


def test_a_delivered_card_asks_nothing_and_a_returned_letter_asks_for_the_address() -> None:
    assert after(*UNTIL_SENT, DELIVERED).advice is Advice.NOTHING
    assert after(*UNTIL_SENT, RETURNED).advice is Advice.CHECK_ADDRESS


def test_news_of_another_order_change_nothing() -> None:
    other = DELIVERED.model_copy(update={"order_id": OrderId(made("older order"))})
    assert after(*UNTIL_SENT, other) == after(*UNTIL_SENT)


def test_news_of_a_card_that_is_lost_by_now_change_nothing() -> None:
    lost = LOST.model_copy(update={"card_id": NEW})
    until = (*UNTIL_SENT, lost, opposed(Reason.LOST, NEW, NEW_PROOF))
    assert after(*until, DELIVERED) == after(*until)


def test_a_card_given_after_an_opposition_is_shown_with_it() -> None:
    third = ISSUED.model_copy(update={"card_id": CardId(made("third card"))})
    card = after(*UNTIL_LOST, third)
    assert (card.status, card.reason) == (Status.ACTIVE, Reason.LOST)


def test_after_erasure_the_screen_says_so() -> None:
    card = after(ISSUED.model_copy(update={"serial": ERASED}))
    assert card.model_dump(mode="json")["serial_end"] == "effacé"


def test_one_document_per_person_and_never_the_whole_number() -> None:
    assert {my_vitale.key(event) for event in UNTIL_SENT} == {PERSON}
    assert ORDER not in (after(*UNTIL_ORDERED).order_id or "")
    assert OLD_SERIAL not in after(*UNTIL_SENT).model_dump_json()
    assert NEW_SERIAL not in after(*UNTIL_SENT).model_dump_json()
