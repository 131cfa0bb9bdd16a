"""Events of cards, and what members are told about them."""

from typing import Final

from services.notifications.domain.events import Template
from services.notifications.domain.ids import MemberId
from services.notifications.inbound.making import SINCE, OfMember, message, telling
from shared.kernel import Issued
from shared.messaging import Delivered
from shared.reactions import Incoming, On, Reaction

MEMBERS_TURN: Final = frozenset({"ordered", "photo_rejected", "returned"})
"""Steps of an order that only the member can take further."""


class OfPerson(Incoming):
    """Something happened to a card, and nobody asked for it."""

    person_id: MemberId


class Opposed(OfPerson):
    """A card came to its end."""

    reason: str


class Arrived(OfMember):
    """An order came to its end, says the post, the holder, a first use or the calendar."""

    arrival: str = "post"


class Stalled(OfMember):
    """An order has stood at one step for too long."""

    step: str


def opposed(event: Opposed, delivery: Delivered) -> list[Issued]:
    """What the member declared he knows; the end of his rights he may not."""
    ended = event.reason == "rights_ended"
    return [message(event.person_id, Template.VITALE_RIGHTS_ENDED, delivery)] if ended else []


def arrived(event: Arrived, delivery: Delivered) -> list[Issued]:
    """Who has just said that he has it need not be told."""
    if event.arrival == "holder":
        return []
    presumed = event.arrival == "presumed"
    return [message(event.member_id, Template.VITALE_PRESUMED if presumed else Template.VITALE_DELIVERED, delivery)]


def stalled(event: Stalled, delivery: Delivered) -> list[Issued]:
    """What is our turn is our own business."""
    return [message(event.member_id, Template.VITALE_WAITING, delivery)] if event.step in MEMBERS_TURN else []


def misused(event: OfPerson, delivery: Delivered) -> list[Issued]:
    """The holder of the dead card should know."""
    return [message(event.person_id, Template.VITALE_MISUSED, delivery)]


from_cards: Final = Reaction(
    name="notifications.cards",
    source="cards",
    since=SINCE,
    handles={
        "VitaleReportedLost": On(OfMember, telling(Template.VITALE_OPPOSED)),
        "VitaleReportedStolen": On(OfMember, telling(Template.VITALE_OPPOSED)),
        "VitaleReportedDamaged": On(OfMember, telling(Template.VITALE_DECLARED)),
        "VitaleOpposed": On(Opposed, opposed),
        "VitaleUsedAfterOpposition": On(OfPerson, misused),
        "VitaleUpdateDue": On(OfMember, telling(Template.VITALE_UPDATE)),
        "VitaleResidenceNoticeGiven": On(OfMember, telling(Template.VITALE_RESIDENCE)),
        "VitaleReplacementOrdered": On(OfMember, telling(Template.VITALE_ORDERED)),
        "VitalePhotoRejected": On(OfMember, telling(Template.VITALE_PHOTO_REFUSED)),
        "VitaleReplacementValidated": On(OfMember, telling(Template.VITALE_VALIDATED)),
        "VitaleReplacementStalled": On(Stalled, stalled),
        "VitaleReplacementCancelled": On(OfMember, telling(Template.VITALE_CANCELLED)),
        "VitaleReplacementInProduction": On(OfMember, telling(Template.VITALE_IN_PRODUCTION)),
        "VitaleReplacementSent": On(OfMember, telling(Template.VITALE_SENT)),
        "VitaleReplacementResent": On(OfMember, telling(Template.VITALE_SENT)),
        "VitaleReplacementDelivered": On(Arrived, arrived),
        "VitaleReplacementReturned": On(OfMember, telling(Template.VITALE_RETURNED)),
        "CeamOrdered": On(OfMember, telling(Template.CEAM_ORDERED)),
        "CeamSent": On(OfMember, telling(Template.CEAM_SENT)),
        "CeamResent": On(OfMember, telling(Template.CEAM_SENT)),
        "CeamReturned": On(OfMember, telling(Template.CEAM_RETURNED)),
        "CeamReportedLost": On(OfMember, telling(Template.CEAM_DECLARED)),
        "CeamReportedStolen": On(OfMember, telling(Template.CEAM_DECLARED)),
        "CeamExpiryNear": On(OfMember, telling(Template.CEAM_EXPIRING)),
    },
)
