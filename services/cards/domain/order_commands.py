"""What can be asked about an order of a carte Vitale."""

from pydantic import AwareDatetime

from services.cards.domain.ids import CardId, DeclarationId, FileId, MemberId, OrderId, PersonId
from services.cards.domain.serial import Serial
from services.cards.domain.vitale_steps import Step
from services.cards.domain.words import Cancellation, PhotoFault
from shared.kernel import Command, Made


class _OfOrder(Command):
    person_id: PersonId
    order_id: OrderId


class _News(_OfOrder):
    happened_at: AwareDatetime


class _AtStep(_OfOrder):
    """A deadline: it holds while the order stands where it stood when the deadline was set."""

    step: Step
    since: AwareDatetime


class OrderVitaleReplacement(_OfOrder):
    """What follows from a declaration; after a cancelled order, what the member asks for anew."""

    member_id: MemberId
    declaration_id: DeclarationId


class SubmitVitaleDocuments(_OfOrder):
    """The member sends photo and identity document, and confirms the address that the card goes to."""

    photo: FileId
    identity_document: FileId
    photo_is_recent: bool
    address_confirmed: bool


class ResubmitVitalePhoto(_OfOrder):
    """After a refusal: another photo, another document, or both."""

    photo: FileId | None
    identity_document: FileId | None
    photo_is_recent: bool


class ValidateVitaleDocuments(_OfOrder):
    """An agent found everything right."""


class RejectVitalePhoto(_OfOrder):
    """An agent refuses what was sent."""

    fault: PhotoFault


class CancelVitaleReplacement(_OfOrder):
    """Before anything is made."""

    cause: Cancellation


class RecordVitaleProduced(_News):
    """The manufacturer has begun."""


class RecordVitaleSent(_News):
    """The manufacturer has posted a card of this serial number."""

    card_id: Made[CardId]
    serial: Serial
    serial_proof: Made[str]


class RecordVitaleDelivered(_News):
    """The post says so."""


class RecordVitaleReturned(_News):
    """The post says so."""


class ConfirmVitaleReceived(_OfOrder):
    """« Je l'ai reçue »."""


class PresumeVitaleDelivered(_OfOrder):
    """Three weeks after the sending nothing came back."""


class CheckVitaleAddress(_OfOrder):
    """After a returned letter the member says that the address on file is right (now)."""


class NoticeVitaleStalled(_AtStep):
    """It has stood there for too long."""


class AbandonVitaleReplacement(_AtStep):
    """Six months without progress."""


class PurgeVitaleDocuments(_OfOrder):
    """Three months after its end."""


VitaleOfOrder = RecordVitaleProduced | RecordVitaleSent | RecordVitaleDelivered | RecordVitaleReturned
VitaleOrderCommand = (
    OrderVitaleReplacement
    | SubmitVitaleDocuments
    | ResubmitVitalePhoto
    | ValidateVitaleDocuments
    | RejectVitalePhoto
    | CancelVitaleReplacement
    | RecordVitaleProduced
    | RecordVitaleSent
    | RecordVitaleDelivered
    | RecordVitaleReturned
    | ConfirmVitaleReceived
    | PresumeVitaleDelivered
    | CheckVitaleAddress
    | NoticeVitaleStalled
    | AbandonVitaleReplacement
    | PurgeVitaleDocuments
)
