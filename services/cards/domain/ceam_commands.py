"""What can be asked about the European cards of one person."""

import datetime as dt

from pydantic import AwareDatetime

from services.cards.domain.ceam_words import CardNumber, CeamRules, Step, Trip
from services.cards.domain.ids import CardId, CertificateId, FileId, MemberId, OrderId, PersonId
from services.cards.domain.words import Cancellation
from shared.kernel import Command, Made


class _OfPerson(Command):
    person_id: PersonId


class _OfOrder(_OfPerson):
    order_id: OrderId


class _News(_OfOrder):
    happened_at: AwareDatetime


class _ByMember(_OfPerson):
    """`today`, rules and rights are facts from outside: the member asks for none of them."""

    member_id: MemberId
    today: Made[dt.date]
    rules: Made[CeamRules]
    rights_to: Made[dt.date | None]


class _Report(_OfPerson):
    """`card_id` is the card the member saw."""

    member_id: MemberId
    card_id: CardId
    happened_on: dt.date
    today: Made[dt.date]


class OrderCeam(_ByMember):
    """A member asks for a card for a beneficiary."""

    order_id: Made[OrderId]
    trip: Trip


class CancelCeamOrder(_OfOrder):
    """Before the card is sent."""

    cause: Cancellation


class RecordCeamProduced(_News):
    """The manufacturer has begun."""


class RecordCeamSent(_News):
    """The manufacturer has posted a card of this number."""

    card_id: Made[CardId]
    number: CardNumber
    expires_on: dt.date


class RecordCeamDelivered(_News):
    """The post says so."""


class RecordCeamReturned(_News):
    """The post says so."""


class ConfirmCeamReceived(_OfOrder):
    """« Je l'ai reçue »."""


class PresumeCeamDelivered(_OfOrder):
    """Three weeks after the sending nothing came back."""


class CheckCeamAddress(_OfOrder):
    """After a returned letter the member says that the address on file is right (now)."""


class NoticeCeamStalled(_OfOrder):
    """It has stood there for too long; it holds while the order stands where it stood when the deadline was set."""

    step: Step
    since: AwareDatetime


class ReportCeamLost(_Report):
    """A member declares it."""


class ReportCeamStolen(_Report):
    """A member declares it."""


class RemindCeamExpiry(_OfPerson):
    """A month is left."""

    card_id: CardId


class ExpireCeam(_OfPerson):
    """Its last day is over."""

    card_id: CardId


class EndCeamRights(_OfPerson):
    """The register says that the rights ended on this day, the last one that was covered."""

    ended_on: dt.date


class IssueCeamCertificate(_ByMember):
    """A member needs cover before the card can be there. The document was made for these dates."""

    certificate_id: Made[CertificateId]
    trip: Trip
    document: Made[FileId]
    template_version: Made[int]
    renderer: Made[str]


CeamReport = ReportCeamLost | ReportCeamStolen
CeamCommand = (
    OrderCeam
    | CancelCeamOrder
    | RecordCeamProduced
    | RecordCeamSent
    | RecordCeamDelivered
    | RecordCeamReturned
    | ConfirmCeamReceived
    | PresumeCeamDelivered
    | CheckCeamAddress
    | NoticeCeamStalled
    | ReportCeamLost
    | ReportCeamStolen
    | RemindCeamExpiry
    | ExpireCeam
    | EndCeamRights
    | IssueCeamCertificate
)
