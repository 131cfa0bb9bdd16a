"""Words, numbers and rules of the Carte Européenne d'Assurance Maladie (CEAM) that are agreed outside this service."""

import datetime as dt
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from services.cards.domain.ids import CertificateId
from shared.kernel import Value, require
from shared.numbers import number_of

NUMBER: Final = r"^80250[0-9]{15}$"
"""`80` + ISO numeric country 250 + issuer (10 in all) + 10 serial digits (Decision S2 of 12 June 2009)."""
CardNumber = Annotated[str, StringConstraints(pattern=NUMBER)]

LONGEST: Final = dt.timedelta(days=730)
"""Two years at most from issue, and never beyond the rights (VDD F34441)."""
CERTIFICATE: Final = dt.timedelta(days=90)
"""The provisional certificate holds three months, and never beyond the rights."""
CERTIFICATE_PREFIX: Final = "CP"


class CardStatus(StrEnum):
    """A European card, from its making to its end; every end is final."""

    ACTIVE = "active"
    EXPIRED = "expired"
    LOST = "lost"
    STOLEN = "stolen"
    RIGHTS_ENDED = "rights_ended"
    REPLACED = "replaced"


class Step(StrEnum):
    """How far an order has come."""

    REQUESTED = "requested"
    IN_PRODUCTION = "in_production"
    SENT = "sent"
    DELIVERED = "delivered"
    RETURNED = "returned"
    ADDRESS_CHECKED = "address_checked"
    CANCELLED = "cancelled"


CARD_FOLLOWS: Final[Mapping[CardStatus | None, frozenset[CardStatus]]] = {
    None: frozenset({CardStatus.ACTIVE}),
    CardStatus.ACTIVE: frozenset(CardStatus) - {CardStatus.ACTIVE},
    **dict.fromkeys(set(CardStatus) - {CardStatus.ACTIVE}, frozenset()),
}
ORDER_FOLLOWS: Final[Mapping[Step | None, frozenset[Step]]] = {
    None: frozenset({Step.REQUESTED}),
    Step.REQUESTED: frozenset({Step.IN_PRODUCTION, Step.CANCELLED}),
    Step.IN_PRODUCTION: frozenset({Step.SENT, Step.CANCELLED}),
    Step.SENT: frozenset({Step.DELIVERED, Step.RETURNED}),
    Step.RETURNED: frozenset({Step.ADDRESS_CHECKED, Step.SENT, Step.DELIVERED}),
    Step.ADDRESS_CHECKED: frozenset({Step.SENT, Step.DELIVERED}),
    Step.DELIVERED: frozenset(),
    Step.CANCELLED: frozenset(),
}
"""The declared lifecycles (domain reference §6): the conformance report holds every stream against them."""
PRESUMED_AFTER: Final = dt.timedelta(days=21)
"""From the sending on, where nobody says that it came back."""
STALLED_AFTER: Final[Mapping[Step, dt.timedelta]] = {
    Step.REQUESTED: dt.timedelta(days=10),
    Step.IN_PRODUCTION: dt.timedelta(days=14),
    Step.RETURNED: dt.timedelta(days=15),
    Step.ADDRESS_CHECKED: dt.timedelta(days=7),
}
"""How long an order may stand at a step: it is delivered in ten working days to 15 days."""
STEP_OF: Final[Mapping[str, Step]] = {
    "CeamOrdered": Step.REQUESTED,
    "CeamInProduction": Step.IN_PRODUCTION,
    "CeamSent": Step.SENT,
    "CeamResent": Step.SENT,
    "CeamDelivered": Step.DELIVERED,
    "CeamReturned": Step.RETURNED,
    "CeamAddressChecked": Step.ADDRESS_CHECKED,
    "CeamCancelled": Step.CANCELLED,
}
"""The step that an event leads an order to, by its stored name."""
OPEN: Final = (Step.REQUESTED, Step.IN_PRODUCTION)
ENDED: Final = (Step.DELIVERED, Step.CANCELLED)
ON_ITS_WAY: Final = (Step.SENT, Step.RETURNED, Step.ADDRESS_CHECKED)
"""A returned card may have been handed over at the desk."""


class CeamRules(Value):
    """What the fund's settings say."""

    countries: frozenset[str] = Field(min_length=1)
    """ISO codes of the states where the card is good; France is none of them."""
    days_before_departure: int = 15
    renewal_window_days: int = 90


class Trip(Value):
    """Where to, and when; both may be open."""

    country: str | None = None
    departure_on: dt.date | None = None
    posted_to: str | None = None
    """Country of the EEA to which the insured person is posted: there the S1 form holds, not the card."""


def check_trip(trip: Trip, rules: CeamRules, today: dt.date) -> None:
    """Whether a card is of use there.

    Raises:
        Rejected: it is not, and why.
    """
    if trip.country is not None:
        require(trip.country in rules.countries, otherwise="ceam-country-not-covered")
        require(trip.country != trip.posted_to, otherwise="ceam-posted-there")
    require(trip.departure_on is None or trip.departure_on >= today, otherwise="ceam-departure-past")


def too_late(trip: Trip, rules: CeamRules, today: dt.date) -> bool:
    """Whether the card may not arrive before the departure: a certificate holds the place."""
    return trip.departure_on is not None and trip.departure_on < today + dt.timedelta(days=rules.days_before_departure)


def normalise(text: str) -> str:
    """The twenty digits alone.

    Raises:
        Rejected: it is no number of a French card.
    """
    digits = re.sub(r"\s+", "", text)
    require(re.fullmatch(NUMBER, digits) is not None, otherwise="ceam-number-invalid")
    return digits


def certificate_number(certificate_id: CertificateId) -> str:
    """What is printed on a provisional certificate and read out."""
    return number_of(certificate_id, CERTIFICATE_PREFIX)
