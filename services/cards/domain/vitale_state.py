"""What the rules of the carte Vitale need to know: the cards a person ever had, and the orders."""

import datetime as dt
from typing import Final

from pydantic import Field

from services.cards.domain.ids import CardId, DeclarationId, FileId, MemberId, NoticeId, OrderId
from services.cards.domain.vitale_steps import ENDED, OPEN, Step
from services.cards.domain.words import Reason
from shared.kernel import Erased, Value, require

__all__ = ["Notice", "Opposition", "Order", "Vitale"]

NEVER: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Order(Value):
    """A replacement, from the order to the letter box."""

    member_id: MemberId
    declaration_id: DeclarationId
    step: Step = Step.ORDERED
    since: dt.datetime = NEVER
    """Of the last progress."""
    card_id: CardId | None = None
    photo: FileId | Erased | None = None
    identity_document: FileId | Erased | None = None
    files: tuple[FileId, ...] = ()
    """All that was ever sent for it and is not deleted."""
    stalled: bool = False


class Opposition(Value):
    """Why and since when a card is dead, and the uses that were seen since."""

    reason: Reason
    at: dt.datetime
    uses: frozenset[dt.datetime] = frozenset()


class Notice(Value):
    """A residence in doubt."""

    notice_id: NoticeId
    opposes_at: dt.datetime


class Vitale(Value):
    """The cartes Vitale of one person."""

    active: CardId | None = None
    damaged: bool = False
    """The active card is declared damaged; it works until its replacement is sent."""
    fresh_at: dt.datetime = NEVER
    """When the active card was new, up to date, or its holder reminded."""
    proofs: dict[CardId, str | Erased] = Field(default_factory=dict)
    """Every card there ever was, by the keyed hash of its serial number."""
    oppositions: dict[CardId, Opposition] = Field(default_factory=dict)
    declaration: DeclarationId | None = None
    """A declaration that led to no order yet, or to one that was cancelled."""
    orders: dict[OrderId, Order] = Field(default_factory=dict)
    notice: Notice | None = None

    @property
    def replacement_under_way(self) -> bool:
        """An order whose card does not exist yet."""
        return any(order.step in OPEN for order in self.orders.values())

    def order(self, order_id: OrderId) -> Order:
        """An order of this person.

        Raises:
            Rejected: there is none of this id.
        """
        require(order_id in self.orders, otherwise="vitale-order-unknown")
        return self.orders[order_id]

    def card_of(self, proof: str) -> CardId:
        """The card of this serial number.

        Raises:
            Rejected: it is none of this person's.
        """
        found = [card_id for card_id, known in self.proofs.items() if known == proof]
        require(bool(found), otherwise="vitale-unknown")
        return found[0]

    def order_in_post(self) -> OrderId | None:
        """The order that brought the active card, as long as nobody knows that it arrived."""
        for order_id, order in self.orders.items():
            if order.card_id is not None and order.card_id == self.active and order.step not in ENDED:
                return order_id
        return None

    def declared(self, declaration_id: DeclarationId, *, damaged: bool) -> "Vitale":
        """After a declaration."""
        return self.model_copy(update={"declaration": declaration_id, "damaged": damaged})

    def opposed(self, card_id: CardId, reason: Reason, at: dt.datetime) -> "Vitale":
        """After a card's end."""
        oppositions = {**self.oppositions, card_id: Opposition(reason=reason, at=at)}
        return self.model_copy(update={"active": None, "damaged": False, "oppositions": oppositions})

    def used(self, card_id: CardId, at: dt.datetime) -> "Vitale":
        """After a dead card was presented."""
        before = self.oppositions[card_id]
        opposition = before.model_copy(update={"uses": before.uses | {at}})
        return self.model_copy(update={"oppositions": {**self.oppositions, card_id: opposition}})

    def with_card(self, card_id: CardId, proof: str | Erased, at: dt.datetime) -> "Vitale":
        """After this card became the active one; what was declared before is settled."""
        proofs = {**self.proofs, card_id: proof}
        return self.model_copy(update={"active": card_id, "proofs": proofs, "declaration": None, "fresh_at": at})

    def with_order(self, order_id: OrderId, order: Order) -> "Vitale":
        """After an order for the last declaration."""
        return self.model_copy(update={"declaration": None, "orders": {**self.orders, order_id: order}})

    def at_step(self, order_id: OrderId, step: Step, at: dt.datetime, **more: object) -> "Vitale":
        """After an order went on."""
        order = self.orders[order_id].model_copy(update={"step": step, "since": at, "stalled": False, **more})
        return self.changed(order_id, order)

    def changed(self, order_id: OrderId, order: Order) -> "Vitale":
        """With an order as it is now."""
        return self.model_copy(update={"orders": {**self.orders, order_id: order}})
