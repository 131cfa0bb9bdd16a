"""What each event changes in what is known of a person's cartes Vitale."""

from typing import assert_never

from services.cards.domain import events as e
from services.cards.domain import order_events as o
from services.cards.domain.ids import FileId
from services.cards.domain.vitale_state import Notice, Order, Vitale
from services.cards.domain.vitale_steps import Step
from shared.kernel import Erased


def evolve(vitale: Vitale, event: e.VitaleEvent) -> Vitale:
    if isinstance(event, o.VitaleOrderEvent):
        return evolve_order(vitale, event)
    return _evolve_card(vitale, event)


def _evolve_card(vitale: Vitale, event: e.VitaleCardEvent) -> Vitale:  # noqa: PLR0911 - one case per event
    match event:
        case e.VitaleIssued():
            return vitale.with_card(event.card_id, event.serial_proof, event.at)
        case e.VitaleReportedLost() | e.VitaleReportedStolen():
            return vitale.declared(event.declaration_id, damaged=False)
        case e.VitaleReportedDamaged():
            return vitale.declared(event.declaration_id, damaged=True)
        case e.VitaleOpposed():
            ended = vitale.opposed(event.card_id, event.reason, event.opposed_at)
            return ended.model_copy(update={"notice": None})
        case e.VitaleUsedAfterOpposition():
            return vitale.used(event.card_id, event.used_at)
        case e.VitaleUpdated():
            return vitale.model_copy(update={"fresh_at": event.updated_at})
        case e.VitaleUpdateDue():
            return vitale.model_copy(update={"fresh_at": max(event.at, vitale.fresh_at)})
        case e.VitaleResidenceNoticeGiven():
            return vitale.model_copy(update={"notice": Notice(notice_id=event.notice_id, opposes_at=event.opposes_at)})
        case e.VitaleResidenceNoticeWithdrawn():
            return vitale.model_copy(update={"notice": None})
        case _:
            assert_never(event)


def evolve_order(vitale: Vitale, event: o.VitaleOrderEvent) -> Vitale:  # noqa: C901, PLR0911, PLR0912 - one case per event
    """What an event of an order changes."""
    order_id, at = event.order_id, event.at
    match event:
        case o.VitaleReplacementOrdered():
            order = Order(member_id=event.member_id, declaration_id=event.declaration_id, since=at)
            return vitale.with_order(order_id, order)
        case o.VitaleDocumentsReceived():
            return _with_files(vitale, event, Step.DOCUMENTS_RECEIVED)
        case o.VitalePhotoRejected():
            return vitale.at_step(order_id, Step.PHOTO_REJECTED, at)
        case o.VitalePhotoResubmitted():
            return _with_files(vitale, event, Step.PHOTO_RESUBMITTED)
        case o.VitaleReplacementValidated():
            return vitale.at_step(order_id, Step.VALIDATED, at)
        case o.VitaleReplacementInProduction():
            return vitale.at_step(order_id, Step.IN_PRODUCTION, at)
        case o.VitaleReplacementSent():
            sent = vitale.at_step(order_id, Step.SENT, at, card_id=event.card_id)
            return sent.with_card(event.card_id, event.serial_proof, at)
        case o.VitaleReplacementResent():
            return vitale.at_step(order_id, Step.SENT, at)
        case o.VitaleReplacementDelivered():
            return vitale.at_step(order_id, Step.DELIVERED, at)
        case o.VitaleReplacementReturned():
            return vitale.at_step(order_id, Step.RETURNED, at)
        case o.VitaleAddressChecked():
            return vitale.at_step(order_id, Step.ADDRESS_CHECKED, at)
        case o.VitaleReplacementCancelled():
            ended = vitale.at_step(order_id, Step.CANCELLED, at)
            return ended.model_copy(update={"declaration": ended.declaration or event.declaration_id})
        case o.VitaleReplacementStalled():
            return vitale.changed(order_id, vitale.orders[order_id].model_copy(update={"stalled": True}))
        case o.VitaleDocumentsPurged():
            gone = {"files": (), "photo": None, "identity_document": None}
            return vitale.changed(order_id, vitale.orders[order_id].model_copy(update=gone))
        case _:
            assert_never(event)


def _with_files(vitale: Vitale, event: o.VitaleDocumentsReceived | o.VitalePhotoResubmitted, step: Step) -> Vitale:
    sent = [one for one in (event.photo, event.identity_document) if not isinstance(one, Erased)]
    files: tuple[FileId, ...] = tuple(dict.fromkeys((*vitale.orders[event.order_id].files, *sent)))
    given = {"photo": event.photo, "identity_document": event.identity_document, "files": files}
    return vitale.at_step(event.order_id, step, event.at, **given)
