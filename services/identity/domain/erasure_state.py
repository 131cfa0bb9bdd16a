"""What the rules about forgetting a person need to know."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from pydantic import AwareDatetime, Field

from services.identity.domain.ids import ErasureId, HoldId
from services.identity.domain.retention import Kept
from shared.kernel import Erased, Value


class Status(StrEnum):
    """How far it is."""

    NONE = "none"
    REQUESTED = "requested"
    ERASED = "erased"
    """Decided; not every service has answered yet."""
    COMPLETED = "completed"


class HoldStatus(StrEnum):
    """How far a legal hold is; one that is lifted or withdrawn is not remembered."""

    REQUESTED = "requested"
    PLACED = "placed"
    LIFT_REQUESTED = "lift-requested"


class Hold(Value):
    """`agent_id` has asked for the step that another one has to approve."""

    status: HoldStatus
    agent_id: str

    @property
    def stands(self) -> bool:
        """Whether it keeps everything from being destroyed."""
        return self.status is not HoldStatus.REQUESTED


class Erasure(Value):
    """Only what the rules need to decide."""

    status: Status = Status.NONE
    erasure_id: ErasureId | None = None
    reference: str = ""
    requested_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    covered_until: dt.date | Erased | None = None
    cancelled: frozenset[ErasureId] = frozenset()
    services: frozenset[str] = frozenset()
    confirmed: frozenset[tuple[tuple[str, ...], str]] = frozenset()
    """(classes, service) of the answers so far."""
    returned_at: AwareDatetime | None = None
    """When he came back, after having been erased."""
    kept: tuple[Kept, ...] = ()
    """What is still to be destroyed."""
    holds: Mapping[HoldId, Hold] = Field(default_factory=dict)
    over: frozenset[HoldId] = frozenset()

    @property
    def held(self) -> bool:
        """Whether a legal hold stands."""
        return any(hold.stands for hold in self.holds.values())

    @property
    def is_erased(self) -> bool:
        """Whether there is nobody left who could have an account, until he comes back."""
        return self.status in {Status.ERASED, Status.COMPLETED}
