"""Orders of a carte Vitale: documents, an agent's look, the post, what becomes due."""

import datetime as dt
from typing import Any

import pytest

from services.cards.domain import order_commands as oc
from services.cards.domain import order_events as o
from services.cards.domain.ids import DeclarationId, OrderId
from services.cards.domain.vitale import vitale
from services.cards.domain.vitale_steps import Step
from services.cards.domain.words import Arrival, Cancellation, PhotoFault, Reason
from shared.testing.spec import Spec
from tests.services.cards.sample import (
    ANOTHER,
    AT,
    CANCEL,
    CANCELLED,
    CHECK,
    CHECKED,
    CONFIRM,
    DAMAGED,
    DELIVERED,
    DOCUMENT,
    ISSUED,
    LATER,
    NEW,
    NEW_PROOF,
    ORDER,
    ORDER_ONE,
    ORDERED,
    ORDERED_FACTS,
    PERSON,
    PHOTO,
    PRESUME,
    PRODUCED,
    PURGE,
    RECEIVED,
    REJECT,
    REJECTED,
    RESENT,
    RESUBMIT,
    RESUBMITTED,
    RETURNED,
    SEND,
    SENT,
    SUBMIT,
    UNTIL_LOST,
    UNTIL_ORDERED,
    UNTIL_SENT,
    UNTIL_VALID,
    VALIDATE,
    VALIDATED,
    made,
    opposed,
)

card: Spec[Any, Any, Any] = Spec(vitale)
PURGED = o.VitaleDocumentsPurged(**ORDERED_FACTS, files=(PHOTO, DOCUMENT))


def due(command: Any, step: Step, since: dt.datetime = AT) -> Any:
    return command(at=LATER, person_id=PERSON, order_id=ORDER, step=step, since=since)


def later(event: Any) -> Any:
    return event.model_copy(update={"at": LATER})


def test_documents_are_taken_once() -> None:
    card.given(*UNTIL_ORDERED).when(SUBMIT).then(RECEIVED)
    card.given(*UNTIL_ORDERED, RECEIVED).when(SUBMIT).nothing()


def test_other_documents_do_not_replace_those_that_are_being_looked_at() -> None:
    other = SUBMIT.model_copy(update={"photo": ANOTHER})
    card.given(*UNTIL_ORDERED, RECEIVED).when(other).rejected("vitale-documents-not-awaited")
    card.given(*UNTIL_VALID).when(SUBMIT).rejected("vitale-documents-not-awaited")


@pytest.mark.parametrize(
    ("field", "code"),
    [("photo_is_recent", "vitale-photo-not-recent"), ("address_confirmed", "vitale-address-not-confirmed")],
)
def test_age_of_the_photo_and_address_are_declared(field: str, code: str) -> None:
    card.given(*UNTIL_ORDERED).when(SUBMIT.model_copy(update={field: False})).rejected(code)


def test_a_good_photo_goes_straight_to_the_manufacturer() -> None:
    card.given(*UNTIL_ORDERED, RECEIVED).when(VALIDATE).then(VALIDATED)
    card.given(*UNTIL_VALID).when(VALIDATE).nothing()


def test_a_photo_is_refused_sent_again_and_looked_at_again() -> None:
    card.given(*UNTIL_ORDERED, RECEIVED).when(REJECT).then(REJECTED)
    card.given(*UNTIL_ORDERED, RECEIVED, REJECTED).when(RESUBMIT).then(RESUBMITTED)
    again = (*UNTIL_ORDERED, RECEIVED, REJECTED, RESUBMITTED)
    card.given(*again).when(RESUBMIT).nothing()
    card.given(*again).when(REJECT).then(REJECTED)
    card.given(*again).when(VALIDATE).then(VALIDATED)


def test_another_document_may_come_with_the_photo() -> None:
    other = RESUBMIT.model_copy(update={"identity_document": PHOTO})
    expected = RESUBMITTED.model_copy(update={"identity_document": PHOTO})
    card.given(*UNTIL_ORDERED, RECEIVED, REJECTED).when(other).then(expected)


