"""What happens when a person is forgotten, and what keeps it from happening."""

import datetime as dt
from enum import StrEnum

from pydantic import AwareDatetime, Field

from services.identity.domain.ids import ErasureId, HoldId, PersonId
from services.identity.domain.register import Register
from services.identity.domain.retention import Kept
from shared.kernel import Event, Value, members


class RequestedBy(StrEnum):
    """Whose word it is."""

    MEMBER = "member"
    DESK = "desk"
    DEATH = "death"
    """Nobody's: the person died, and the time for his heirs is over."""


class CancelledBy(StrEnum):
    """Which way a request was taken back."""

    ACCOUNT = "account"
    LINK = "link"
    """Without signing in: somebody else may be in the account."""
    DESK = "desk"


class Dropped(Value):
    """What a service has dropped, and how many."""

    what: str
    count: int


class _OfPerson(Event):
    person_id: PersonId


class _OfErasure(_OfPerson):
    erasure_id: ErasureId


class ErasureRequested(_OfErasure, name="ErasureRequested"):
    """Until `due_at` it can be taken back."""

    reference: str = Field(examples=["EF-7KQ2-M4XD-9VTA"])
    by: RequestedBy
    due_at: AwareDatetime
    covered_until: Register[dt.date | None]


class ErasureCancelled(_OfErasure, name="ErasureCancelled"):
    """Nothing is erased."""

    by: CancelledBy


class PersonErased(_OfErasure, name="PersonErased"):
    """Decided for good: the keys of these classes are destroyed, and every service drops what it holds of them."""

    reference: str = Field(examples=["EF-7KQ2-M4XD-9VTA"])
    requested_at: AwareDatetime
    classes: tuple[str, ...]
    services: tuple[str, ...]
    kept: tuple[Kept, ...]


class ErasureConfirmed(_OfErasure, name="ErasureConfirmed"):
    """A service holds nothing of these classes any more."""

    service: str
    classes: tuple[str, ...]
    reached: tuple[Dropped, ...]


class ErasureCompleted(_OfErasure, name="ErasureCompleted"):
    """Every service has answered: the certificate says so."""


class PersonReturned(_OfErasure, name="PersonReturned"):
    """Somebody who was erased opens an account again: it is a new one, under new keys."""


class RetentionChanged(_OfErasure, name="RetentionChanged"):
    """The fund's cover ends on another day than was known, and with it what is kept."""

    kept: tuple[Kept, ...]


class RetentionEnded(_OfErasure, name="RetentionEnded"):
    """What the law kept is due: the keys of these classes are destroyed as well."""

    classes: tuple[str, ...]


class _OfHold(_OfPerson):
    hold_id: HoldId
    agent_id: str = Field(examples=["agent-17"])
    """Who has done this step."""


class LegalHoldRequested(_OfHold, name="LegalHoldRequested"):
    """An agent wants nothing of this person to be destroyed; another one has to say so, too."""

    case: str = Field(examples=["TJ Toulon 26/01234"])


class LegalHoldPlaced(_OfHold, name="LegalHoldPlaced"):
    """Two agents have said so: no key and no file of this person is destroyed until it is lifted."""


class LegalHoldWithdrawn(_OfHold, name="LegalHoldWithdrawn"):
    """It was asked for, and is not placed."""


class LegalHoldLiftRequested(_OfHold, name="LegalHoldLiftRequested"):
    """An agent wants it to end; another one has to say so, too."""


class LegalHoldLifted(_OfHold, name="LegalHoldLifted"):
    """It is over. What became due meanwhile is due now, unless another hold stands."""

    erasure_id: ErasureId | None
    due_at: AwareDatetime | None
    """When a request that waits is carried out."""
    kept: tuple[Kept, ...]
    """What of somebody who is erased is still to be destroyed."""


HoldEvent = LegalHoldRequested | LegalHoldPlaced | LegalHoldWithdrawn | LegalHoldLiftRequested | LegalHoldLifted
ErasureEvent = (
    ErasureRequested
    | ErasureCancelled
    | PersonErased
    | ErasureConfirmed
    | ErasureCompleted
    | PersonReturned
    | RetentionChanged
    | RetentionEnded
    | HoldEvent
)
ERASURE_EVENTS = members(ErasureEvent)
