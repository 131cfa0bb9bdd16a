"""The rules of the carte Vitale, each with its refusals."""

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from services.cards.domain import commands as c
from services.cards.domain import events as e
from services.cards.domain import order_commands as oc
from services.cards.domain.ids import CardId, DeclarationId, OrderId
from services.cards.domain.vitale import vitale
from services.cards.domain.words import Reason
from shared.kernel import ERASED
from shared.testing.spec import Spec
from tests.services.cards.sample import (
    AT,
    DAMAGED,
    DECLARATION,
    DELIVER,
    DELIVERED,
    ISSUE,
    ISSUED,
    LOST,
    NEW,
    NEW_PROOF,
    NEW_SERIAL,
    NEWS,
    OLD_PROOF,
    OLD_SERIAL,
    ORDER_ONE,
    ORDERED,
    PRODUCE,
    PRODUCED,
    RECEIVED,
    REJECTED,
    REPORT,
    REPORT_DAMAGED,
    REPORT_LOST,
    REPORT_STOLEN,
    RESUBMITTED,
    RETURN,
    RETURNED,
    SEND,
    SENT,
    STOLEN,
    UNTIL_LOST,
    UNTIL_ORDERED,
    UNTIL_SENT,
    UNTIL_VALID,
    VALIDATED,
    made,
    opposed,
)

card: Spec[Any, Any, Any] = Spec(vitale)
OTHER = DeclarationId(made("another declaration"))
REPORTS = [REPORT_LOST, REPORT_STOLEN, REPORT_DAMAGED]


def other_card(**more: Any) -> c.RecordVitaleIssued:
    return ISSUE.model_copy(
        update={"card_id": NEW, "serial": NEW_SERIAL, "serial_proof": NEW_PROOF, **more},
    )


def test_a_first_card_is_active() -> None:
    card.when(ISSUE).then(ISSUED)


def test_the_same_card_issued_again_changes_nothing() -> None:
    again = ISSUE.model_copy(update={"card_id": CardId(made("id of another file"))})
    card.given(ISSUED).when(again).nothing()


def test_a_second_card_beside_an_active_one_is_refused() -> None:
    card.given(ISSUED).when(other_card()).rejected("vitale-already-active")


def test_an_opposed_card_never_comes_back() -> None:
    card.given(*UNTIL_LOST).when(ISSUE).rejected("vitale-already-opposed")


def test_no_card_is_issued_beside_an_order() -> None:
    card.given(*UNTIL_ORDERED).when(other_card()).rejected("vitale-replacement-under-way")


def test_a_card_may_be_issued_where_nothing_was_ordered() -> None:
    issued = e.VitaleIssued(**other_card().model_dump())
    card.given(*UNTIL_LOST).when(other_card()).then(issued)


def test_a_lost_card_is_opposed_in_the_same_commit() -> None:
    card.given(ISSUED).when(REPORT_LOST).then(LOST, opposed(Reason.LOST))


def test_a_stolen_card_is_opposed_in_the_same_commit() -> None:
    card.given(ISSUED).when(REPORT_STOLEN).then(STOLEN, opposed(Reason.STOLEN))


def test_a_damaged_card_works_until_its_replacement_is_sent() -> None:
    card.given(ISSUED).when(REPORT_DAMAGED).then(DAMAGED)


def test_a_damaged_card_is_opposed_with_the_sending_of_the_new_one() -> None:
    until = (ISSUED, DAMAGED, ORDERED, PRODUCED)
    card.given(*until).when(SEND).then(opposed(Reason.DAMAGED), SENT)


@pytest.mark.parametrize(
    ("report", "fact", "reason"),
    [(REPORT_LOST, e.VitaleReportedLost, Reason.LOST), (REPORT_STOLEN, e.VitaleReportedStolen, Reason.STOLEN)],
)
def test_a_damaged_card_that_is_then_lost_or_stolen_is_opposed_at_once(report: Any, fact: Any, reason: Reason) -> None:
    second = report.model_copy(update={"declaration_id": OTHER})
    told = fact(**{**REPORT, "declaration_id": OTHER})
    over = opposed(reason).model_copy(update={"declaration_id": OTHER})
    card.given(ISSUED, DAMAGED, ORDERED).when(second).then(told, over)
    card.given(ISSUED, DAMAGED, ORDERED, told, over, PRODUCED).when(SEND).then(SENT)