def test_another_photo_comes_only_after_a_refusal_and_is_recent() -> None:
    card.given(*UNTIL_ORDERED).when(RESUBMIT).rejected("vitale-photo-not-awaited")
    old = RESUBMIT.model_copy(update={"photo_is_recent": False})
    card.given(*UNTIL_ORDERED, RECEIVED, REJECTED).when(old).rejected("vitale-photo-not-recent")


@pytest.mark.parametrize("decision", [VALIDATE, REJECT])
def test_an_agent_decides_on_what_was_sent(decision: Any) -> None:
    card.given(*UNTIL_ORDERED).when(decision).rejected("vitale-documents-not-to-check")
    card.given(*UNTIL_ORDERED, RECEIVED, REJECTED).when(decision).rejected("vitale-documents-not-to-check")
    card.given(*UNTIL_SENT).when(decision).rejected("vitale-documents-not-to-check")


def test_an_order_is_cancelled_before_the_card_is_made() -> None:
    for until in (UNTIL_ORDERED, (*UNTIL_ORDERED, RECEIVED), UNTIL_VALID):
        card.given(*until).when(CANCEL).then(CANCELLED)
    card.given(*UNTIL_VALID, PRODUCED).when(CANCEL).rejected("vitale-order-being-made")
    card.given(*UNTIL_ORDERED, CANCELLED).when(CANCEL).nothing()


def test_after_a_cancelled_order_another_one_may_be_placed() -> None:
    second = ORDER_ONE.model_copy(update={"order_id": made("second order")})
    ordered = ORDERED.model_copy(update={"order_id": made("second order")})
    card.given(*UNTIL_ORDERED).when(second).rejected("vitale-declaration-unknown")
    card.given(*UNTIL_ORDERED, CANCELLED).when(second).then(ordered)


def test_a_card_of_a_cancelled_order_is_not_taken() -> None:
    card.given(*UNTIL_VALID, CANCELLED).when(SEND).rejected("vitale-order-cancelled")


@pytest.mark.parametrize(("command", "arrival", "at"), [(CONFIRM, Arrival.HOLDER, AT), (PRESUME, Arrival.PRESUMED, AT)])
def test_a_card_has_arrived_says_the_holder_or_the_time(command: Any, arrival: Arrival, at: dt.datetime) -> None:
    expected = DELIVERED.model_copy(update={"arrival": arrival, "happened_at": at})
    card.given(*UNTIL_SENT).when(command).then(expected)
    card.given(*UNTIL_VALID).when(command).rejected("vitale-order-not-on-its-way")


def test_an_arrival_is_told_once() -> None:
    card.given(*UNTIL_SENT, DELIVERED).when(CONFIRM).nothing()
    card.given(*UNTIL_SENT, DELIVERED).when(PRESUME).rejected("vitale-order-not-on-its-way")


def test_a_card_that_was_stolen_in_the_post_is_not_presumed_to_have_arrived() -> None:
    stolen = opposed(Reason.STOLEN, NEW, NEW_PROOF)
    card.given(*UNTIL_SENT, stolen).when(PRESUME).rejected("vitale-already-opposed")


def test_a_returned_card_goes_out_again_once_the_address_was_checked() -> None:
    card.given(*UNTIL_SENT).when(CHECK).rejected("vitale-order-not-returned")
    card.given(*UNTIL_SENT, RETURNED).when(CHECK).then(CHECKED)
    card.given(*UNTIL_SENT, RETURNED, CHECKED).when(CHECK).nothing()
    card.given(*UNTIL_SENT, RETURNED).when(SEND).nothing()
    card.given(*UNTIL_SENT, RETURNED, CHECKED).when(SEND).then(RESENT)
    card.given(*UNTIL_SENT, RETURNED, CHECKED, RESENT).when(CONFIRM).then(
        DELIVERED.model_copy(update={"arrival": Arrival.HOLDER, "happened_at": AT})
    )


