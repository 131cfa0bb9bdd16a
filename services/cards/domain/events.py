"""What happened to the cartes Vitale of one person."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Final, TypeVar

from pydantic import AwareDatetime, Field

from services.cards.domain.ids import CardId, DeclarationId, MemberId, OrderId, PersonId
from shared.kernel import Erased, Event, Personal

T = TypeVar("T")
Cards = Annotated[T | Erased, Personal("cards")]

PROOF: Final = f"serial:v1:{'0' * 64}"
"""What a keyed hash of a serial number looks like."""


class Reason(StrEnum):
    """Why a card was put on opposition. For life: a card that is found again stays opposed."""

    LOST = "lost"
    STOLEN = "stolen"
    DAMAGED = "damaged"
    RIGHTS_ENDED = "rights_ended"


class _Declared(Event):
    person_id: PersonId
    member_id: MemberId
    card_id: CardId
    declaration_id: DeclarationId
    place: Cards[str] = Field(examples=["Toulon, gare"])
    happened_on: dt.date


class _Ordered(Event):
    person_id: PersonId
    member_id: MemberId
    order_id: OrderId
    declaration_id: DeclarationId


class _Moved(_Ordered):
    happened_at: AwareDatetime
    """When, by the manufacturer's or the post's word; `at` is when we learned it."""


class VitaleIssued(Event, name="VitaleIssued"):
    """The fund gave a card."""

    person_id: PersonId
    card_id: CardId
    serial: Cards[str] = Field(examples=["12345678901"])
    serial_proof: Cards[str] = Field(examples=[PROOF])
    issued_on: dt.date


class VitaleReportedLost(_Declared, name="VitaleReportedLost"):
    """Declared on honour."""


class VitaleReportedStolen(_Declared, name="VitaleReportedStolen"):
    """Declared on honour."""


class VitaleReportedDamaged(_Declared, name="VitaleReportedDamaged"):
    """Declared on honour; the card works until its replacement is sent."""


class VitaleOpposed(Event, name="VitaleOpposed"):
    """Final: no event undoes it."""

    person_id: PersonId
    card_id: CardId
    declaration_id: DeclarationId | None
    reason: Reason
    opposed_at: AwareDatetime
    serial_proof: Cards[str] = Field(examples=[PROOF])


class VitaleReplacementOrdered(_Ordered, name="VitaleReplacementOrdered"):
    """A new card was asked for."""


class VitaleReplacementInProduction(_Moved, name="VitaleReplacementInProduction"):
    """The manufacturer makes it."""


class VitaleReplacementSent(_Moved, name="VitaleReplacementSent"):
    """It is in the post, and from now on the active card."""

    card_id: CardId
    serial: Cards[str] = Field(examples=["12345678901"])
    serial_proof: Cards[str] = Field(examples=[PROOF])


class VitaleReplacementDelivered(_Moved, name="VitaleReplacementDelivered"):
    """It arrived."""


class VitaleReplacementReturned(_Moved, name="VitaleReplacementReturned"):
    """The post brought it back."""


VitaleReported = VitaleReportedLost | VitaleReportedStolen | VitaleReportedDamaged
VitaleEvent = (
    VitaleIssued
    | VitaleReportedLost
    | VitaleReportedStolen
    | VitaleReportedDamaged
    | VitaleOpposed
    | VitaleReplacementOrdered
    | VitaleReplacementInProduction
    | VitaleReplacementSent
    | VitaleReplacementDelivered
    | VitaleReplacementReturned
)
