"""Orders of a carte Vitale: documents, an agent's look, the manufacturer, the post."""

import datetime as dt
from typing import Final, assert_never

from services.cards.domain import events as e
from services.cards.domain import order_commands as c
from services.cards.domain import order_events as o
from services.cards.domain.order_making import cancelled, delivered, facts, moved, produced, purged
from services.cards.domain.vitale_state import Order, Vitale
from services.cards.domain.vitale_steps import ENDED, NOT_MADE, OPEN, TO_CHECK, Step
from services.cards.domain.words import Arrival, Cancellation, Reason
from shared.kernel import require

ARRIVED_FROM: Final = (Step.SENT, Step.RETURNED, Step.ADDRESS_CHECKED)
"""A returned card may have been handed over at the desk."""


def decide_order(vitale: Vitale, command: c.VitaleOrderCommand) -> list[e.VitaleEvent]:  # noqa: C901, PLR0911, PLR0912 - one case per command
    """What follows from a command about an order."""
    match command:
        case c.OrderVitaleReplacement():
            if command.order_id in vitale.orders:
                return []
            require(command.declaration_id == vitale.declaration, otherwise="vitale-declaration-unknown")
            require(not vitale.replacement_under_way, otherwise="vitale-replacement-under-way")
            return [o.VitaleReplacementOrdered(**command.model_dump())]

        case c.SubmitVitaleDocuments():
            return _submitted(vitale.order(command.order_id), command)

        case c.ResubmitVitalePhoto():
            return _resubmitted(vitale.order(command.order_id), command)

        case c.ValidateVitaleDocuments():
            order = vitale.order(command.order_id)
            if order.step is Step.VALIDATED:
                return []
            require(order.step in TO_CHECK, otherwise="vitale-documents-not-to-check")
            return [o.VitaleReplacementValidated(**facts(order, command))]

        case c.RejectVitalePhoto():
            order = vitale.order(command.order_id)
            require(order.step in TO_CHECK, otherwise="vitale-documents-not-to-check")
            return [o.VitalePhotoRejected(**facts(order, command), fault=command.fault)]

        case c.CancelVitaleReplacement():
            order = vitale.order(command.order_id)
            if order.step is Step.CANCELLED:
                return []
            require(order.step in NOT_MADE, otherwise="vitale-order-being-made")
            return [cancelled(order, command, command.cause)]

        case c.RecordVitaleProduced():
            order = vitale.order(command.order_id)
            if order.step not in OPEN and order.step is not Step.CANCELLED:
                return []
            require(order.step in {Step.VALIDATED, Step.IN_PRODUCTION}, otherwise="vitale-order-not-validated")
            return [produced(order, command)] if order.step is Step.VALIDATED else []

        case c.RecordVitaleSent():
            return _sent(vitale, vitale.order(command.order_id), command)

        case c.RecordVitaleDelivered():
            return _arrived(vitale, command, command.happened_at, Arrival.POST)

        case c.RecordVitaleReturned():
            order = vitale.order(command.order_id)
            if order.step is Step.RETURNED:
                return []
            require(order.step is Step.SENT, otherwise="vitale-order-not-on-its-way")
            return [o.VitaleReplacementReturned(**moved(order, command, command.happened_at))]

        case c.ConfirmVitaleReceived():
            return _arrived(vitale, command, command.at, Arrival.HOLDER)

        case c.PresumeVitaleDelivered():
            order = vitale.order(command.order_id)
            require(order.step is Step.SENT, otherwise="vitale-order-not-on-its-way")
            require(order.card_id == vitale.active, otherwise="vitale-already-opposed")
            return [delivered(vitale, command.order_id, command, command.at, Arrival.PRESUMED)]

        case c.CheckVitaleAddress():
            order = vitale.order(command.order_id)
            if order.step is Step.ADDRESS_CHECKED:
                return []
            require(order.step is Step.RETURNED, otherwise="vitale-order-not-returned")
            return [o.VitaleAddressChecked(**facts(order, command))]

        case c.NoticeVitaleStalled():
            order = _standing(vitale, command)
            require(order.step not in ENDED, otherwise="vitale-order-moved-on")
            return (
                []
                if order.stalled
                else [o.VitaleReplacementStalled(**facts(order, command), step=order.step, since=order.since)]
            )

        case c.AbandonVitaleReplacement():
            order = _standing(vitale, command)
            given_up = [cancelled(order, command, Cancellation.NO_PROGRESS)] if order.step in NOT_MADE else []
            return [*given_up, *purged(vitale, order, command)]

        case c.PurgeVitaleDocuments():
            order = vitale.order(command.order_id)
            require(order.step in ENDED, otherwise="vitale-order-not-ended")
            return [*purged(vitale, order, command)]

        case _:
            assert_never(command)


