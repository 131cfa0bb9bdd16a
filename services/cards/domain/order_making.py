"""Events of an order, made from what is known of it and the command."""

import datetime as dt
from typing import Any

from services.cards.domain import order_commands as c
from services.cards.domain import order_events as o
from services.cards.domain.commands import RecordVitaleUpdated, RecordVitaleUsed
from services.cards.domain.ids import OrderId
from services.cards.domain.vitale_state import Order, Vitale
from services.cards.domain.words import Arrival, Cancellation


def delivered(
    vitale: Vitale,
    order_id: OrderId,
    command: c.VitaleOrderCommand | RecordVitaleUsed | RecordVitaleUpdated,
    at: dt.datetime,
    arrival: Arrival,
) -> o.VitaleReplacementDelivered:
    """The card of this order has arrived, says `arrival`."""
    order = vitale.orders[order_id]
    return o.VitaleReplacementDelivered(
        at=command.at,
        person_id=command.person_id,
        member_id=order.member_id,
        order_id=order_id,
        declaration_id=order.declaration_id,
        happened_at=at,
        arrival=arrival,
    )


def facts(order: Order, command: c.VitaleOrderCommand) -> dict[str, Any]:
    """What every event of an order holds."""
    told = command.model_dump(include={"at", "person_id", "order_id"})
    return {**told, "member_id": order.member_id, "declaration_id": order.declaration_id}


def moved(order: Order, command: c.VitaleOrderCommand, at: dt.datetime) -> dict[str, Any]:
    """The same, with when it happened."""
    return {**facts(order, command), "happened_at": at}


def produced(order: Order, command: c.RecordVitaleProduced | c.RecordVitaleSent) -> o.VitaleReplacementInProduction:
    """The manufacturer makes it."""
    return o.VitaleReplacementInProduction(**moved(order, command, command.happened_at))


def cancelled(order: Order, command: c.VitaleOrderCommand, cause: Cancellation) -> o.VitaleReplacementCancelled:
    """No card will come of it."""
    return o.VitaleReplacementCancelled(**facts(order, command), cause=cause)


def purged(vitale: Vitale, order: Order, command: c.VitaleOrderCommand) -> list[o.VitaleDocumentsPurged]:
    """Its files are deleted, if it has any; one that was sent for another order, too, goes with the last of them."""
    others = {file for other_id, other in vitale.orders.items() if other_id != command.order_id for file in other.files}
    files = tuple(file for file in order.files if file not in others)
    return [o.VitaleDocumentsPurged(**facts(order, command), files=files)] if order.files else []
