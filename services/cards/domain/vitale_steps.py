"""How far an order of a carte Vitale can come: the steps, and which may follow which."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Step(StrEnum):
    """Where an order stands."""

    ORDERED = "ordered"
    DOCUMENTS_RECEIVED = "documents_received"
    PHOTO_REJECTED = "photo_rejected"
    PHOTO_RESUBMITTED = "photo_resubmitted"
    VALIDATED = "validated"
    IN_PRODUCTION = "in_production"
    SENT = "sent"
    DELIVERED = "delivered"
    RETURNED = "returned"
    ADDRESS_CHECKED = "address_checked"
    CANCELLED = "cancelled"


TO_CHECK: Final = (Step.DOCUMENTS_RECEIVED, Step.PHOTO_RESUBMITTED)
"""An agent's turn."""
NOT_MADE: Final = (Step.ORDERED, Step.DOCUMENTS_RECEIVED, Step.PHOTO_REJECTED, Step.PHOTO_RESUBMITTED, Step.VALIDATED)
"""It can still be cancelled."""
OPEN: Final = (*NOT_MADE, Step.IN_PRODUCTION)
"""Its card does not exist yet."""
ENDED: Final = (Step.DELIVERED, Step.CANCELLED)

FOLLOWS: Final[Mapping[Step | None, frozenset[Step]]] = {
    None: frozenset({Step.ORDERED}),
    Step.ORDERED: frozenset({Step.DOCUMENTS_RECEIVED, Step.CANCELLED}),
    Step.DOCUMENTS_RECEIVED: frozenset({Step.VALIDATED, Step.PHOTO_REJECTED, Step.CANCELLED}),
    Step.PHOTO_REJECTED: frozenset({Step.PHOTO_RESUBMITTED, Step.CANCELLED}),
    Step.PHOTO_RESUBMITTED: frozenset({Step.VALIDATED, Step.PHOTO_REJECTED, Step.CANCELLED}),
    Step.VALIDATED: frozenset({Step.IN_PRODUCTION, Step.CANCELLED}),
    Step.IN_PRODUCTION: frozenset({Step.SENT, Step.CANCELLED}),
    Step.SENT: frozenset({Step.DELIVERED, Step.RETURNED}),
    Step.RETURNED: frozenset({Step.ADDRESS_CHECKED, Step.DELIVERED}),
    Step.ADDRESS_CHECKED: frozenset({Step.SENT, Step.DELIVERED}),
    Step.DELIVERED: frozenset(),
    Step.CANCELLED: frozenset(),
}
"""The declared lifecycle (domain reference §7): the conformance report holds every stream against it."""

PRESUMED_AFTER: Final = dt.timedelta(days=21)
"""From the sending to « présumée »."""
STALLED_AFTER: Final[Mapping[Step, dt.timedelta]] = {
    Step.ORDERED: dt.timedelta(days=15),
    Step.PHOTO_REJECTED: dt.timedelta(days=15),
    Step.DOCUMENTS_RECEIVED: dt.timedelta(days=3),
    Step.PHOTO_RESUBMITTED: dt.timedelta(days=3),
    Step.VALIDATED: dt.timedelta(days=5),
    Step.IN_PRODUCTION: dt.timedelta(days=14),
    Step.RETURNED: dt.timedelta(days=15),
    Step.ADDRESS_CHECKED: dt.timedelta(days=7),
}
"""How long an order may stand at a step before somebody is told."""

STEP_OF: Final[Mapping[str, Step]] = {
    "VitaleReplacementOrdered": Step.ORDERED,
    "VitaleDocumentsReceived": Step.DOCUMENTS_RECEIVED,
    "VitalePhotoRejected": Step.PHOTO_REJECTED,
    "VitalePhotoResubmitted": Step.PHOTO_RESUBMITTED,
    "VitaleReplacementValidated": Step.VALIDATED,
    "VitaleReplacementInProduction": Step.IN_PRODUCTION,
    "VitaleReplacementSent": Step.SENT,
    "VitaleReplacementResent": Step.SENT,
    "VitaleReplacementDelivered": Step.DELIVERED,
    "VitaleReplacementReturned": Step.RETURNED,
    "VitaleAddressChecked": Step.ADDRESS_CHECKED,
    "VitaleReplacementCancelled": Step.CANCELLED,
}
"""The step that an event leads an order to, by its stored name."""
