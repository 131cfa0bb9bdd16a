"""Names that belong to one stream alone: serial numbers (by their keyed hash) and orders."""

from collections.abc import Sequence
from typing import Any

from services.cards.domain import ceam_events as ce
from services.cards.domain import events as e
from services.cards.domain import order_events as o
from services.cards.inbound.lines import Finder, order_claim
from shared.command_handler import Claims
from shared.service import Service


def vitale_claims(_: Any, events: Sequence[e.VitaleEvent]) -> Claims:
    """A serial number belongs to one person; an order is found by its id."""
    serials = [
        event.serial_proof
        for event in events
        if isinstance(event, e.VitaleIssued | o.VitaleReplacementSent) and isinstance(event.serial_proof, str)
    ]
    ordered = [event for event in events if isinstance(event, o.VitaleReplacementOrdered)]
    return Claims(take=[*serials, *(order_claim("vitale", event.order_id) for event in ordered)])


def ceam_claims(_: Any, events: Sequence[ce.CeamEvent]) -> Claims:
    """An order and a certificate are found by their ids."""
    orders = [order_claim("ceam", event.order_id) for event in events if isinstance(event, ce.CeamOrdered)]
    issued = [event for event in events if isinstance(event, ce.CeamCertificateIssued)]
    return Claims(take=[*orders, *(certificate_claim(event.certificate_id) for event in issued)])


def certificate_claim(certificate_id: str) -> str:
    """The name under which a certificate's stream is found."""
    return f"ceam-certificate:{certificate_id}"


def finder(service: Service) -> Finder:
    """Finds the stream that holds a claimed name."""

    async def find(claim: str) -> str | None:
        return (await service.store.holders([claim])).get(claim)

    return find
