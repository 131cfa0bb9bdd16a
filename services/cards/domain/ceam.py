"""European cards (CEAM) of one person: one live card, one open order, one valid certificate; every end is final."""

import datetime as dt
from typing import Any, assert_never

from services.cards.domain import ceam_commands as c
from services.cards.domain import ceam_events as e
from services.cards.domain.ceam_state import Ceam, Certificate, Order, evolve
from services.cards.domain.ceam_words import CERTIFICATE, ENDED, LONGEST, ON_ITS_WAY, OPEN, Step, check_trip, too_late
from services.cards.domain.ids import CardId
from services.cards.domain.words import Arrival, Cancellation
from shared.kernel import Decider, require


def decide(ceam: Ceam, command: c.CeamCommand) -> list[e.CeamEvent]:  # noqa: C901, PLR0911, PLR0912 - one case per command
    match command:
        case c.OrderCeam():
            return _ordered(ceam, command)

        case c.CancelCeamOrder():
            order = ceam.order(command.order_id)
            if order.step is Step.CANCELLED:
                return []
            require(order.step in OPEN, otherwise="ceam-order-already-sent")
            return [e.CeamCancelled(**_facts(order, command), cause=command.cause)]

        case c.RecordCeamProduced():
            order = ceam.order(command.order_id)
            require(order.step is not Step.CANCELLED, otherwise="ceam-order-cancelled")
            return [_produced(order, command)] if order.step is Step.REQUESTED else []

        case c.RecordCeamSent():
            return _sent(ceam, ceam.order(command.order_id), command)

        case c.RecordCeamDelivered():
            return _arrived(ceam.order(command.order_id), command, command.happened_at, Arrival.POST)

        case c.RecordCeamReturned():
            order = ceam.order(command.order_id)
            if order.step is Step.RETURNED:
                return []
            require(order.step is Step.SENT, otherwise="ceam-order-not-on-its-way")
            return [e.CeamReturned(**_facts(order, command), happened_at=command.happened_at)]

        case c.ConfirmCeamReceived():
            return _arrived(ceam.order(command.order_id), command, command.at, Arrival.HOLDER)

        case c.PresumeCeamDelivered():
            order = ceam.order(command.order_id)
            require(order.step is Step.SENT and order.card_id == ceam.active, otherwise="ceam-order-not-on-its-way")
            return _arrived(order, command, command.at, Arrival.PRESUMED)

        case c.CheckCeamAddress():
            order = ceam.order(command.order_id)
            if order.step is Step.ADDRESS_CHECKED:
                return []
            require(order.step is Step.RETURNED, otherwise="ceam-order-not-returned")
            return [e.CeamAddressChecked(**_facts(order, command))]

        case c.NoticeCeamStalled():
            return _stalled(ceam.order(command.order_id), command)

        case c.ReportCeamLost():
            _check_report(ceam, command)
            return [e.CeamReportedLost(**command.model_dump(exclude={"today"}))]

        case c.ReportCeamStolen():
            _check_report(ceam, command)
            return [e.CeamReportedStolen(**command.model_dump(exclude={"today"}))]

        case c.RemindCeamExpiry():
            card = ceam.live(command.card_id)
            facts = {**command.model_dump(), "member_id": card.member_id}
            return [e.CeamExpiryNear(**facts, expires_on=card.expires_on)]

        case c.ExpireCeam():
            card = ceam.live(command.card_id)
            return [e.CeamExpired(**command.model_dump(), member_id=card.member_id)]

        case c.EndCeamRights():
            return _rights_ended(ceam, command)

        case c.IssueCeamCertificate():
            return [_certificate(ceam, command)]

        case _:
            assert_never(command)


def _ordered(ceam: Ceam, command: c.OrderCeam) -> list[e.CeamEvent]:
    if command.order_id in ceam.orders:
        return []
    rules, today = command.rules, command.today
    check_trip(command.trip, rules, today)
    require(command.rights_to is None or command.rights_to >= today, otherwise="ceam-no-rights")
    require(ceam.open_order is None, otherwise="ceam-order-open")
    if ceam.active:
        renewable_from = ceam.cards[ceam.active].expires_on - dt.timedelta(days=rules.renewal_window_days)
        require(today >= renewable_from, otherwise="ceam-card-live")
    return [
        e.CeamOrdered(
            **command.model_dump(include={"at", "person_id", "member_id", "order_id"}),
            country=command.trip.country,
            departure_on=command.trip.departure_on,
            certificate_advised=too_late(command.trip, rules, today),
            valid_until=command.rights_to,
        )
    ]


