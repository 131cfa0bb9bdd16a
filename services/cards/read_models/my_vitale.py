"""Screen « Ma carte Vitale »: which card do I have, does it work, and what should I do?"""

import datetime as dt
from enum import StrEnum
from typing import Final, assert_never

from pydantic import AwareDatetime

from services.cards.domain import events as e
from services.cards.domain.events import Cards
from services.cards.domain.ids import CardId, DeclarationId, OrderId, PersonId
from shared.kernel import Erased, Projection, Value, members

SHOWN: Final = 3
"""Digits of the serial number on the screen: the whole number opens an account."""


class Status(StrEnum):
    """Whether the card works."""

    ACTIVE = "active"
    DAMAGED = "damaged"
    OPPOSED = "opposed"


class Advice(StrEnum):
    """What the member should do now."""

    NOTHING = "nothing"
    SEND_BACK = "send_back"
    WAIT_FOR_REPLACEMENT = "wait_for_replacement"
    EXPECT_LETTER = "expect_letter"
    CHECK_ADDRESS = "check_address"


class MyVitale(Value):
    """The last card of a person, and the one that was opposed before or with it."""

    person_id: PersonId
    card_id: CardId
    serial_end: Cards[str]
    status: Status
    since: AwareDatetime
    """Since when it has this status."""
    issued_on: dt.date
    advice: Advice
    order_id: OrderId | None = None
    """The order that brought this card."""
    declaration_id: DeclarationId | None = None
    opposed_at: AwareDatetime | None = None
    reason: e.Reason | None = None
    opposed_serial_end: Cards[str | None] = None


def evolve(card: MyVitale | None, event: e.VitaleEvent) -> MyVitale:  # noqa: PLR0911 - one case per event
    match event:
        case e.VitaleIssued():
            return _new(card, event, issued_on=event.issued_on, advice=Advice.NOTHING)
        case e.VitaleReplacementSent():
            new = _new(card, event, issued_on=event.happened_at.date(), advice=Advice.EXPECT_LETTER)
            return new.model_copy(update={"order_id": event.order_id})
        case e.VitaleReportedLost() | e.VitaleReportedStolen():
            return _known(card).model_copy(update={"declaration_id": event.declaration_id})
        case e.VitaleReportedDamaged():
            now = {"status": Status.DAMAGED, "since": event.at, "advice": Advice.SEND_BACK}
            return _known(card).model_copy(update={**now, "declaration_id": event.declaration_id})
        case e.VitaleOpposed():
            return _opposed(_known(card), event)
        case e.VitaleReplacementOrdered() | e.VitaleReplacementInProduction():
            return _known(card)
        case e.VitaleReplacementDelivered():
            return _advised(_known(card), event.order_id, Advice.NOTHING)
        case e.VitaleReplacementReturned():
            return _advised(_known(card), event.order_id, Advice.CHECK_ADDRESS)
        case _:
            assert_never(event)


def _known(card: MyVitale | None) -> MyVitale:
    assert card is not None, "a card exists before anything happens to it"
    return card


def _new(
    before: MyVitale | None, event: e.VitaleIssued | e.VitaleReplacementSent, *, issued_on: dt.date, advice: Advice
) -> MyVitale:
    return MyVitale(
        person_id=event.person_id,
        card_id=event.card_id,
        serial_end=event.serial if isinstance(event.serial, Erased) else event.serial[-SHOWN:],
        status=Status.ACTIVE,
        since=event.at,
        issued_on=issued_on,
        advice=advice,
        opposed_at=before.opposed_at if before else None,
        reason=before.reason if before else None,
        opposed_serial_end=before.opposed_serial_end if before else None,
    )


def _opposed(card: MyVitale, event: e.VitaleOpposed) -> MyVitale:
    change = {
        "status": Status.OPPOSED,
        "since": event.opposed_at,
        "advice": Advice.WAIT_FOR_REPLACEMENT,
        "opposed_at": event.opposed_at,
        "reason": event.reason,
        "opposed_serial_end": card.serial_end,
    }
    return card.model_copy(update=change)


def _advised(card: MyVitale, order_id: OrderId, advice: Advice) -> MyVitale:
    """News of an older order say nothing of this card."""
    current = card.status is Status.ACTIVE and card.order_id == order_id
    return card.model_copy(update={"advice": advice}) if current else card


my_vitale = Projection(
    name="cards.my_vitale",
    version=1,
    document=MyVitale,
    handles=members(e.VitaleEvent),
    key=lambda event: event.person_id,
    evolve=evolve,
)
