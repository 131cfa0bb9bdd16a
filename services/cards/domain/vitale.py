"""Cartes Vitale of one person: at most one is active, ever; opposition is final."""

import datetime as dt
from typing import Any, Final, assert_never

from services.cards.domain import commands as c
from services.cards.domain import events as e
from services.cards.domain.ids import CardId, DeclarationId
from services.cards.domain.vitale_state import OPEN, Order, Step, Vitale
from shared.kernel import Decider, require

FURTHEST_EAST: Final = dt.timedelta(hours=14)
"""Members live all over the Earth: somewhere it is already this much later than in UTC."""


def decide(vitale: Vitale, command: c.VitaleCommand) -> list[e.VitaleEvent]:  # noqa: C901, PLR0911, PLR0912 - one case per command
    match command:
        case c.RecordVitaleIssued():
            if vitale.active and vitale.proofs[vitale.active] == command.serial_proof:
                return []
            require(command.serial_proof not in vitale.proofs.values(), otherwise="vitale-already-opposed")
            require(vitale.active is None, otherwise="vitale-already-active")
            require(not vitale.replacement_under_way, otherwise="vitale-replacement-under-way")
            return [e.VitaleIssued(**command.model_dump())]

        case c.ReportVitaleLost():
            _check(vitale, command)
            opposed = _opposed(vitale, command.card_id, command.declaration_id, e.Reason.LOST, command)
            return [e.VitaleReportedLost(**_facts(command)), opposed]

        case c.ReportVitaleStolen():
            _check(vitale, command)
            opposed = _opposed(vitale, command.card_id, command.declaration_id, e.Reason.STOLEN, command)
            return [e.VitaleReportedStolen(**_facts(command)), opposed]

        case c.ReportVitaleDamaged():
            _check(vitale, command)
            require(not vitale.damaged, otherwise="vitale-already-reported")
            return [e.VitaleReportedDamaged(**_facts(command))]

        case c.OrderVitaleReplacement():
            if command.order_id in vitale.orders:
                return []
            require(command.declaration_id == vitale.declaration, otherwise="vitale-declaration-unknown")
            require(not vitale.replacement_under_way, otherwise="vitale-replacement-under-way")
            return [e.VitaleReplacementOrdered(**command.model_dump())]

        case c.RecordVitaleProduced():
            order = vitale.order(command.order_id)
            return [_produced(order, command)] if order.step is Step.ORDERED else []

        case c.RecordVitaleSent():
            return _sent(vitale, vitale.order(command.order_id), command)

        case c.RecordVitaleDelivered():
            order = vitale.order(command.order_id)
            if order.step is Step.DELIVERED:
                return []
            require(order.step is Step.SENT, otherwise="vitale-order-not-on-its-way")
            return [e.VitaleReplacementDelivered(**_moved(order, command))]

        case c.RecordVitaleReturned():
            order = vitale.order(command.order_id)
            if order.step is Step.RETURNED:
                return []
            require(order.step is Step.SENT, otherwise="vitale-order-not-on-its-way")
            return [e.VitaleReplacementReturned(**_moved(order, command))]

        case _:
            assert_never(command)


def _check(vitale: Vitale, report: c.VitaleReport) -> None:
    """A card declared damaged may still be lost or stolen: that opposes it at once."""
    require(report.declared_on_honour, otherwise="declaration-not-on-honour")
    require(report.happened_on <= (report.at + FURTHEST_EAST).date(), otherwise="vitale-date-in-future")
    require(report.card_id in vitale.proofs, otherwise="vitale-unknown")
    require(report.card_id == vitale.active, otherwise="vitale-already-opposed")


def _facts(report: c.VitaleReport) -> dict[str, Any]:
    return report.model_dump(exclude={"declared_on_honour"})


def _moved(order: Order, command: c.VitaleOfOrder) -> dict[str, Any]:
    return {**command.model_dump(), "member_id": order.member_id, "declaration_id": order.declaration_id}


def _opposed(
    vitale: Vitale, card_id: CardId, declaration_id: DeclarationId, reason: e.Reason, command: c.VitaleCommand
) -> e.VitaleOpposed:
    return e.VitaleOpposed(
        at=command.at,
        person_id=command.person_id,
        card_id=card_id,
        declaration_id=declaration_id,
        reason=reason,
        opposed_at=command.at,
        serial_proof=vitale.proofs[card_id],
    )


def _produced(order: Order, command: c.RecordVitaleProduced | c.RecordVitaleSent) -> e.VitaleReplacementInProduction:
    return e.VitaleReplacementInProduction(
        at=command.at,
        person_id=command.person_id,
        member_id=order.member_id,
        order_id=command.order_id,
        declaration_id=order.declaration_id,
        happened_at=command.happened_at,
    )


def _sent(vitale: Vitale, order: Order, command: c.RecordVitaleSent) -> list[e.VitaleEvent]:
    """The damaged card ends in the commit in which the new one begins."""
    if order.card_id and vitale.proofs[order.card_id] == command.serial_proof:
        return []
    require(order.step in OPEN, otherwise="vitale-order-already-sent")
    require(command.serial_proof not in vitale.proofs.values(), otherwise="vitale-serial-reused")
    events: list[e.VitaleEvent] = []
    if order.step is Step.ORDERED:
        events.append(_produced(order, command))  # its line was lost on the way; the card is there all the same
    if vitale.active:
        events.append(_opposed(vitale, vitale.active, order.declaration_id, e.Reason.DAMAGED, command))
    return [*events, e.VitaleReplacementSent(**_moved(order, command))]


def evolve(vitale: Vitale, event: e.VitaleEvent) -> Vitale:  # noqa: PLR0911 - one case per event
    match event:
        case e.VitaleIssued():
            return vitale.with_card(event.card_id, event.serial_proof)
        case e.VitaleReportedLost() | e.VitaleReportedStolen():
            return vitale.declared(event.declaration_id, damaged=False)
        case e.VitaleReportedDamaged():
            return vitale.declared(event.declaration_id, damaged=True)
        case e.VitaleOpposed():
            return vitale.opposed()
        case e.VitaleReplacementOrdered():
            order = Order(member_id=event.member_id, declaration_id=event.declaration_id)
            return vitale.with_order(event.order_id, order)
        case e.VitaleReplacementInProduction():
            return vitale.at_step(event.order_id, Step.IN_PRODUCTION)
        case e.VitaleReplacementSent():
            sent = vitale.at_step(event.order_id, Step.SENT, event.card_id)
            return sent.with_card(event.card_id, event.serial_proof)
        case e.VitaleReplacementDelivered():
            return vitale.at_step(event.order_id, Step.DELIVERED)
        case e.VitaleReplacementReturned():
            return vitale.at_step(event.order_id, Step.RETURNED)
        case _:
            assert_never(event)


vitale = Decider(category="vitale", retention="cards", initial=Vitale(), decide=decide, evolve=evolve)
