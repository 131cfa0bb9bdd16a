"""The rules of the European card, each with its refusals."""

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from services.cards.domain import ceam_commands as c
from services.cards.domain import ceam_events as e
from services.cards.domain.ceam import ceam
from services.cards.domain.ceam_words import NUMBER as PATTERN
from services.cards.domain.ceam_words import Trip, normalise
from services.cards.domain.ids import CardId, OrderId
from services.cards.domain.words import Arrival, Cancellation
from services.cards.settings import EUROPE
from shared.kernel import Rejected
from shared.testing.spec import Spec
from tests.services.cards.ceam_sample import (
    BASE,
    BY,
    CANCEL,
    CANCELLED,
    CARD,
    CHECK,
    CHECKED,
    CONFIRM,
    DELIVER,
    DELIVERED,
    EXPIRES,
    ISSUED,
    LOSE,
    LOST,
    NOTICE,
    NUMBER,
    ORDERED,
    PRESUME,
    PRODUCE,
    PRODUCED,
    RESENT,
    RETURN,
    RETURNED,
    RIGHTS_TO,
    SEND,
    SENT,
    STALLED,
    STEAL,
    STOLEN,
    TODAY,
    UNTIL_SENT,
    certificate,
    order,
)
from tests.services.cards.sample import AT, LATER, made

card: Spec[Any, Any, Any] = Spec(ceam)
DAY = dt.timedelta(days=1)
SECOND = OrderId(made("second ceam order"))


def trip(days: int, country: str = "IT", posted_to: str | None = None) -> Trip:
    return Trip(country=country, departure_on=TODAY + days * DAY, posted_to=posted_to)


def test_a_card_is_ordered_for_a_beneficiary_with_open_rights() -> None:
    card.when(order()).then(ORDERED)
    card.given(ORDERED).when(order()).nothing()


def test_the_31_countries_of_the_law_and_france_is_none_of_them() -> None:
    assert len(EUROPE) == len(set(EUROPE)) == 31
    assert {"GB", "CH", "IS", "LI", "NO"} < set(EUROPE)
    assert "FR" not in EUROPE


@pytest.mark.parametrize("country", ["FR", "US", "MA", "TR"])
def test_elsewhere_a_card_is_of_no_use(country: str) -> None:
    card.when(order(trip(30, country))).rejected("ceam-country-not-covered")


def test_in_the_country_of_posting_the_s1_holds() -> None:
    card.when(order(trip(30, "DE", posted_to="DE"))).rejected("ceam-posted-there")
    there = ORDERED.model_copy(update={"country": "IT", "departure_on": TODAY + 30 * DAY})
    card.when(order(trip(30, "IT", posted_to="DE"))).then(there)


@pytest.mark.parametrize(("days", "advised"), [(0, True), (14, True), (15, False), (30, False)])
def test_a_near_departure_advises_the_certificate(days: int, advised: bool) -> None:  # noqa: FBT001
    told = {"country": "IT", "departure_on": TODAY + days * DAY, "certificate_advised": advised}
    card.when(order(trip(days))).then(ORDERED.model_copy(update=told))


def test_a_departure_of_yesterday_is_refused() -> None:
    card.when(order(trip(-1))).rejected("ceam-departure-past")


def test_without_rights_no_card() -> None:
    card.when(order(rights_to=TODAY - DAY)).rejected("ceam-no-rights")
    card.when(order(rights_to=TODAY)).then(ORDERED.model_copy(update={"valid_until": TODAY}))
    card.when(order(rights_to=None)).then(ORDERED.model_copy(update={"valid_until": None}))


def test_one_open_order_per_person() -> None:
    card.given(ORDERED).when(order(order_id=SECOND)).rejected("ceam-order-open")
    card.given(ORDERED, PRODUCED).when(order(order_id=SECOND)).rejected("ceam-order-open")
    card.given(ORDERED, CANCELLED).when(order(order_id=SECOND)).then(ORDERED.model_copy(update={"order_id": SECOND}))


def test_a_live_card_is_renewed_in_its_last_90_days_only() -> None:
    again = ORDERED.model_copy(update={"order_id": SECOND})
    early, right = EXPIRES - 91 * DAY, EXPIRES - 90 * DAY
    card.given(*UNTIL_SENT, DELIVERED).when(order(order_id=SECOND, today=early)).rejected("ceam-card-live")
    card.given(*UNTIL_SENT, DELIVERED).when(order(order_id=SECOND, today=right)).then(again)


