"""Words of the trade that commands, events and screens share."""

from enum import StrEnum
from typing import Annotated, Final, TypeVar

from shared.kernel import Erased, Personal

T = TypeVar("T")
Cards = Annotated[T | Erased, Personal("cards")]

PROOF: Final = f"serial:v1:{'0' * 64}"
"""What a keyed hash of a serial number looks like."""


class Reason(StrEnum):
    """Why a card was put on opposition. For life: a card that is found again stays opposed."""

    LOST = "lost"
    STOLEN = "stolen"
    DAMAGED = "damaged"
    RIGHTS_ENDED = "rights_ended"


class PhotoFault(StrEnum):
    """Why an agent refuses a photo (R161-33-1: in colour, of the face, bare-headed, recent)."""

    NOT_A_FACE = "not_a_face"
    BLURRED = "blurred"
    HEAD_COVERED = "head_covered"
    OLD = "old"
    NOT_THE_HOLDER = "not_the_holder"
    DOCUMENT_UNREADABLE = "document_unreadable"


class Arrival(StrEnum):
    """How we know that a card has arrived."""

    POST = "post"
    HOLDER = "holder"
    FIRST_USE = "first_use"
    PRESUMED = "presumed"


class Cancellation(StrEnum):
    """Why an order came to nothing."""

    MEMBER = "member"
    AGENT = "agent"
    NO_PROGRESS = "no_progress"
    RIGHTS_ENDED = "rights_ended"
