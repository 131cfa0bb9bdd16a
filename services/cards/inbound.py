"""Lines of other systems' files, read tolerantly, and the commands they become."""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

from services.cards.domain import commands as c
from services.cards.domain.ids import CardId, OrderId, PersonId
from services.cards.domain.serial import normalise
from shared.feeds import Feed, Kind, Line, Order
from shared.kernel import Rejected
from shared.personal_data import BlindIndex

PersonOf = Callable[[OrderId], Awaitable[PersonId | None]]
"""Whose order it is; the manufacturer knows its id alone."""


def _uuid(text: str) -> str:
    return str(uuid.UUID(text))


UuidText = Annotated[str, AfterValidator(_uuid)]


class _FeedLine(BaseModel):
    """A field more than we know is no reason to set a line aside."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class CardLine(_FeedLine):
    """`vitale-issued`: a card that the fund gave."""

    person_id: UuidText
    serial: str
    issued_on: dt.date


class NewsLine(_FeedLine):
    """`vitale-production`: what became of an order."""

    order_id: UuidText
    at: AwareDatetime


class SentLine(NewsLine):
    """The card exists from now on, and has a number."""

    serial: str


@dataclass(frozen=True)
class Reader:
    """Lines → commands. The keyed hash of a serial number is made here: the domain has no keys."""

    serials: BlindIndex
    person_of: PersonOf

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
        return [_order(person_id, command)]

    async def produced(self, news: NewsLine, line: Line) -> Sequence[Order]:
        person_id, order_id = await self._whose(news)
        command = c.RecordVitaleProduced(at=line.at, person_id=person_id, order_id=order_id, happened_at=news.at)
        return [_order(person_id, command)]

    async def sent(self, news: SentLine, line: Line) -> Sequence[Order]:
        person_id, order_id = await self._whose(news)
        serial = normalise(news.serial)
        command = c.RecordVitaleSent(
            at=line.at,
            person_id=person_id,
            order_id=order_id,
            happened_at=news.at,
            card_id=CardId(line.id),
            serial=serial,
            serial_proof=self.serials.of(serial),
        )
        return [_order(person_id, command)]

    async def delivered(self, news: NewsLine, line: Line) -> Sequence[Order]:
        person_id, order_id = await self._whose(news)
        command = c.RecordVitaleDelivered(at=line.at, person_id=person_id, order_id=order_id, happened_at=news.at)
        return [_order(person_id, command)]

    async def returned(self, news: NewsLine, line: Line) -> Sequence[Order]:
        person_id, order_id = await self._whose(news)
        command = c.RecordVitaleReturned(at=line.at, person_id=person_id, order_id=order_id, happened_at=news.at)
        return [_order(person_id, command)]

    async def _whose(self, news: NewsLine) -> tuple[PersonId, OrderId]:
        order_id = OrderId(news.order_id)
        person_id = await self.person_of(order_id)
        if person_id is None:
            raise Rejected("vitale-order-unknown")
        return person_id, order_id


def _order(person_id: PersonId, command: c.VitaleCommand) -> Order:
    return Order(f"vitale:{person_id}", command, pk=person_id, person_id=person_id)


def feeds(reader: Reader) -> tuple[Feed, ...]:
    """The files that this service takes."""
    production: dict[str, Kind[Any]] = {
        "produced": Kind(NewsLine, reader.produced),
        "sent": Kind(SentLine, reader.sent),
        "delivered": Kind(NewsLine, reader.delivered),
        "returned": Kind(NewsLine, reader.returned),
    }
    return (
        Feed("vitale-issued", "vitale-issuer", {"card": Kind(CardLine, reader.issued)}),
        Feed("vitale-production", "manufacturer", production),
    )
