"""Plays the maker of cards: reads the orders on the topic of cards, and sends what became of them."""

import json
from random import Random

from deploy.local.records import records
from deploy.local.seed import numbers
from deploy.local.seed.files import Line
from deploy.local.seed.senders import Senders
from deploy.local.stack import Stack

TOPIC = "cards.events.v1"
NEXT = {
    "VitaleReplacementOrdered": "produced",
    "VitaleReplacementInProduction": "sent",
    "VitaleReplacementSent": "delivered",
}
ENDED = ("VitaleReplacementDelivered", "VitaleReplacementReturned", "VitaleReplacementCancelled")


def advance(stack: Stack) -> dict[str, int]:
    """Move every open order one step; how many went to each."""
    senders = Senders(stack)
    random = Random()  # noqa: S311 - an invented serial number
    moved: dict[str, int] = {}
    lines: list[Line] = []
    for order_id, last in _orders(stack).items():
        if step := NEXT.get(last):
            at = senders.now().isoformat()
            serial = {"serial": numbers.serial(random)} if step == "sent" else {}
            lines.append({"kind": step, "order_id": order_id, "at": at, **serial})
            moved[step] = moved.get(step, 0) + 1
    if lines:
        senders.send("vitale-production", lines)
    return moved


def _orders(stack: Stack) -> dict[str, str]:
    """Each order's last event."""
    found: dict[str, str] = {}
    for record in records(stack.kafka_config(), "seed.manufacturer", [TOPIC]):
        kind = dict(record.headers() or [])["ce_type"].decode().rpartition(".")[2]
        if kind in (*NEXT, *ENDED):
            found[json.loads(record.value() or b"{}")["order_id"]] = kind
    return found