def test_after_a_loss_a_card_may_be_ordered_at_once() -> None:
    again = ORDERED.model_copy(update={"order_id": SECOND})
    card.given(*UNTIL_SENT, LOST).when(order(order_id=SECOND)).then(again)
    card.given(*UNTIL_SENT, STOLEN).when(order(order_id=SECOND)).then(again)


def test_the_way_of_an_order() -> None:
    card.given(ORDERED).when(PRODUCE).then(PRODUCED)
    card.given(ORDERED, PRODUCED).when(PRODUCE).nothing()
    card.given(ORDERED, PRODUCED).when(SEND).then(SENT)
    card.given(ORDERED).when(SEND).then(PRODUCED, SENT)
    card.given(*UNTIL_SENT).when(SEND).nothing()
    card.given(*UNTIL_SENT).when(DELIVER).then(DELIVERED)
    card.given(*UNTIL_SENT, DELIVERED).when(DELIVER).nothing()
    card.given(*UNTIL_SENT).when(RETURN).then(RETURNED)
    card.given(*UNTIL_SENT, RETURNED).when(RETURN).nothing()
    card.given(*UNTIL_SENT, RETURNED).when(SEND).then(RESENT)


def test_after_a_returned_letter_the_address_is_checked_and_the_card_goes_out_again() -> None:
    card.given(*UNTIL_SENT, RETURNED).when(CHECK).then(CHECKED)
    card.given(*UNTIL_SENT, RETURNED, CHECKED).when(CHECK).nothing()
    card.given(*UNTIL_SENT, RETURNED, CHECKED).when(SEND).then(RESENT)
    card.given(*UNTIL_SENT, RETURNED, CHECKED).when(CONFIRM).then(
        DELIVERED.model_copy(update={"happened_at": AT, "arrival": Arrival.HOLDER})
    )
    card.given(*UNTIL_SENT).when(CHECK).rejected("ceam-order-not-returned")
    card.when(CHECK).rejected("ceam-order-unknown")


def test_an_order_that_stands_still_is_noticed_once() -> None:
    card.given(ORDERED).when(NOTICE).then(STALLED)
    card.given(ORDERED, STALLED).when(NOTICE).nothing()
    card.given(ORDERED, PRODUCED).when(NOTICE).rejected("ceam-order-moved-on")
    card.given(ORDERED, CANCELLED).when(NOTICE).rejected("ceam-order-moved-on")
    card.when(NOTICE).rejected("ceam-order-unknown")


def test_an_arrival_is_said_by_the_holder_or_presumed() -> None:
    for command, arrival in ((CONFIRM, Arrival.HOLDER), (PRESUME, Arrival.PRESUMED)):
        card.given(*UNTIL_SENT).when(command).then(DELIVERED.model_copy(update={"arrival": arrival, "happened_at": AT}))
    card.given(*UNTIL_SENT, STOLEN).when(PRESUME).rejected("ceam-order-not-on-its-way")


@pytest.mark.parametrize("news", [DELIVER, RETURN, CONFIRM, PRESUME])
def test_only_what_is_on_its_way_arrives(news: Any) -> None:
    card.given(ORDERED).when(news).rejected("ceam-order-not-on-its-way")
    card.when(news).rejected("ceam-order-unknown")


def test_an_order_is_cancelled_before_the_card_is_sent() -> None:
    card.given(ORDERED).when(CANCEL).then(CANCELLED)
    card.given(ORDERED, CANCELLED).when(CANCEL).nothing()
    card.given(*UNTIL_SENT).when(CANCEL).rejected("ceam-order-already-sent")
    card.given(ORDERED, CANCELLED).when(SEND).rejected("ceam-order-cancelled")
    card.given(ORDERED, CANCELLED).when(PRODUCE).rejected("ceam-order-cancelled")


def test_a_card_holds_two_years_at_most_and_never_beyond_the_rights() -> None:
    late = SEND.model_copy(update={"expires_on": RIGHTS_TO + DAY})
    card.given(ORDERED).when(late).rejected("ceam-expiry-too-late")
    unknown_end = ORDERED.model_copy(update={"valid_until": None})
    two_years = LATER.date() + dt.timedelta(days=730)
    ok = SEND.model_copy(update={"expires_on": two_years})
    card.given(unknown_end).when(ok).then(PRODUCED, SENT.model_copy(update={"expires_on": two_years}))
    card.given(unknown_end).when(SEND.model_copy(update={"expires_on": two_years + DAY})).rejected(
        "ceam-expiry-too-late"
    )


