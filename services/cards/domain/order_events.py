"""What happened to an order of a carte Vitale, from the declaration to the letter box."""

from pydantic import AwareDatetime, Field

from services.cards.domain.ids import CardId, DeclarationId, FileId, MemberId, OrderId, PersonId
from services.cards.domain.words import PROOF, Arrival, Cancellation, Cards, PhotoFault
from shared.kernel import Event


class _Ordered(Event):
    person_id: PersonId
    member_id: MemberId
    order_id: OrderId
    declaration_id: DeclarationId


class _Moved(_Ordered):
    happened_at: AwareDatetime
    """When, by the manufacturer's or the post's word; `at` is when we learned it."""


class VitaleReplacementOrdered(_Ordered, name="VitaleReplacementOrdered"):
    """A new card was asked for."""


class VitaleDocumentsReceived(_Ordered, name="VitaleDocumentsReceived"):
    """Photo and identity document, kept encrypted outside the log; the address on file was confirmed."""

    photo: Cards[FileId]
    identity_document: Cards[FileId]


class VitalePhotoRejected(_Ordered, name="VitalePhotoRejected"):
    """An agent saw why it can't be printed."""

    fault: PhotoFault


class VitalePhotoResubmitted(_Ordered, name="VitalePhotoResubmitted"):
    """Another photo, and another document where that one could not be read."""

    photo: Cards[FileId]
    identity_document: Cards[FileId]


class VitaleReplacementValidated(_Ordered, name="VitaleReplacementValidated"):
    """An agent found everything right: it goes to the manufacturer."""


class VitaleReplacementInProduction(_Moved, name="VitaleReplacementInProduction"):
    """The manufacturer makes it."""


class VitaleReplacementSent(_Moved, name="VitaleReplacementSent"):
    """It is in the post, and from now on the active card."""

    card_id: CardId
    serial: Cards[str] = Field(examples=["12345678901"])
    serial_proof: Cards[str] = Field(examples=[PROOF])


class VitaleReplacementDelivered(_Moved, name="VitaleReplacementDelivered"):
    """It arrived, or may be presumed to have."""

    arrival: Arrival = Arrival.POST


class VitaleReplacementReturned(_Moved, name="VitaleReplacementReturned"):
    """The post brought it back."""


class VitaleAddressChecked(_Ordered, name="VitaleAddressChecked"):
    """After a returned letter the address was confirmed: the card goes out again."""


class VitaleReplacementResent(_Moved, name="VitaleReplacementResent"):
    """The same card is in the post again."""


class VitaleReplacementCancelled(_Ordered, name="VitaleReplacementCancelled"):
    """No card will come of this order."""

    cause: Cancellation


class VitaleReplacementStalled(_Ordered, name="VitaleReplacementStalled"):
    """It has stood at one step for too long: whose turn it is says the step."""

    step: str = Field(examples=["validated"])
    since: AwareDatetime


class VitaleDocumentsPurged(_Ordered, name="VitaleDocumentsPurged"):
    """Photo and document are deleted (R161-33-9: three months after delivery at most)."""

    files: Cards[tuple[FileId, ...]]


VitaleOrderEvent = (
    VitaleReplacementOrdered
    | VitaleDocumentsReceived
    | VitalePhotoRejected
    | VitalePhotoResubmitted
    | VitaleReplacementValidated
    | VitaleReplacementInProduction
    | VitaleReplacementSent
    | VitaleReplacementDelivered
    | VitaleReplacementReturned
    | VitaleAddressChecked
    | VitaleReplacementResent
    | VitaleReplacementCancelled
    | VitaleReplacementStalled
    | VitaleDocumentsPurged
)
