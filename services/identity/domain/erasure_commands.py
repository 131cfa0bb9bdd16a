"""What can be asked about forgetting a person. Every outside fact (time, made ids) arrives in the command."""

import datetime as dt
from typing import Annotated

from pydantic import AwareDatetime, Field

from services.identity.domain.erasure_events import CancelledBy, Dropped, RequestedBy
from services.identity.domain.ids import ErasureId, HoldId, PersonId
from services.identity.domain.register import Register
from shared.kernel import Command, Made

Case = Annotated[str, Field(pattern=r"^[A-Za-zÀ-ÿ0-9][A-Za-zÀ-ÿ0-9 ./-]{0,39}$")]
"""A file's number, never a name."""


class _OfPerson(Command):
    person_id: PersonId


class RequestErasure(_OfPerson):
    """Forget the account and its messages at `due_at`."""

    erasure_id: Made[ErasureId]
    reference: Made[str]
    by: RequestedBy
    due_at: Made[AwareDatetime]
    covered_until: Annotated[Register[dt.date | None], Field(default=None)] = None


class CancelErasure(_OfPerson):
    """Take the request back."""

    erasure_id: ErasureId
    by: CancelledBy


class ErasePerson(_OfPerson):
    """The time to take it back is over."""

    erasure_id: ErasureId


class RecordErasureCompletion(_OfPerson):
    """A service has answered."""

    erasure_id: ErasureId
    service: str
    classes: tuple[str, ...]
    reached: tuple[Dropped, ...]


class ReturnPerson(_OfPerson):
    """Somebody who was erased has proved who he is, and wants an account."""


class RecordCover(_OfPerson):
    """The register says until when the fund covers the person; none: no end is known."""

    covered_until: Register[dt.date | None]


class EndRetention(_OfPerson):
    """What the law kept of a class is due."""

    erasure_id: ErasureId
    retention: str


class _OfHold(_OfPerson):
    hold_id: HoldId
    agent_id: str


class RequestLegalHold(_OfPerson):
    """Let nothing of this person be destroyed."""

    hold_id: Made[HoldId]
    agent_id: str
    case: Case


class ApproveLegalHold(_OfHold):
    """Another agent agrees."""


class WithdrawLegalHold(_OfHold):
    """It is not placed after all."""


class RequestLegalHoldLift(_OfHold):
    """Let it end."""


class ApproveLegalHoldLift(_OfHold):
    """Another agent agrees."""


HoldStep = ApproveLegalHold | WithdrawLegalHold | RequestLegalHoldLift | ApproveLegalHoldLift
HoldCommand = RequestLegalHold | ApproveLegalHold | WithdrawLegalHold | RequestLegalHoldLift | ApproveLegalHoldLift
ErasureCommand = (
    RequestErasure
    | CancelErasure
    | ErasePerson
    | RecordErasureCompletion
    | ReturnPerson
    | RecordCover
    | EndRetention
    | HoldCommand
)
