"""The European cards of the cards service, as the member's site uses them."""

import datetime as dt
from typing import Any, Protocol

from pydantic import AwareDatetime

from services.gateway.clients.who import Who
from shared.numbers import number_of
from shared.web.channel import Answer, Channel, Fresh, Written


class CeamStep(Answer):
    """One thing that happened to an order."""

    step: str
    at: AwareDatetime


class Ceam(Answer):
    """The last card, the last order and the last certificate."""

    card_id: str | None = None
    number_end: str | None = None
    status: str | None = None
    status_since: AwareDatetime | None = None
    expires_on: dt.date | None = None
    expiry_near: bool = False

    order_id: str | None = None
    step: str | None = None
    timeline: tuple[CeamStep, ...] = ()
    country: str | None = None
    departure_on: dt.date | None = None
    certificate_advised: bool = False
    arrival: str | None = None
    cancellation: str | None = None

    certificate_id: str | None = None
    certificate_from: dt.date | None = None
    certificate_until: dt.date | None = None

    @property
    def number(self) -> str | None:
        """What the order is asked for by."""
        return number_of(self.order_id) if self.order_id else None

    @property
    def under_way(self) -> bool:
        return self.step in {"requested", "in_production", "sent", "returned", "address_checked"}

    @property
    def open(self) -> bool:
        """Its card is not made yet: no other one can be asked for."""
        return self.step in {"requested", "in_production"}

    def certificate_holds(self, today: dt.date) -> bool:
        """A provisional certificate is still good."""
        return self.certificate_until is not None and self.certificate_until >= today

    def certificate_due(self, today: dt.date, days: int) -> bool:
        """Whether a provisional certificate helps: the card is lost, or cannot be there before the departure."""
        if self.status in {"lost", "stolen"}:
            return True
        near = self.departure_on is not None and today <= self.departure_on < today + dt.timedelta(days=days)
        return near and self.status != "active"

    def orderable(self, today: dt.date, window_days: int) -> bool:
        """Whether another card may be asked for."""
        if self.open:
            return False
        if self.status != "active" or self.expires_on is None:
            return True
        return today >= self.expires_on - dt.timedelta(days=window_days)


class OfPerson(Answer):
    """Of all of a person's cards, what is read here."""

    ceam: Ceam | None = None


class Options(Answer):
    """What the form must know."""

    countries: tuple[str, ...]
    nationals_only: tuple[str, ...] = ()
    """Countries that may refuse the card to this person."""
    eu_national: bool | None = None
    days_before_departure: int
    renewal_window_days: int


class StatusOf(Answer):
    """Whether a document is still good."""

    status: str


class Trip(Answer):
    """Where to and when; where the insured person is posted."""

    country: str | None = None
    departure_on: dt.date | None = None
    posted_to: str | None = None


def trip_of(ceam: Ceam | None) -> Trip:
    """What a certificate is for: the trip of the last order; one for a lost card needs none."""
    if ceam is None or ceam.status in {"lost", "stolen"}:
        return Trip()
    return Trip(country=ceam.country, departure_on=ceam.departure_on)


class CeamCards(Protocol):
    """What the pages ask."""

    async def options(self, who: Who) -> Options: ...
    async def ceam(self, who: Who, written: str | None) -> Fresh[Ceam | None]: ...
    async def order(self, who: Who, command_id: str, trip: Trip) -> Written: ...
    async def of_order(self, who: Who, command_id: str, order_id: str, what: str) -> Written: ...
    async def report(self, who: Who, command_id: str, card_id: str, reason: str, happened_on: dt.date) -> Written: ...
    async def issue_certificate(self, who: Who, command_id: str, trip: Trip) -> Written: ...
    async def certificate(self, who: Who) -> bytes: ...
    async def certificate_status(self, who: Who, certificate_id: str) -> str: ...


class HttpCeam:
    """The same, over the wire."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def options(self, who: Who) -> Options:
        return (await self._channel.query(who, f"/persons/{who.person}/ceam/options", Options)).value

    async def ceam(self, who: Who, written: str | None) -> Fresh[Ceam | None]:
        """Asked of all cards together: that there is none has an age, too."""
        found = await self._channel.query(who, f"/persons/{who.person}/cards", OfPerson, written=written)
        return Fresh(found.value.ceam, found.lag, found.as_of)

    async def order(self, who: Who, command_id: str, trip: Trip) -> Written:
        return await self._send(who, command_id, "orders", trip.model_dump(mode="json"))

    async def of_order(self, who: Who, command_id: str, order_id: str, what: str) -> Written:
        """`what`: receipt, address, cancellation."""
        return await self._send(who, command_id, f"orders/{order_id}/{what}", {})

    async def report(self, who: Who, command_id: str, card_id: str, reason: str, happened_on: dt.date) -> Written:
        body = {"card_id": card_id, "reason": reason, "happened_on": happened_on.isoformat()}
        return await self._send(who, command_id, "reports", body)

    async def issue_certificate(self, who: Who, command_id: str, trip: Trip) -> Written:
        return await self._send(who, command_id, "certificates", trip.model_dump(mode="json"))

    async def certificate(self, who: Who) -> bytes:
        """The last provisional certificate, as a PDF."""
        return await self._channel.file(who, f"/persons/{who.person}/ceam/certificate")

    async def certificate_status(self, who: Who, certificate_id: str) -> str:
        """For whoever holds the paper: `stands`, `revoked` or `unknown`."""
        return (await self._channel.query(who, f"/ceam/certificates/{certificate_id}/status", StatusOf)).value.status

    async def _send(self, who: Who, command_id: str, path: str, body: dict[str, Any]) -> Written:
        address = f"/persons/{who.person}/ceam/{path}"
        return await self._channel.command(who, address, Written, command_id=command_id, body=body)
