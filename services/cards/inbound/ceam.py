"""Files of the manufacturer about European cards."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.cards.domain import ceam_commands as c
from services.cards.domain.ceam_words import normalise
from services.cards.domain.ids import CardId, OrderId, PersonId
from services.cards.inbound.lines import Finder, NewsLine, order_claim, order_of, whose
from shared.feeds import Feed, Kind, Line, Order


class CeamSentLine(NewsLine):
    """The card exists from now on, and has a number and a last day."""

    number: str
    expires_on: dt.date


@dataclass(frozen=True)
class CeamReader:
    """Lines → commands."""

    find: Finder

    async def produced(self, news: NewsLine, line: Line) -> Sequence[Order]:
        person_id, order_id = await self._whose(news)
        command = c.RecordCeamProduced(at=line.at, person_id=person_id, order_id=order_id, happened_at=news.at)
        return [order_of("ceam", person_id, command)]

    async def sent(self, news: CeamSentLine, line: Line) -> Sequence[Order]:
        person_id, order_id = await self._whose(news)
        command = c.RecordCeamSent(
            at=line.at,
            person_id=person_id,
            order_id=order_id,
            happened_at=news.at,
            card_id=CardId(line.id),
            number=normalise(news.number),
            expires_on=news.expires_on,
        )
        return [order_of("ceam", person_id, command)]

    async def delivered(self, news: NewsLine, line: Line) -> Sequence[Order]:
        person_id, order_id = await self._whose(news)
        command = c.RecordCeamDelivered(at=line.at, person_id=person_id, order_id=order_id, happened_at=news.at)
        return [order_of("ceam", person_id, command)]

    async def returned(self, news: NewsLine, line: Line) -> Sequence[Order]:
        person_id, order_id = await self._whose(news)
        command = c.RecordCeamReturned(at=line.at, person_id=person_id, order_id=order_id, happened_at=news.at)
        return [order_of("ceam", person_id, command)]

    async def _whose(self, news: NewsLine) -> tuple[PersonId, OrderId]:
        order_id = OrderId(news.order_id)
        return await whose(self.find, order_claim("ceam", order_id), "ceam-order-unknown"), order_id


def ceam_feeds(reader: CeamReader) -> tuple[Feed, ...]:
    """The files about European cards that this service takes."""
    production: dict[str, Kind[Any]] = {
        "produced": Kind(NewsLine, reader.produced),
        "sent": Kind(CeamSentLine, reader.sent),
        "delivered": Kind(NewsLine, reader.delivered),
        "returned": Kind(NewsLine, reader.returned),
    }
    return (Feed("ceam-production", "manufacturer", production),)