def _sent(ceam: Ceam, order: Order, command: c.RecordCeamSent) -> list[e.CeamEvent]:
    """The renewed card ends in the commit in which the new one begins."""
    told = {**_facts(order, command), "happened_at": command.happened_at}
    if order.card_id and ceam.cards[order.card_id].number == command.number:
        return [e.CeamResent(**told)] if order.step in {Step.RETURNED, Step.ADDRESS_CHECKED} else []
    require(order.step is not Step.CANCELLED, otherwise="ceam-order-cancelled")
    require(order.step in OPEN, otherwise="ceam-order-already-sent")
    require(all(card.number != command.number for card in ceam.cards.values()), otherwise="ceam-number-reused")
    latest = command.happened_at.date() + LONGEST
    if isinstance(order.valid_until, dt.date):
        latest = min(latest, order.valid_until)
    require(command.expires_on <= latest, otherwise="ceam-expiry-too-late")
    events: list[e.CeamEvent] = []
    if order.step is Step.REQUESTED:
        events.append(_produced(order, command))  # its line was lost on the way; the card is there all the same
    if ceam.active:
        events.append(e.CeamReplaced(**_of_card(ceam, ceam.active, command)))
    new = command.model_dump(include={"card_id", "number", "expires_on"})
    return [*events, e.CeamSent(**told, **new)]


def _stalled(order: Order, command: c.NoticeCeamStalled) -> list[e.CeamEvent]:
    """Told once; a deadline of a step that is over says nothing."""
    require((order.step, order.since) == (command.step, command.since), otherwise="ceam-order-moved-on")
    require(order.step not in ENDED, otherwise="ceam-order-moved-on")
    told = [e.CeamStalled(**_facts(order, command), step=order.step, since=order.since)]
    return [] if order.stalled else [*told]


def _arrived(
    order: Order,
    command: c.RecordCeamDelivered | c.ConfirmCeamReceived | c.PresumeCeamDelivered,
    at: dt.datetime,
    arrival: Arrival,
) -> list[e.CeamEvent]:
    if order.step is Step.DELIVERED:
        return []
    require(order.step in ON_ITS_WAY, otherwise="ceam-order-not-on-its-way")
    return [e.CeamDelivered(**_facts(order, command), happened_at=at, arrival=arrival)]


def _check_report(ceam: Ceam, command: c.CeamReport) -> None:
    require(command.happened_on <= command.today, otherwise="ceam-date-in-future")
    ceam.live(command.card_id)


def _rights_ended(ceam: Ceam, command: c.EndCeamRights) -> list[e.CeamEvent]:
    events: list[e.CeamEvent] = []
    if ceam.active:
        events.append(e.CeamRightsEnded(**_of_card(ceam, ceam.active, command)))
    for order_id, order in ceam.orders.items():
        if order.step in OPEN:
            told = {**command.model_dump(include={"at", "person_id"}), "member_id": order.member_id}
            events.append(e.CeamCancelled(**told, order_id=order_id, cause=Cancellation.RIGHTS_ENDED))
    held = ceam.certificate
    if held and held.valid_until > command.ended_on:
        told = command.model_dump(include={"at", "person_id"})
        revoked = held.model_dump(include={"certificate_id", "member_id"})
        events.append(e.CeamCertificateRevoked(**told, **revoked))
    return events


def _certificate(ceam: Ceam, command: c.IssueCeamCertificate) -> e.CeamCertificateIssued:
    valid_from, valid_until = certificate_period(ceam, command)
    facts = command.model_dump(exclude={"trip", "today", "rules", "rights_to"})
    return e.CeamCertificateIssued(**facts, valid_from=valid_from, valid_until=valid_until)


def certificate_period(ceam: Ceam, command: c.IssueCeamCertificate) -> tuple[dt.date, dt.date]:
    """First and last day of the certificate that would be issued.

    Raises:
        Rejected: none is due.
    """
    today, rights_to = command.today, command.rights_to
    check_trip(command.trip, command.rules, today)
    require(rights_to is not None and rights_to >= today, otherwise="ceam-no-rights")
    held: Certificate | None = ceam.certificate
    require(held is None or held.valid_until < today, otherwise="ceam-certificate-valid")
    near = too_late(command.trip, command.rules, today)
    require(ceam.lost or (near and ceam.active is None), otherwise="ceam-certificate-not-needed")
    last = today + CERTIFICATE - dt.timedelta(days=1)
    return today, last if rights_to is None else min(last, rights_to)


def _facts(order: Order, command: Any) -> dict[str, Any]:
    return {**command.model_dump(include={"at", "person_id", "order_id"}), "member_id": order.member_id}


def _of_card(ceam: Ceam, card_id: CardId, command: Any) -> dict[str, Any]:
    told = command.model_dump(include={"at", "person_id"})
    return {**told, "card_id": card_id, "member_id": ceam.cards[card_id].member_id}


def _produced(order: Order, command: c.RecordCeamProduced | c.RecordCeamSent) -> e.CeamInProduction:
    return e.CeamInProduction(**_facts(order, command), happened_at=command.happened_at)


ceam = Decider(category="ceam", retention="cards", initial=Ceam(), decide=decide, evolve=evolve)
