"""What can be asked about the cartes Vitale of one person."""

import datetime as dt
from typing import Annotated

from pydantic import AwareDatetime, StringConstraints

from services.cards.domain.ids import CardId, DeclarationId, MemberId, OrderId, PersonId
from services.cards.domain.serial import Serial
from shared.kernel import Command, Made

Place = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class _OfPerson(Command):
    person_id: PersonId


class _Report(_OfPerson):
    """`card_id` is the card the member saw: a late copy must not hit the next one."""

    member_id: MemberId
    card_id: CardId
    declaration_id: Made[DeclarationId]
    place: Place
    happened_on: dt.date
    declared_on_honour: bool


class _OfOrder(_OfPerson):
    order_id: OrderId
    happened_at: AwareDatetime


class RecordVitaleIssued(_OfPerson):
    """The fund's feed says that a person has this card."""

    card_id: Made[CardId]
    serial: Serial
    serial_proof: Made[str]
    issued_on: dt.date


class ReportVitaleLost(_Report):
    """A member declares it."""


class ReportVitaleStolen(_Report):
    """A member declares it."""


class ReportVitaleDamaged(_Report):
    """A member declares it."""


class OrderVitaleReplacement(_OfPerson):
    """What follows from a declaration."""

    member_id: MemberId
    declaration_id: DeclarationId
    order_id: OrderId


class RecordVitaleProduced(_OfOrder):
    """The manufacturer has begun."""


class RecordVitaleSent(_OfOrder):
    """The manufacturer has posted a card of this serial number."""

    card_id: Made[CardId]
    serial: Serial
    serial_proof: Made[str]


class RecordVitaleDelivered(_OfOrder):
    """The post says so."""


class RecordVitaleReturned(_OfOrder):
    """The post says so."""


VitaleReport = ReportVitaleLost | ReportVitaleStolen | ReportVitaleDamaged
VitaleCommand = (
    RecordVitaleIssued
    | ReportVitaleLost
    | ReportVitaleStolen
    | ReportVitaleDamaged
    | OrderVitaleReplacement
    | RecordVitaleProduced
    | RecordVitaleSent
    | RecordVitaleDelivered
    | RecordVitaleReturned
)
VitaleOfOrder = RecordVitaleProduced | RecordVitaleSent | RecordVitaleDelivered | RecordVitaleReturned