def test_an_order_that_stands_still_is_noticed_once() -> None:
    notice = due(oc.NoticeVitaleStalled, Step.VALIDATED)
    stalled = o.VitaleReplacementStalled(**{**ORDERED_FACTS, "at": LATER}, step="validated", since=AT)
    card.given(*UNTIL_VALID).when(notice).then(stalled)
    card.given(*UNTIL_VALID, stalled).when(notice).nothing()


@pytest.mark.parametrize("command", [oc.NoticeVitaleStalled, oc.AbandonVitaleReplacement])
def test_a_deadline_of_a_step_that_is_over_does_nothing(command: Any) -> None:
    card.given(*UNTIL_VALID, PRODUCED).when(due(command, Step.VALIDATED)).rejected("vitale-order-moved-on")
    card.given(*UNTIL_VALID).when(due(command, Step.VALIDATED, LATER)).rejected("vitale-order-moved-on")


def test_files_are_purged_after_the_end_of_an_order_and_once() -> None:
    card.given(*UNTIL_VALID).when(PURGE).rejected("vitale-order-not-ended")
    card.given(*UNTIL_SENT, DELIVERED).when(PURGE).then(PURGED)
    card.given(*UNTIL_SENT, DELIVERED, PURGED).when(PURGE).nothing()
    card.given(*UNTIL_ORDERED, CANCELLED).when(PURGE).nothing()


def test_every_file_that_was_ever_sent_is_purged() -> None:
    until = (*UNTIL_ORDERED, RECEIVED, REJECTED, RESUBMITTED, CANCELLED)
    card.given(*until).when(PURGE).then(PURGED.model_copy(update={"files": (PHOTO, DOCUMENT, ANOTHER)}))


def test_a_file_of_two_orders_goes_with_the_last_of_them() -> None:
    second = OrderId(made("second order"))
    other = {"order_id": second, "declaration_id": DeclarationId(made("second declaration"))}
    again = (ORDERED.model_copy(update=other), RECEIVED.model_copy(update={**other, "photo": ANOTHER}))
    both = (*UNTIL_SENT, DELIVERED, *again)
    first_gone = PURGED.model_copy(update={"files": (PHOTO,)})
    card.given(*both).when(PURGE).then(first_gone)
    ended = CANCELLED.model_copy(update=other)
    last = PURGED.model_copy(update={**other, "files": (ANOTHER, DOCUMENT)})
    card.given(*both, first_gone, ended).when(PURGE.model_copy(update={"order_id": second})).then(last)
    alone = RECEIVED.model_copy(update=other)
    card.given(*UNTIL_SENT, DELIVERED, again[0], alone).when(PURGE).then(PURGED.model_copy(update={"files": ()}))


def test_after_six_months_without_progress_an_order_is_given_up_and_its_files_go() -> None:
    given_up = CANCELLED.model_copy(update={"at": LATER, "cause": Cancellation.NO_PROGRESS})
    card.given(*UNTIL_ORDERED).when(due(oc.AbandonVitaleReplacement, Step.ORDERED)).then(given_up)
    rejected = due(oc.AbandonVitaleReplacement, Step.PHOTO_REJECTED)
    card.given(*UNTIL_ORDERED, RECEIVED, REJECTED).when(rejected).then(given_up, later(PURGED))
    card.given(*UNTIL_SENT, RETURNED).when(due(oc.AbandonVitaleReplacement, Step.RETURNED)).then(later(PURGED))


def test_a_fault_is_one_of_a_list() -> None:
    assert {fault.value for fault in PhotoFault} >= {"blurred", "head_covered", "document_unreadable"}


def test_the_damaged_card_ends_in_the_commit_of_the_new_one_only() -> None:
    until = (ISSUED, DAMAGED, ORDERED, RECEIVED, VALIDATED, PRODUCED)
    card.given(*until).when(SEND).then(opposed(Reason.DAMAGED), SENT)
    card.given(*until[:-1]).when(CANCEL).then(CANCELLED)
    assert vitale.fold([*until[:-1], CANCELLED]).active is not None


def test_an_order_without_a_card_is_nobodys_delivery() -> None:
    card.given(*UNTIL_LOST).when(CONFIRM).rejected("vitale-order-unknown")
