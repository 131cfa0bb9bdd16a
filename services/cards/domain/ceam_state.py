"""What the rules of the European card need to know."""

import datetime as dt
from typing import assert_never

from pydantic import Field

from services.cards.domain import ceam_events as e
from services.cards.domain.ceam_words import OPEN, CardStatus, Step
from services.cards.domain.ids import CardId, CertificateId, MemberId, OrderId
from shared.kernel import Erased, Value, require


class Order(Value):
    """From the request to the letter box."""

    member_id: MemberId
    step: Step = Step.REQUESTED
    since: dt.datetime
    """Of the last progress."""
    stalled: bool = False
    valid_until: dt.date | Erased | None = None
    card_id: CardId | None = None


class Card(Value):
    """A European card that was made."""

    member_id: MemberId
    number: str | Erased
    expires_on: dt.date
    status: CardStatus = CardStatus.ACTIVE


class Certificate(Value):
    """The last provisional certificate."""

    certificate_id: CertificateId
    member_id: MemberId
    valid_until: dt.date


class Ceam(Value):
    """The European cards of one person: at most one is live, at most one order is open."""

    active: CardId | None = None
    cards: dict[CardId, Card] = Field(default_factory=dict)
    orders: dict[OrderId, Order] = Field(default_factory=dict)
    certificate: Certificate | None = None
    revoked: frozenset[CertificateId] = frozenset()

    @property
    def open_order(self) -> Order | None:
        """The order whose card does not exist yet."""
        return next((order for order in self.orders.values() if order.step in OPEN), None)

    @property
    def lost(self) -> bool:
        """The last card is lost or stolen."""
        last = next(reversed(self.cards.values()), None)
        return last is not None and last.status in {CardStatus.LOST, CardStatus.STOLEN}

    def order(self, order_id: OrderId) -> Order:
        """An order of this person.

        Raises:
            Rejected: there is none of this id.
        """
        require(order_id in self.orders, otherwise="ceam-order-unknown")
        return self.orders[order_id]

    def live(self, card_id: CardId) -> Card:
        """The live card, if it is this one.

        Raises:
            Rejected: it is not.
        """
        require(card_id in self.cards, otherwise="ceam-unknown")
        require(card_id == self.active, otherwise="ceam-already-ended")
        return self.cards[card_id]

    def at_step(self, event: e.CeamOrderEvent, step: Step, card_id: CardId | None = None) -> "Ceam":
        """After an order went on."""
        before = self.orders[event.order_id]
        news = {"step": step, "since": event.at, "stalled": False, "card_id": card_id or before.card_id}
        return self.model_copy(update={"orders": {**self.orders, event.order_id: before.model_copy(update=news)}})

    def ended(self, card_id: CardId, status: CardStatus) -> "Ceam":
        """After a card's end."""
        card = self.cards[card_id].model_copy(update={"status": status})
        return self.model_copy(update={"active": None, "cards": {**self.cards, card_id: card}})


def evolve(ceam: Ceam, event: e.CeamEvent) -> Ceam:  # noqa: C901, PLR0911, PLR0912 - one case per event
    match event:
        case e.CeamOrdered():
            order = Order(member_id=event.member_id, since=event.at, valid_until=event.valid_until)
            return ceam.model_copy(update={"orders": {**ceam.orders, event.order_id: order}})
        case e.CeamInProduction():
            return ceam.at_step(event, Step.IN_PRODUCTION)
        case e.CeamSent():
            sent = ceam.at_step(event, Step.SENT, event.card_id)
            card = Card(member_id=event.member_id, number=event.number, expires_on=event.expires_on)
            return sent.model_copy(update={"active": event.card_id, "cards": {**sent.cards, event.card_id: card}})
        case e.CeamResent():
            return ceam.at_step(event, Step.SENT)
        case e.CeamDelivered():
            return ceam.at_step(event, Step.DELIVERED)
        case e.CeamReturned():
            return ceam.at_step(event, Step.RETURNED)
        case e.CeamAddressChecked():
            return ceam.at_step(event, Step.ADDRESS_CHECKED)
        case e.CeamStalled():
            order = ceam.orders[event.order_id].model_copy(update={"stalled": True})
            return ceam.model_copy(update={"orders": {**ceam.orders, event.order_id: order}})
        case e.CeamCancelled():
            return ceam.at_step(event, Step.CANCELLED)
        case e.CeamReplaced():
            return ceam.ended(event.card_id, CardStatus.REPLACED)
        case e.CeamReportedLost():
            return ceam.ended(event.card_id, CardStatus.LOST)
        case e.CeamReportedStolen():
            return ceam.ended(event.card_id, CardStatus.STOLEN)
        case e.CeamExpiryNear():
            return ceam
        case e.CeamExpired():
            return ceam.ended(event.card_id, CardStatus.EXPIRED)
        case e.CeamRightsEnded():
            return ceam.ended(event.card_id, CardStatus.RIGHTS_ENDED)
        case e.CeamCertificateIssued():
            facts = event.model_dump(include={"certificate_id", "member_id", "valid_until"})
            return ceam.model_copy(update={"certificate": Certificate(**facts)})
        case e.CeamCertificateRevoked():
            return ceam.model_copy(update={"certificate": None, "revoked": ceam.revoked | {event.certificate_id}})
        case _:
            assert_never(event)
