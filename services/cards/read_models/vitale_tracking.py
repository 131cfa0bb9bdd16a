"""Screen « Suivre la commande »: what happened, where is my new card, what comes next and when?"""

import datetime as dt
from enum import StrEnum
from typing import Final, assert_never

from pydantic import AwareDatetime

from services.cards.domain import events as e
from services.cards.domain.ids import DeclarationId, OrderId, PersonId
from shared.kernel import Projection, Value, members

EARLIEST: Final = dt.timedelta(weeks=2)
LATEST: Final = dt.timedelta(weeks=3)
"""How long a new card takes, from the order to the letter box."""


class Stage(StrEnum):
    """What a timeline tells, in the order in which an order advances."""

    REPORTED = "reported"
    OPPOSED = "opposed"
    REQUESTED = "requested"
    IN_PRODUCTION = "in_production"
    SENT = "sent"
    DELIVERED = "delivered"
    RETURNED_UNDELIVERED = "returned_undelivered"


ORDER: Final = tuple(Stage)
NEXT: Final = {
    Stage.REPORTED: Stage.REQUESTED,
    Stage.OPPOSED: Stage.REQUESTED,
    Stage.REQUESTED: Stage.IN_PRODUCTION,
    Stage.IN_PRODUCTION: Stage.SENT,
    Stage.SENT: Stage.DELIVERED,
}


class Passed(Value):
    """One line of the timeline."""

    stage: Stage
    at: AwareDatetime


class VitaleTracking(Value):
    """The last declaration of a person, and the order it led to."""

    person_id: PersonId
    declaration_id: DeclarationId
    reason: e.Reason
    order_id: OrderId | None = None
    timeline: tuple[Passed, ...] = ()
    expected_from: dt.date | None = None
    expected_until: dt.date | None = None
    stage: Stage = Stage.REPORTED
    """Where it is: the furthest stage, whatever was told last."""
    next: Stage | None = None

    def passed(self, stage: Stage, at: dt.datetime) -> "VitaleTracking":
        """One line more."""
        furthest = max(self.stage, stage, key=ORDER.index)
        line = Passed(stage=stage, at=at)
        return self.model_copy(
            update={"timeline": (*self.timeline, line), "stage": furthest, "next": NEXT.get(furthest)}
        )


def evolve(  # noqa: C901, PLR0911 - one case per event
    tracking: VitaleTracking | None, event: e.VitaleEvent
) -> VitaleTracking | None:
    match event:
        case e.VitaleIssued():
            return tracking
        case e.VitaleReportedLost():
            return _reported(tracking, event, e.Reason.LOST)
        case e.VitaleReportedStolen():
            return _reported(tracking, event, e.Reason.STOLEN)
        case e.VitaleReportedDamaged():
            return _reported(tracking, event, e.Reason.DAMAGED)
        case e.VitaleOpposed():
            mine = tracking is not None and tracking.declaration_id == event.declaration_id
            return tracking.passed(Stage.OPPOSED, event.opposed_at) if tracking and mine else tracking
        case e.VitaleReplacementOrdered():
            return _ordered(tracking, event)
        case e.VitaleReplacementInProduction():
            return _moved(tracking, event, Stage.IN_PRODUCTION)
        case e.VitaleReplacementSent():
            return _moved(tracking, event, Stage.SENT)
        case e.VitaleReplacementDelivered():
            return _moved(tracking, event, Stage.DELIVERED)
        case e.VitaleReplacementReturned():
            return _moved(tracking, event, Stage.RETURNED_UNDELIVERED)
        case _:
            assert_never(event)


def _reported(tracking: VitaleTracking | None, event: e.VitaleReported, reason: e.Reason) -> VitaleTracking:
    """A new story, unless the order of a damaged card is under way: its theft belongs to the same one."""
    if tracking and ORDER.index(tracking.stage) < ORDER.index(Stage.SENT):
        told = tracking.model_copy(update={"reason": reason, "declaration_id": event.declaration_id})
    else:
        told = VitaleTracking(person_id=event.person_id, declaration_id=event.declaration_id, reason=reason)
    return told.passed(Stage.REPORTED, event.at)


def _ordered(tracking: VitaleTracking | None, event: e.VitaleReplacementOrdered) -> VitaleTracking:
    assert tracking is not None, "an order follows a declaration"
    change = {
        "order_id": event.order_id,
        "expected_from": (event.at + EARLIEST).date(),
        "expected_until": (event.at + LATEST).date(),
    }
    return tracking.model_copy(update=change).passed(Stage.REQUESTED, event.at)


def _moved(
    tracking: VitaleTracking | None,
    event: (
        e.VitaleReplacementInProduction
        | e.VitaleReplacementSent
        | e.VitaleReplacementDelivered
        | e.VitaleReplacementReturned
    ),
    stage: Stage,
) -> VitaleTracking | None:
    """News of an older order belong to a story that has ended."""
    current = tracking is not None and tracking.order_id == event.order_id
    return tracking.passed(stage, event.happened_at) if tracking and current else tracking


vitale_tracking = Projection(
    name="cards.vitale_tracking",
    version=1,
    document=VitaleTracking,
    handles=members(e.VitaleEvent),
    key=lambda event: event.person_id,
    evolve=evolve,
)
