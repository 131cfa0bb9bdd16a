"""What the rules of the carte Vitale need to know: the cards a person ever had, and the orders."""

from enum import StrEnum
from typing import Final

from pydantic import Field

from services.cards.domain.ids import CardId, DeclarationId, MemberId, OrderId
from shared.kernel import Erased, Value, require


class Step(StrEnum):
    """How far an order has come."""

    ORDERED = "ordered"
    IN_PRODUCTION = "in_production"
    SENT = "sent"
    DELIVERED = "delivered"
    RETURNED = "returned"


OPEN: Final = (Step.ORDERED, Step.IN_PRODUCTION)


class Order(Value):
    """A replacement, from the order to the letter box."""

    member_id: MemberId
    declaration_id: DeclarationId
    step: Step = Step.ORDERED
    card_id: CardId | None = None


class Vitale(Value):
    """The cartes Vitale of one person."""

    active: CardId | None = None
    damaged: bool = False
    """The active card is declared damaged; it works until its replacement is sent."""
    proofs: dict[CardId, str | Erased] = Field(default_factory=dict)
    """Every card there ever was, by the keyed hash of its serial number."""
    declaration: DeclarationId | None = None
    """A declaration that led to no order yet."""
    orders: dict[OrderId, Order] = Field(default_factory=dict)

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

    def declared(self, declaration_id: DeclarationId, *, damaged: bool) -> "Vitale":
        """After a declaration."""
        return self.model_copy(update={"declaration": declaration_id, "damaged": damaged})

    def opposed(self) -> "Vitale":
        """After the active card's end."""
        return self.model_copy(update={"active": None, "damaged": False})

    def with_card(self, card_id: CardId, proof: str | Erased) -> "Vitale":
        """After this card became the active one; what was declared before is settled."""
        proofs = {**self.proofs, card_id: proof}
        return self.model_copy(update={"active": card_id, "proofs": proofs, "declaration": None})

    def with_order(self, order_id: OrderId, order: Order) -> "Vitale":
        """After an order for the last declaration."""
        return self.model_copy(update={"declaration": None, "orders": {**self.orders, order_id: order}})

    def at_step(self, order_id: OrderId, step: Step, card_id: CardId | None = None) -> "Vitale":
        """After an order went on."""
        before = self.orders[order_id]
        order = before.model_copy(update={"step": step, "card_id": card_id or before.card_id})
        return self.model_copy(update={"orders": {**self.orders, order_id: order}})
