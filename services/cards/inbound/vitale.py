"""Files about cartes Vitale: the fund's issuer, the manufacturer, the terminals."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import AwareDatetime

from services.cards.domain import commands as c
from services.cards.domain import order_commands as oc
from services.cards.domain.ids import CardId, OrderId, PersonId
from services.cards.domain.serial import normalise
from services.cards.inbound.lines import FeedLine, Finder, NewsLine, UuidText, order_claim, order_of, whose
from shared.feeds import Feed, Kind, Line, Order
from shared.personal_data import BlindIndex


class CardLine(FeedLine):
    """`vitale-issued`: a card that the fund gave."""

    person_id: UuidText
    serial: str
    issued_on: dt.date


class SentLine(NewsLine):
    """The card exists from now on, and has a number."""

    serial: str


class TerminalLine(FeedLine):
    """`vitale-uses` and `vitale-updates`: a card was read, or brought up to date."""

    serial: str
    at: AwareDatetime


@dataclass(frozen=True)
class Reader:
    """Lines → commands. The keyed hash of a serial number is made here: the domain has no keys."""

    serials: BlindIndex
    find: Finder

    async def issued(self, card: CardLine, line: Line) -> Sequence[Order]:
        person_id, serial = PersonId(card.person_id), normalise(card.serial)
        command = c.RecordVitaleIssued(
            at=line.at,
            person_id=person_id,
            card_id=CardId(line.id),
            serial=serial,
            serial_proof=self.serials.of(serial),
            issued_on=card.issued_on,
        )
        return [order_of("vitale", person_id, command)]

    async def produced(self, news: NewsLine, line: Line) -> Sequence[Order]:
        person_id, order_id = await self._whose(news)
        command = oc.RecordVitaleProduced(at=line.at, person_id=person_id, order_id=order_id, happened_at=news.at)
        return [order_of("vitale", person_id, command)]

    async def sent(self, news: SentLine, line: Line) -> Sequence[Order]:
        person_id, order_id = await self._whose(news)
        serial = normalise(news.serial)
        command = oc.RecordVitaleSent(
            at=line.at,
            person_id=person_id,
            order_id=order_id,
            happened_at=news.at,
            card_id=CardId(line.id),
            serial=serial,
            serial_proof=self.serials.of(serial),
        )
        return [order_of("vitale", person_id, command)]

    async def delivered(self, news: NewsLine, line: Line) -> Sequence[Order]:
        person_id, order_id = await self._whose(news)
        command = oc.RecordVitaleDelivered(at=line.at, person_id=person_id, order_id=order_id, happened_at=news.at)
        return [order_of("vitale", person_id, command)]

    async def returned(self, news: NewsLine, line: Line) -> Sequence[Order]:
        person_id, order_id = await self._whose(news)
        command = oc.RecordVitaleReturned(at=line.at, person_id=person_id, order_id=order_id, happened_at=news.at)
        return [order_of("vitale", person_id, command)]

    async def used(self, use: TerminalLine, line: Line) -> Sequence[Order]:
        proof = self.serials.of(normalise(use.serial))
        person_id = await whose(self.find, proof, "vitale-unknown")
        command = c.RecordVitaleUsed(at=line.at, person_id=person_id, serial_proof=proof, used_at=use.at)
        return [order_of("vitale", person_id, command)]

    async def updated(self, update: TerminalLine, line: Line) -> Sequence[Order]:
        proof = self.serials.of(normalise(update.serial))
        person_id = await whose(self.find, proof, "vitale-unknown")
        command = c.RecordVitaleUpdated(at=line.at, person_id=person_id, serial_proof=proof, updated_at=update.at)
        return [order_of("vitale", person_id, command)]

    async def _whose(self, news: NewsLine) -> tuple[PersonId, OrderId]:
        order_id = OrderId(news.order_id)
        return await whose(self.find, order_claim("vitale", order_id), "vitale-order-unknown"), order_id


def vitale_feeds(reader: Reader) -> tuple[Feed, ...]:
    """The files about cartes Vitale that this service takes."""
    production: dict[str, Kind[Any]] = {
        "produced": Kind(NewsLine, reader.produced),
        "sent": Kind(SentLine, reader.sent),
        "delivered": Kind(NewsLine, reader.delivered),
        "returned": Kind(NewsLine, reader.returned),
    }
    return (
        Feed("vitale-issued", "vitale-issuer", {"card": Kind(CardLine, reader.issued)}),
        Feed("vitale-production", "manufacturer", production),
        Feed("vitale-uses", "terminals", {"use": Kind(TerminalLine, reader.used)}),
        Feed("vitale-updates", "terminals", {"update": Kind(TerminalLine, reader.updated)}),
    )