def test_a_renewed_card_ends_in_the_commit_of_the_new_one() -> None:
    again = ORDERED.model_copy(update={"order_id": SECOND})
    new = {"order_id": SECOND, "card_id": CardId(made("new ceam")), "number": NUMBER[:-1] + "2"}
    replaced = e.CeamReplaced(**BY, card_id=CARD)
    card.given(*UNTIL_SENT, DELIVERED, again).when(SEND.model_copy(update=new)).then(
        PRODUCED.model_copy(update={"order_id": SECOND}), replaced, SENT.model_copy(update=new)
    )


def test_a_number_is_one_card() -> None:
    again = ORDERED.model_copy(update={"order_id": SECOND})
    same = SEND.model_copy(update={"order_id": SECOND})
    card.given(*UNTIL_SENT, LOST, again).when(same).rejected("ceam-number-reused")


@pytest.mark.parametrize(("report", "fact"), [(LOSE, LOST), (STEAL, STOLEN)])
def test_a_loss_or_theft_is_final(report: Any, fact: Any) -> None:
    card.given(*UNTIL_SENT).when(report).then(fact)
    card.given(*UNTIL_SENT, fact).when(report).rejected("ceam-already-ended")
    card.when(report).rejected("ceam-unknown")
    card.given(*UNTIL_SENT).when(report.model_copy(update={"happened_on": TODAY + DAY})).rejected("ceam-date-in-future")


def test_a_card_expires_and_is_named_a_month_before() -> None:
    near = e.CeamExpiryNear(**BY, card_id=CARD, expires_on=EXPIRES)
    card.given(*UNTIL_SENT).when(c.RemindCeamExpiry(**BASE, card_id=CARD)).then(near)
    over = e.CeamExpired(**BY, card_id=CARD)
    card.given(*UNTIL_SENT).when(c.ExpireCeam(**BASE, card_id=CARD)).then(over)
    card.given(*UNTIL_SENT, over).when(c.ExpireCeam(**BASE, card_id=CARD)).rejected("ceam-already-ended")


def test_the_end_of_rights_ends_card_order_and_certificate() -> None:
    end = c.EndCeamRights(**BASE, ended_on=TODAY)
    ended = e.CeamRightsEnded(**BY, card_id=CARD)
    revoked = e.CeamCertificateRevoked(**BY, certificate_id=ISSUED.certificate_id)
    cancelled = CANCELLED.model_copy(update={"cause": Cancellation.RIGHTS_ENDED})
    card.given(*UNTIL_SENT).when(end).then(ended)
    card.given(ISSUED, ORDERED).when(end).then(cancelled, revoked)
    card.when(end).nothing()


def test_a_certificate_for_a_near_departure() -> None:
    card.given(ORDERED).when(certificate()).then(ISSUED)
    card.when(certificate(trip(15))).rejected("ceam-certificate-not-needed")
    card.given(*UNTIL_SENT).when(certificate()).rejected("ceam-certificate-not-needed")


def test_a_certificate_for_a_lost_card_whenever_the_departure() -> None:
    card.given(*UNTIL_SENT, LOST).when(certificate(Trip())).then(ISSUED)


def test_one_valid_certificate_per_person() -> None:
    card.given(ISSUED).when(certificate()).rejected("ceam-certificate-valid")
    later = ISSUED.valid_until + DAY
    again = certificate(Trip(country="IT", departure_on=later), today=later)
    expected = {"valid_from": later, "valid_until": later + 89 * DAY}
    card.given(ISSUED).when(again).then(ISSUED.model_copy(update=expected))


def test_a_certificate_never_goes_past_the_rights_and_needs_them_open() -> None:
    soon = TODAY + 10 * DAY
    card.when(certificate(rights_to=soon)).then(ISSUED.model_copy(update={"valid_until": soon}))
    card.when(certificate(rights_to=TODAY - DAY)).rejected("ceam-no-rights")
    card.when(certificate(rights_to=None)).rejected("ceam-no-rights")


@pytest.mark.parametrize("text", ["8025 0000 0000 0000 0001", NUMBER])
def test_a_number_is_twenty_digits_that_begin_with_80250(text: str) -> None:
    assert normalise(text) == NUMBER


@pytest.mark.parametrize("text", ["80380000900090510553", "8025000000000000000", NUMBER + "1", "x"])
def test_a_number_of_another_state_or_length_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match="ceam-number-invalid"):
        normalise(text)
    with pytest.raises(ValidationError):
        c.RecordCeamSent.model_validate({**SEND.model_dump(), "number": text})
    assert PATTERN.startswith("^80250")
