"""Screen « Suivre la commande »: what happened, where is my new card, what comes next and when?"""

import datetime as dt
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime

from services.cards.domain import events as e
from services.cards.domain import order_events as o
from services.cards.domain.ids import DeclarationId, OrderId, PersonId
from services.cards.domain.words import Arrival, Cancellation, PhotoFault, Reason
from shared.kernel import Projection, Value, members

EARLIEST: Final = dt.timedelta(weeks=2)
LATEST: Final = dt.timedelta(weeks=3)
"""How long a new card takes, from the moment when photo and document are right to the letter box."""


class Stage(StrEnum):
    """What a timeline tells."""

    REPORTED = "reported"
    OPPOSED = "opposed"
    REQUESTED = "requested"
    DOCUMENTS_RECEIVED = "documents_received"
    PHOTO_REJECTED = "photo_rejected"
    PHOTO_RESUBMITTED = "photo_resubmitted"
    VALIDATED = "validated"
    IN_PRODUCTION = "in_production"
    SENT = "sent"
    DELIVERED = "delivered"
    RETURNED_UNDELIVERED = "returned_undelivered"
    ADDRESS_CHECKED = "address_checked"
    RESENT = "resent"
    CANCELLED = "cancelled"


NEXT: Final = {
    Stage.REPORTED: Stage.REQUESTED,
    Stage.OPPOSED: Stage.REQUESTED,
    Stage.REQUESTED: Stage.DOCUMENTS_RECEIVED,
    Stage.DOCUMENTS_RECEIVED: Stage.VALIDATED,
    Stage.PHOTO_REJECTED: Stage.PHOTO_RESUBMITTED,
    Stage.PHOTO_RESUBMITTED: Stage.VALIDATED,
    Stage.VALIDATED: Stage.IN_PRODUCTION,
    Stage.IN_PRODUCTION: Stage.SENT,
    Stage.SENT: Stage.DELIVERED,
    Stage.RETURNED_UNDELIVERED: Stage.ADDRESS_CHECKED,
    Stage.ADDRESS_CHECKED: Stage.RESENT,
    Stage.RESENT: Stage.DELIVERED,
}
BEFORE_AN_ORDER: Final = (Stage.REPORTED, Stage.OPPOSED)
WITHOUT_A_CARD: Final = tuple(Stage)[: tuple(Stage).index(Stage.SENT)]
"""As long as the new card does not exist, what happens to the old one belongs to the same story."""

_STAGES: Final = {
    "VitaleReplacementOrdered": Stage.REQUESTED,
    "VitaleDocumentsReceived": Stage.DOCUMENTS_RECEIVED,
    "VitalePhotoRejected": Stage.PHOTO_REJECTED,
    "VitalePhotoResubmitted": Stage.PHOTO_RESUBMITTED,
    "VitaleReplacementValidated": Stage.VALIDATED,
    "VitaleReplacementInProduction": Stage.IN_PRODUCTION,
    "VitaleReplacementSent": Stage.SENT,
    "VitaleReplacementResent": Stage.RESENT,
    "VitaleReplacementDelivered": Stage.DELIVERED,
    "VitaleReplacementReturned": Stage.RETURNED_UNDELIVERED,
    "VitaleAddressChecked": Stage.ADDRESS_CHECKED,
    "VitaleReplacementCancelled": Stage.CANCELLED,
}


class Passed(Value):
    """One line of the timeline."""

    stage: Stage
    at: AwareDatetime


