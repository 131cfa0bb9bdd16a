"""« Suivre la commande »: what happened, where it is, what comes next and when."""

import datetime as dt
from functools import reduce
from typing import Any

from services.cards.domain import events as e
from services.cards.domain.ids import CardId, DeclarationId, OrderId
from services.cards.domain.words import Arrival, Cancellation, PhotoFault, Reason
from services.cards.read_models.vitale_tracking import Stage, VitaleTracking, evolve, vitale_tracking
from tests.services.cards.sample import (
    AT,
    CANCELLED,
    CHECKED,
    DAMAGED,
    DELIVERED,
    ISSUED,
    LATER,
    LOST,
    NEW,
    NEW_PROOF,
    ORDER,
    ORDERED,
    PERSON,
    PRODUCED,
    RECEIVED,
    REJECTED,
    RESENT,
    RESUBMITTED,
    RETURNED,
    SENT,
    STOLEN,
    UNTIL_LOST,
    UNTIL_ORDERED,
    UNTIL_SENT,
    UNTIL_VALID,
    made,
    opposed,
)


def after(*events: e.VitaleEvent) -> VitaleTracking:
    tracking: Any = reduce(evolve, events, None)
    assert isinstance(tracking, VitaleTracking)
    return tracking


def stages(tracking: VitaleTracking) -> list[str]:
    return [line.stage.value for line in tracking.timeline]


def test_nothing_to_follow_before_a_declaration() -> None:
    assert evolve(None, ISSUED) is None
    assert evolve(None, opposed(Reason.RIGHTS_ENDED)) is None
    assert evolve(None, DELIVERED) is None


def test_a_lost_card_from_the_declaration_to_the_letter_box() -> None:
    told = [
        after(*UNTIL_LOST),
        after(*UNTIL_ORDERED),
        after(*UNTIL_ORDERED, RECEIVED),
        after(*UNTIL_VALID),
        after(*UNTIL_VALID, PRODUCED),
        after(*UNTIL_SENT),
    ]
    ways = [one.stage for one in told]
    assert ways == [
        Stage.OPPOSED,
        Stage.REQUESTED,
        Stage.DOCUMENTS_RECEIVED,
        Stage.VALIDATED,
        Stage.IN_PRODUCTION,
        Stage.SENT,
    ]
    assert [one.next for one in told] == [*ways[1:], Stage.DELIVERED]
    arrived = after(*UNTIL_SENT, DELIVERED)
    assert (arrived.stage, arrived.next, arrived.order_id) == (Stage.DELIVERED, None, ORDER)
    assert arrived.arrival is Arrival.POST
    assert stages(arrived) == ["reported", *ways, "delivered"]
    assert [line.at for line in arrived.timeline] == [*[AT] * 5, *[LATER] * 3]


def test_a_new_card_is_expected_two_to_three_weeks_after_the_documents_were_found_right() -> None:
    tracking = after(*UNTIL_VALID)
    assert (tracking.expected_from, tracking.expected_until) == (dt.date(2026, 12, 8), dt.date(2026, 12, 15))
    assert after(*UNTIL_ORDERED, RECEIVED).expected_from is None


def test_a_refused_photo_says_why_until_another_one_comes() -> None:
    refused = after(*UNTIL_ORDERED, RECEIVED, REJECTED)
    assert (refused.stage, refused.next, refused.photo_fault) == (
        Stage.PHOTO_REJECTED,
        Stage.PHOTO_RESUBMITTED,
        PhotoFault.BLURRED,
    )
    again = after(*UNTIL_ORDERED, RECEIVED, REJECTED, RESUBMITTED)
    assert (again.stage, again.next, again.photo_fault) == (Stage.PHOTO_RESUBMITTED, Stage.VALIDATED, None)


def test_a_returned_letter_waits_for_the_address_and_goes_out_again() -> None:
    tracking = after(*UNTIL_SENT, RETURNED)
    assert (tracking.stage, tracking.next) == (Stage.RETURNED_UNDELIVERED, Stage.ADDRESS_CHECKED)
    tracking = after(*UNTIL_SENT, RETURNED, CHECKED, RESENT)
    assert (tracking.stage, tracking.next) == (Stage.RESENT, Stage.DELIVERED)


def test_a_cancelled_order_is_expected_no_more_and_another_begins_anew() -> None:
    tracking = after(*UNTIL_VALID, CANCELLED)
    assert (tracking.stage, tracking.next, tracking.expected_from) == (Stage.CANCELLED, None, None)
    assert tracking.cancellation is Cancellation.MEMBER
    again = after(*UNTIL_VALID, CANCELLED, ORDERED.model_copy(update={"order_id": OrderId(made("second"))}))
    assert (again.stage, again.cancellation) == (Stage.REQUESTED, None)


def test_a_damaged_card_is_opposed_late_and_its_order_goes_on() -> None:
    tracking = after(ISSUED, DAMAGED, ORDERED, PRODUCED, opposed(Reason.DAMAGED), SENT)
    assert stages(tracking) == ["reported", "requested", "in_production", "opposed", "sent"]
    assert (tracking.stage, tracking.reason) == (Stage.SENT, Reason.DAMAGED)


def test_the_theft_of_a_damaged_card_belongs_to_the_same_story() -> None:
    second = DeclarationId(made("second declaration"))
    stolen = STOLEN.model_copy(update={"declaration_id": second})
    over = opposed(Reason.STOLEN).model_copy(update={"declaration_id": second})
    tracking = after(ISSUED, DAMAGED, ORDERED, stolen, over)
    assert stages(tracking) == ["reported", "requested", "reported", "opposed"]
    assert (tracking.stage, tracking.reason, tracking.order_id) == (Stage.REQUESTED, Reason.STOLEN, ORDER)
    assert tracking.declaration_id == second


def lost_again() -> tuple[e.VitaleEvent, ...]:
    again = {"card_id": NEW, "declaration_id": DeclarationId(made("second declaration"))}
    return LOST.model_copy(update=again), opposed(Reason.LOST, NEW, NEW_PROOF).model_copy(update=again)


def test_the_loss_of_the_new_card_begins_a_new_story() -> None:
    tracking = after(*UNTIL_SENT, *lost_again())
    assert (stages(tracking), tracking.order_id) == (["reported", "opposed"], None)


def test_news_of_the_order_before_do_not_enter_the_new_story() -> None:
    until = (*UNTIL_SENT, *lost_again())
    assert after(*until, DELIVERED) == after(*until)
    order = ORDERED.model_copy(update={"order_id": OrderId(made("second order"))})
    assert after(*until, order, RETURNED) == after(*until, order)


def test_the_end_of_rights_is_no_part_of_an_order() -> None:
    ended = opposed(Reason.RIGHTS_ENDED, NEW, NEW_PROOF).model_copy(update={"declaration_id": None})
    assert after(*UNTIL_SENT, ended) == after(*UNTIL_SENT)


def test_a_card_given_otherwise_changes_no_story() -> None:
    third = ISSUED.model_copy(update={"card_id": CardId(made("third card"))})
    assert after(*UNTIL_LOST, third) == after(*UNTIL_LOST)


def test_one_document_per_person() -> None:
    assert {vitale_tracking.key(event) for event in UNTIL_SENT} == {PERSON}