def _submitted(order: Order, command: c.SubmitVitaleDocuments) -> list[e.VitaleEvent]:
    if order.step is Step.DOCUMENTS_RECEIVED and order.photo == command.photo:
        return []
    require(order.step is Step.ORDERED, otherwise="vitale-documents-not-awaited")
    require(command.photo_is_recent, otherwise="vitale-photo-not-recent")
    require(command.address_confirmed, otherwise="vitale-address-not-confirmed")
    files = command.model_dump(include={"photo", "identity_document"})
    return [o.VitaleDocumentsReceived(**facts(order, command), **files)]


def _resubmitted(order: Order, command: c.ResubmitVitalePhoto) -> list[e.VitaleEvent]:
    photo, document = command.photo or order.photo, command.identity_document or order.identity_document
    if order.step is Step.PHOTO_RESUBMITTED and (photo, document) == (order.photo, order.identity_document):
        return []
    require(order.step is Step.PHOTO_REJECTED, otherwise="vitale-photo-not-awaited")
    require(command.photo_is_recent, otherwise="vitale-photo-not-recent")
    require(command.photo is not None or command.identity_document is not None, otherwise="file-unknown")
    assert photo is not None and document is not None, "an order whose photo was rejected has both"  # noqa: PT018
    return [o.VitalePhotoResubmitted(**facts(order, command), photo=photo, identity_document=document)]


def _sent(vitale: Vitale, order: Order, command: c.RecordVitaleSent) -> list[e.VitaleEvent]:
    """The damaged card ends in the commit in which the new one begins."""
    told = moved(order, command, command.happened_at)
    if order.card_id and vitale.proofs[order.card_id] == command.serial_proof:
        return [o.VitaleReplacementResent(**told)] if order.step is Step.ADDRESS_CHECKED else []
    require(order.step is not Step.CANCELLED, otherwise="vitale-order-cancelled")
    require(order.step in OPEN, otherwise="vitale-order-already-sent")
    require(order.step in {Step.VALIDATED, Step.IN_PRODUCTION}, otherwise="vitale-order-not-validated")
    require(command.serial_proof not in vitale.proofs.values(), otherwise="vitale-serial-reused")
    events: list[e.VitaleEvent] = []
    if order.step is Step.VALIDATED:
        events.append(produced(order, command))  # its line was lost on the way; the card is there all the same
    if vitale.active:
        events.append(
            e.VitaleOpposed(
                at=command.at,
                person_id=command.person_id,
                card_id=vitale.active,
                declaration_id=order.declaration_id,
                reason=Reason.DAMAGED,
                opposed_at=command.at,
                serial_proof=vitale.proofs[vitale.active],
            )
        )
    new = command.model_dump(include={"card_id", "serial", "serial_proof"})
    return [*events, o.VitaleReplacementSent(**told, **new)]


def _arrived(
    vitale: Vitale, command: c.RecordVitaleDelivered | c.ConfirmVitaleReceived, at: dt.datetime, arrival: Arrival
) -> list[e.VitaleEvent]:
    order = vitale.order(command.order_id)
    if order.step is Step.DELIVERED:
        return []
    require(order.step in ARRIVED_FROM, otherwise="vitale-order-not-on-its-way")
    return [delivered(vitale, command.order_id, command, at, arrival)]


def _standing(vitale: Vitale, command: c.NoticeVitaleStalled | c.AbandonVitaleReplacement) -> Order:
    order = vitale.order(command.order_id)
    require((order.step, order.since) == (command.step, command.since), otherwise="vitale-order-moved-on")
    return order