def test_a_card_is_declared_damaged_once() -> None:
    card.given(ISSUED, DAMAGED).when(REPORT_DAMAGED).rejected("vitale-already-reported")


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_is_made_on_honour(report: Any) -> None:
    card.given(ISSUED).when(report.model_copy(update={"declared_on_honour": False})).rejected(
        "declaration-not-on-honour"
    )


@pytest.mark.parametrize("report", REPORTS)
def test_a_card_nobody_gave_is_unknown(report: Any) -> None:
    card.when(report).rejected("vitale-unknown")
    card.given(ISSUED).when(report.model_copy(update={"card_id": NEW})).rejected("vitale-unknown")


@pytest.mark.parametrize("report", REPORTS)
def test_an_opposed_card_is_not_declared_again(report: Any) -> None:
    card.given(*UNTIL_LOST).when(report).rejected("vitale-already-opposed")


@pytest.mark.parametrize("report", REPORTS)
def test_a_late_copy_of_a_report_never_hits_the_new_card(report: Any) -> None:
    card.given(*UNTIL_SENT).when(report).rejected("vitale-already-opposed")
    card.given(*UNTIL_SENT, DELIVERED).when(report).rejected("vitale-already-opposed")


def test_the_new_card_can_be_lost_too() -> None:
    report = REPORT_LOST.model_copy(update={"card_id": NEW, "declaration_id": OTHER})
    lost = LOST.model_copy(update={"card_id": NEW, "declaration_id": OTHER})
    over = opposed(Reason.LOST, NEW, NEW_PROOF).model_copy(update={"declaration_id": OTHER})
    card.given(*UNTIL_SENT).when(report).then(lost, over)


def test_the_new_card_can_be_damaged_too() -> None:
    report = REPORT_DAMAGED.model_copy(update={"card_id": NEW, "declaration_id": OTHER})
    damaged = DAMAGED.model_copy(update={"card_id": NEW, "declaration_id": OTHER})
    card.given(ISSUED, DAMAGED, ORDERED, PRODUCED, opposed(Reason.DAMAGED), SENT).when(report).then(damaged)


@pytest.mark.parametrize("report", REPORTS)
def test_it_cannot_have_happened_after_today_wherever_the_member_lives(report: Any) -> None:
    evening = AT.replace(hour=22)
    tomorrow = AT.date() + dt.timedelta(days=1)
    ahead = report.model_copy(update={"at": evening, "happened_on": tomorrow})
    assert vitale.decide(vitale.fold([ISSUED]), ahead)
    later = ahead.model_copy(update={"happened_on": tomorrow + dt.timedelta(days=1)})
    card.given(ISSUED).when(later).rejected("vitale-date-in-future")


@pytest.mark.parametrize("place", ["", "   ", "x" * 201])
def test_a_report_says_where(place: str) -> None:
    with pytest.raises(ValidationError):
        c.ReportVitaleLost(**{**REPORT, "place": place}, declared_on_honour=True)


def test_a_replacement_follows_a_declaration() -> None:
    card.given(*UNTIL_LOST).when(ORDER_ONE).then(ORDERED)
    card.given(ISSUED, DAMAGED).when(ORDER_ONE).then(ORDERED)


def test_a_replacement_is_ordered_once() -> None:
    card.given(*UNTIL_ORDERED).when(ORDER_ONE).nothing()
    card.given(*UNTIL_SENT).when(ORDER_ONE).nothing()


def test_nothing_is_ordered_without_a_declaration() -> None:
    card.given(ISSUED).when(ORDER_ONE).rejected("vitale-declaration-unknown")
    card.given(*UNTIL_LOST).when(ORDER_ONE.model_copy(update={"declaration_id": OTHER})).rejected(
        "vitale-declaration-unknown"
    )


def second_order() -> oc.OrderVitaleReplacement:
    return ORDER_ONE.model_copy(update={"order_id": OrderId(made("second order")), "declaration_id": OTHER})


def test_one_declaration_leads_to_one_order() -> None:
    again = second_order().model_copy(update={"declaration_id": DECLARATION})
    card.given(*UNTIL_ORDERED).when(again).rejected("vitale-declaration-unknown")


