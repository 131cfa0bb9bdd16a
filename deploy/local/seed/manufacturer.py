"""Plays the desk and the maker of cards: reads the orders on the topic of cards, and says what became of them."""

import datetime as dt
import json
from collections.abc import Iterator
from random import Random
from typing import Any

from deploy.local.records import records
from deploy.local.seed import numbers
from deploy.local.seed.files import Line
from deploy.local.seed.senders import Senders
from deploy.local.stack import Stack

TOPIC = "cards.events.v1"
TO_CHECK = ("VitaleDocumentsReceived", "VitalePhotoResubmitted")
SILENT = ("VitaleReplacementStalled", "VitaleDocumentsPurged", "CeamStalled")
"""They say nothing of where an order is."""
VITALE = {
    "VitaleReplacementValidated": "produced",
    "VitaleReplacementInProduction": "sent",
    "VitaleReplacementSent": "delivered",
    "VitaleReplacementResent": "delivered",
}
CEAM = {"CeamOrdered": "produced", "CeamInProduction": "sent", "CeamSent": "delivered", "CeamResent": "delivered"}
PATIENCE = 10.0
"""Seconds until what a member has just sent is on the work list."""
AGAIN = {"VitaleAddressChecked": "vitale-production", "CeamAddressChecked": "ceam-production"}
"""A card that came back goes out again: the same one."""
GOOD_FOR = dt.timedelta(days=365)
"""How long the European cards of this maker hold; the rights of the invented members hold longer."""

Event = tuple[str, dict[str, Any]]


def advance(stack: Stack) -> dict[str, int]:
    """Move every open order one step; how many went to each."""
    senders = Senders(stack)
    moved: dict[str, int] = {}
    production: dict[str, list[Line]] = {"vitale-production": [], "ceam-production": []}
    for kind, event in _last_of_orders(stack).values():
        if kind in TO_CHECK:
            validate(senders, event["order_id"])
            _count(moved, "validated")
        elif feed := AGAIN.get(kind):
            production[feed].append({**_sent_before(stack, feed, event["order_id"]), "at": senders.now().isoformat()})
            _count(moved, "sent again")
        elif step := VITALE.get(kind):
            production["vitale-production"].append(_line(senders, step, event, _vitale(step)))
            _count(moved, step)
        elif step := CEAM.get(kind):
            production["ceam-production"].append(_line(senders, step, event, _ceam(step, senders.now().date())))
            _count(moved, f"european card {step}")
    for feed, lines in production.items():
        if lines:
            senders.send(feed, lines)
    return moved


def validate(senders: Senders, order_id: str) -> None:
    """The desk finds photo and document right."""
    decide(senders, order_id, "validate")


def decide(senders: Senders, order_id: str, decision: str, **fields: str) -> None:
    """An agent's decision on what was sent for an order: validate, reject, cancel."""
    form = {"decision": decision, "reason": "pièces examinées", "fields": fields}
    senders.ask("cards", f"/internal/work/vitale-documents/{order_id}/decision", form, patience=PATIENCE)


def _last_of_orders(stack: Stack) -> dict[str, Event]:
    """Each order's last event that says where it is."""
    known = {*TO_CHECK, *VITALE, *CEAM, *AGAIN}
    found: dict[str, Event] = {}
    for kind, event in _events(stack):
        order_id = event.get("order_id")
        if order_id and kind not in SILENT and (kind in known or order_id in found):
            found[order_id] = (kind, event)
    return found


def _events(stack: Stack) -> Iterator[Event]:
    for record in records(stack.kafka_config(), "seed.manufacturer", [TOPIC]):
        kind = dict(record.headers() or [])["ce_type"].decode().rpartition(".")[2]
        yield kind, json.loads(record.value() or b"{}")


def _sent_before(stack: Stack, feed: str, order_id: str) -> Line:
    """What was told of the card when it was posted the first time."""
    files = sorted((stack.sub("feeds")).glob(f"{feed}-*.jsonl"))
    told = (json.loads(text) for file in files for text in file.read_text().splitlines())
    return next(line for line in told if line.get("kind") == "sent" and line.get("order_id") == order_id)


def _line(senders: Senders, step: str, event: dict[str, Any], more: Line) -> Line:
    return {"kind": step, "order_id": event["order_id"], "at": senders.now().isoformat(), **more}


def _vitale(step: str) -> Line:
    return {"serial": numbers.serial(Random())} if step == "sent" else {}  # noqa: S311 - an invented serial number


def _ceam(step: str, today: dt.date) -> Line:
    if step != "sent":
        return {}
    number = f"80250{Random().randint(0, 10**15 - 1):015d}"  # noqa: S311 - an invented number
    return {"number": number, "expires_on": (today + GOOD_FOR).isoformat()}


def _count(moved: dict[str, int], step: str) -> None:
    moved[step] = moved.get(step, 0) + 1
