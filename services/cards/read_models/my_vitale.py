"""Screen « Ma carte Vitale »: which card do I have, does it work, and what should I do?"""

import datetime as dt
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime

from services.cards.domain import events as e
from services.cards.domain import order_events as o
from services.cards.domain.ids import CardId, DeclarationId, OrderId, PersonId
from services.cards.domain.words import Cards, Reason
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
    UPDATE = "update"


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
    reason: Reason | None = None
    opposed_serial_end: Cards[str | None] = None
    updated_at: AwareDatetime | None = None
    """When a terminal last brought it up to date."""
    used_after_opposition: AwareDatetime | None = None
    """When somebody last presented the card that was opposed."""
    residence_until: AwareDatetime | None = None
    """The fund doubts the residence, and opposes the card then, unless the holder answers."""


def evolve(card: MyVitale | None, event: e.VitaleEvent) -> MyVitale:  # noqa: C901, PLR0911 - one case per event
    match event:
        case e.VitaleIssued():
            return _new(card, event, issued_on=event.issued_on, advice=Advice.NOTHING)
        case o.VitaleReplacementSent():
            new = _new(card, event, issued_on=event.happened_at.date(), advice=Advice.EXPECT_LETTER)
            return new.model_copy(update={"order_id": event.order_id})
        case e.VitaleReportedLost() | e.VitaleReportedStolen():
            return _known(card).model_copy(update={"declaration_id": event.declaration_id})
        case e.VitaleReportedDamaged():
            now = {"status": Status.DAMAGED, "since": event.at, "advice": Advice.SEND_BACK}
            return _known(card).model_copy(update={**now, "declaration_id": event.declaration_id})
        case e.VitaleOpposed():
            return _opposed(_known(card), event)
        case e.VitaleUsedAfterOpposition():
            return _known(card).model_copy(update={"used_after_opposition": event.used_at})
        case e.VitaleUpdated():
            fresh = {"updated_at": event.updated_at}
            return _known(card).model_copy(update=fresh | _settled(_known(card), Advice.UPDATE))
        case e.VitaleUpdateDue():
            return _known(card).model_copy(update={"advice": Advice.UPDATE})
        case e.VitaleResidenceNoticeGiven():
            return _known(card).model_copy(update={"residence_until": event.opposes_at})
        case e.VitaleResidenceNoticeWithdrawn():
            return _known(card).model_copy(update={"residence_until": None})
        case _:
            return _ordered(_known(card), event)


def _ordered(card: MyVitale, event: o.VitaleOrderEvent) -> MyVitale:
    """Most of an order's way is told by « Suivre la commande »; here only what it means for the card."""
    match event:
        case o.VitaleReplacementDelivered():
            return _advised(card, event.order_id, Advice.NOTHING)
        case o.VitaleReplacementReturned():
            return _advised(card, event.order_id, Advice.CHECK_ADDRESS)
        case o.VitaleAddressChecked() | o.VitaleReplacementResent():
            return _advised(card, event.order_id, Advice.EXPECT_LETTER)
        case _:
            return card


def _settled(card: MyVitale, advice: Advice) -> dict[str, Advice]:
    return {"advice": Advice.NOTHING} if card.advice is advice else {}


def _known(card: MyVitale | None) -> MyVitale:
    assert card is not None, "a card exists before anything happens to it"
    return card


def _new(
    before: MyVitale | None, event: e.VitaleIssued | o.VitaleReplacementSent, *, issued_on: dt.date, advice: Advice
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
        used_after_opposition=before.used_after_opposition if before else None,
    )


def _opposed(card: MyVitale, event: e.VitaleOpposed) -> MyVitale:
    change = {
        "status": Status.OPPOSED,
        "since": event.opposed_at,
        "advice": Advice.WAIT_FOR_REPLACEMENT,
        "opposed_at": event.opposed_at,
        "reason": event.reason,
        "opposed_serial_end": card.serial_end,
        "used_after_opposition": None,
        "residence_until": None,
    }
    return card.model_copy(update=change)


def _advised(card: MyVitale, order_id: OrderId, advice: Advice) -> MyVitale:
    """News of an older order say nothing of this card."""
    current = card.status is Status.ACTIVE and card.order_id == order_id
    return card.model_copy(update={"advice": advice}) if current else card


my_vitale = Projection(
    name="cards.my_vitale",
    screen="Ma carte Vitale",
    version=2,
    document=MyVitale,
    handles=members(e.VitaleEvent),
    key=lambda event: event.person_id,
    evolve=evolve,
)