def test_the_theft_of_a_damaged_card_orders_no_second_one() -> None:
    stolen = STOLEN.model_copy(update={"declaration_id": OTHER})
    over = opposed(Reason.STOLEN).model_copy(update={"declaration_id": OTHER})
    until = (ISSUED, DAMAGED, ORDERED, stolen, over)
    card.given(*until).when(second_order()).rejected("vitale-replacement-under-way")
    card.given(*until, PRODUCED, SENT).when(second_order()).rejected("vitale-declaration-unknown")


def test_an_order_goes_into_production_once() -> None:
    card.given(*UNTIL_VALID).when(PRODUCE).then(PRODUCED)
    card.given(*UNTIL_VALID, PRODUCED).when(PRODUCE).nothing()
    card.given(*UNTIL_SENT).when(PRODUCE).nothing()


def test_the_new_card_is_active_when_it_is_sent() -> None:
    card.given(*UNTIL_VALID, PRODUCED).when(SEND).then(SENT)


def test_what_is_sent_was_produced() -> None:
    card.given(*UNTIL_VALID).when(SEND).then(PRODUCED, SENT)
    card.given(ISSUED, DAMAGED, ORDERED, RECEIVED, VALIDATED).when(SEND).then(PRODUCED, opposed(Reason.DAMAGED), SENT)


def test_the_same_sending_told_again_changes_nothing() -> None:
    again = SEND.model_copy(update={"card_id": CardId(made("id of another file"))})
    card.given(*UNTIL_SENT).when(again).nothing()
    card.given(*UNTIL_SENT, DELIVERED).when(again).nothing()


def test_an_order_is_sent_once() -> None:
    other = SEND.model_copy(update={"card_id": CardId(made("third card")), "serial_proof": "serial:v1:third"})
    card.given(*UNTIL_SENT).when(other).rejected("vitale-order-already-sent")


def test_a_card_that_existed_is_not_sent_as_a_new_one() -> None:
    same = SEND.model_copy(update={"serial": OLD_SERIAL, "serial_proof": OLD_PROOF})
    card.given(*UNTIL_VALID).when(same).rejected("vitale-serial-reused")
    card.given(ISSUED, DAMAGED, ORDERED, RECEIVED, VALIDATED).when(same).rejected("vitale-serial-reused")


def test_a_sent_card_is_delivered_or_returned_once() -> None:
    card.given(*UNTIL_SENT).when(DELIVER).then(DELIVERED)
    card.given(*UNTIL_SENT, DELIVERED).when(DELIVER).nothing()
    card.given(*UNTIL_SENT).when(RETURN).then(RETURNED)
    card.given(*UNTIL_SENT, RETURNED).when(RETURN).nothing()


def test_only_what_is_on_its_way_arrives() -> None:
    for news in (DELIVER, RETURN):
        card.given(*UNTIL_ORDERED).when(news).rejected("vitale-order-not-on-its-way")
        card.given(*UNTIL_VALID, PRODUCED).when(news).rejected("vitale-order-not-on-its-way")
    card.given(*UNTIL_SENT, DELIVERED).when(RETURN).rejected("vitale-order-not-on-its-way")
    card.given(*UNTIL_SENT, RETURNED).when(DELIVER).then(DELIVERED)


@pytest.mark.parametrize("news", [PRODUCE, SEND])
def test_nothing_is_made_before_photo_and_document_are_found_right(news: Any) -> None:
    for until in ((), (RECEIVED,), (RECEIVED, REJECTED), (RECEIVED, REJECTED, RESUBMITTED)):
        card.given(*UNTIL_ORDERED, *until).when(news).rejected("vitale-order-not-validated")


@pytest.mark.parametrize("news", [PRODUCE, SEND, DELIVER, RETURN])
def test_news_of_an_order_nobody_made_are_refused(news: Any) -> None:
    card.given(*UNTIL_LOST).when(news).rejected("vitale-order-unknown")


def test_rules_work_on_a_person_whose_data_are_erased() -> None:
    erased = ISSUED.model_copy(update={"serial": ERASED, "serial_proof": ERASED})
    card.given(erased).when(ISSUE).rejected("vitale-already-active")
    over = opposed(Reason.LOST).model_copy(update={"serial_proof": ERASED})
    card.given(erased).when(REPORT_LOST).then(LOST, over)


def test_serial_numbers_come_in_one_form() -> None:
    with pytest.raises(ValidationError):
        oc.RecordVitaleSent(**NEWS, card_id=NEW, serial="1234567890", serial_proof=NEW_PROOF)