class VitaleTracking(Value):
    """The last declaration of a person, and the order it led to."""

    person_id: PersonId
    declaration_id: DeclarationId
    reason: Reason
    order_id: OrderId | None = None
    timeline: tuple[Passed, ...] = ()
    expected_from: dt.date | None = None
    expected_until: dt.date | None = None
    stage: Stage = Stage.REPORTED
    """Where the order is; before there is one, what was told last."""
    next: Stage | None = None
    photo_fault: PhotoFault | None = None
    arrival: Arrival | None = None
    cancellation: Cancellation | None = None

    def passed(self, stage: Stage, at: dt.datetime) -> "VitaleTracking":
        """One line more. What happens to the old card says nothing of where the new one is."""
        stays = stage in BEFORE_AN_ORDER and self.stage not in BEFORE_AN_ORDER
        now = self.stage if stays else stage
        timeline = (*self.timeline, Passed(stage=stage, at=at))
        return self.model_copy(update={"timeline": timeline, "stage": now, "next": NEXT.get(now)})


def evolve(  # noqa: PLR0911 - one case per event
    tracking: VitaleTracking | None, event: e.VitaleEvent
) -> VitaleTracking | None:
    match event:
        case e.VitaleReportedLost():
            return _reported(tracking, event, Reason.LOST)
        case e.VitaleReportedStolen():
            return _reported(tracking, event, Reason.STOLEN)
        case e.VitaleReportedDamaged():
            return _reported(tracking, event, Reason.DAMAGED)
        case e.VitaleOpposed():
            mine = tracking is not None and tracking.declaration_id == event.declaration_id
            return tracking.passed(Stage.OPPOSED, event.opposed_at) if tracking and mine else tracking
        case o.VitaleReplacementOrdered():
            return _ordered(tracking, event)
        case (
            e.VitaleIssued()
            | e.VitaleUsedAfterOpposition()
            | e.VitaleUpdated()
            | e.VitaleUpdateDue()
            | e.VitaleResidenceNoticeGiven()
            | e.VitaleResidenceNoticeWithdrawn()
            | o.VitaleReplacementStalled()
            | o.VitaleDocumentsPurged()
        ):
            return tracking
        case _:
            return _moved(tracking, event)


def _reported(tracking: VitaleTracking | None, event: e.VitaleReported, reason: Reason) -> VitaleTracking:
    """A new story, unless the order of a damaged card is under way: its theft belongs to the same one."""
    if tracking and tracking.stage in WITHOUT_A_CARD:
        told = tracking.model_copy(update={"reason": reason, "declaration_id": event.declaration_id})
    else:
        told = VitaleTracking(person_id=event.person_id, declaration_id=event.declaration_id, reason=reason)
    return told.passed(Stage.REPORTED, event.at)


def _ordered(tracking: VitaleTracking | None, event: o.VitaleReplacementOrdered) -> VitaleTracking:
    assert tracking is not None, "an order follows a declaration"
    fresh = {"order_id": event.order_id, "cancellation": None, "photo_fault": None}
    return tracking.model_copy(update=fresh).passed(Stage.REQUESTED, event.at)


def _moved(tracking: VitaleTracking | None, event: o.VitaleOrderEvent) -> VitaleTracking | None:
    """News of an older order belong to a story that has ended."""
    if tracking is None or tracking.order_id != event.order_id:
        return tracking
    told = tracking.model_copy(update=_said(event))
    return told.passed(_STAGES[event.NAME], getattr(event, "happened_at", event.at))


def _said(event: o.VitaleOrderEvent) -> dict[str, object]:
    match event:
        case o.VitalePhotoRejected():
            return {"photo_fault": event.fault}
        case o.VitalePhotoResubmitted():
            return {"photo_fault": None}
        case o.VitaleReplacementValidated():
            return {"expected_from": (event.at + EARLIEST).date(), "expected_until": (event.at + LATEST).date()}
        case o.VitaleReplacementDelivered():
            return {"arrival": event.arrival}
        case o.VitaleReplacementCancelled():
            return {"cancellation": event.cause, "expected_from": None, "expected_until": None}
        case _:
            return {}


vitale_tracking = Projection(
    name="cards.vitale_tracking",
    screen="Suivre la commande",
    version=2,
    document=VitaleTracking,
    handles=members(e.VitaleEvent),
    key=lambda event: event.person_id,
    evolve=evolve,
)
