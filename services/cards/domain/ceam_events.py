"""What happened to the European cards of one person."""

import datetime as dt

from pydantic import AwareDatetime, Field

from services.cards.domain.ids import CardId, CertificateId, FileId, MemberId, OrderId, PersonId
from services.cards.domain.words import Arrival, Cancellation, Cards
from shared.kernel import Event


class _OfPerson(Event):
    person_id: PersonId
    member_id: MemberId


class _OfOrder(_OfPerson):
    order_id: OrderId


class _Moved(_OfOrder):
    happened_at: AwareDatetime


class _OfCard(_OfPerson):
    card_id: CardId


class CeamOrdered(_OfOrder, name="CeamOrdered"):
    """A European card was asked for, for a beneficiary."""

    country: Cards[str | None] = Field(examples=["IT"])
    departure_on: Cards[dt.date | None]
    certificate_advised: bool
    """The departure is too near for the post."""
    valid_until: Cards[dt.date | None]
    """The end of the rights, where the register names one: no card goes beyond it."""


class CeamInProduction(_Moved, name="CeamInProduction"):
    """The manufacturer makes it."""


class CeamSent(_Moved, name="CeamSent"):
    """It is in the post, and good from now on."""

    card_id: CardId
    number: Cards[str] = Field(examples=["80250000000000000001"])
    expires_on: dt.date


class CeamResent(_Moved, name="CeamResent"):
    """It is in the post again."""


class CeamDelivered(_Moved, name="CeamDelivered"):
    """It arrived, or may be presumed to have."""

    arrival: Arrival


class CeamReturned(_Moved, name="CeamReturned"):
    """The post brought it back."""


class CeamAddressChecked(_OfOrder, name="CeamAddressChecked"):
    """After a returned letter the address was confirmed: the card goes out again."""


class CeamStalled(_OfOrder, name="CeamStalled"):
    """It has stood at one step for too long: whose turn it is says the step."""

    step: str = Field(examples=["requested"])
    since: AwareDatetime


class CeamCancelled(_OfOrder, name="CeamCancelled"):
    """No card will come of this order."""

    cause: Cancellation


class CeamReplaced(_OfCard, name="CeamReplaced"):
    """A renewed card takes over."""


class CeamReportedLost(_OfCard, name="CeamReportedLost"):
    """Final: a card that is found is destroyed."""

    happened_on: dt.date


class CeamReportedStolen(_OfCard, name="CeamReportedStolen"):
    """Final: a card that is found is destroyed."""

    happened_on: dt.date


class CeamExpiryNear(_OfCard, name="CeamExpiryNear"):
    """A month before its last day the holder is reminded."""

    expires_on: dt.date


class CeamExpired(_OfCard, name="CeamExpired"):
    """Its last day is over."""


class CeamRightsEnded(_OfCard, name="CeamRightsEnded"):
    """The rights ended, and the card with them."""


class CeamCertificateIssued(_OfPerson, name="CeamCertificateIssued"):
    """A provisional replacement certificate; the document is kept under its SHA-256."""

    certificate_id: CertificateId
    valid_from: dt.date
    valid_until: dt.date
    document: Cards[FileId]
    template_version: int
    renderer: str = Field(examples=["typst-0.15"])


class CeamCertificateRevoked(_OfPerson, name="CeamCertificateRevoked"):
    """The rights ended before it did."""

    certificate_id: CertificateId


CeamOrderEvent = (
    CeamOrdered
    | CeamInProduction
    | CeamSent
    | CeamResent
    | CeamDelivered
    | CeamReturned
    | CeamAddressChecked
    | CeamStalled
    | CeamCancelled
)
CeamEvent = (
    CeamOrderEvent
    | CeamReplaced
    | CeamReportedLost
    | CeamReportedStolen
    | CeamExpiryNear
    | CeamExpired
    | CeamRightsEnded
    | CeamCertificateIssued
    | CeamCertificateRevoked
)
