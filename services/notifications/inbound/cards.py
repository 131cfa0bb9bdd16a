"""Events of cards, and what members are told about them."""

from typing import Final

from services.notifications.domain.events import Template
from services.notifications.inbound.making import SINCE, OfMember, telling
from shared.reactions import On, Reaction

from_cards: Final = Reaction(
    name="notifications.cards",
    source="cards",
    since=SINCE,
    handles={
        "VitaleReportedLost": On(OfMember, telling(Template.VITALE_OPPOSED)),
        "VitaleReportedStolen": On(OfMember, telling(Template.VITALE_OPPOSED)),
        "VitaleReportedDamaged": On(OfMember, telling(Template.VITALE_DECLARED)),
        "VitaleReplacementOrdered": On(OfMember, telling(Template.VITALE_ORDERED)),
        "VitaleReplacementInProduction": On(OfMember, telling(Template.VITALE_IN_PRODUCTION)),
        "VitaleReplacementSent": On(OfMember, telling(Template.VITALE_SENT)),
        "VitaleReplacementDelivered": On(OfMember, telling(Template.VITALE_DELIVERED)),
        "VitaleReplacementReturned": On(OfMember, telling(Template.VITALE_RETURNED)),
    },
)
