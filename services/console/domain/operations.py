"""What operations have done to a service: recorded before the service is told. One stream per act."""

from enum import StrEnum
from typing import Final, NewType, assert_never

from services.console.domain.ids import StaffId
from services.console.domain.words import Access, Reason, Role, Ticket, period_of
from shared.kernel import Command, Decider, Event, members, require

OperationId = NewType("OperationId", str)
OPERATORS: Final = frozenset({Role.OPERATIONS, Role.SUPERVISOR})


class Act(StrEnum):
    """What was done."""

    PLAN = "plan"
    FILL = "fill"
    COMPARE = "compare"
    RECONCILE = "reconcile"
    PAUSE = "pause"
    CONTINUE = "continue"
    CANCEL = "cancel"
    THROTTLE = "throttle"
    FLIP = "flip"
    ROLL_BACK = "roll_back"
    RETRY = "retry"
    SKIP = "skip"


class OperationOrdered(Event, name="OperationOrdered"):
    """`target`: a read model, a job, a parked key; `facts`: how, in codes, ids and numbers."""

    operation_id: OperationId
    period: str
    service: str
    act: Act
    target: str
    facts: dict[str, str]
    ordered_by: StaffId
    reason: Access[str]
    ticket: Access[str]


class OrderOperation(Command):
    """Have it done."""

    operation_id: OperationId
    service: str
    act: Act
    target: str
    facts: dict[str, str]
    ordered_by: StaffId
    role: Role
    reason: Reason
    ticket: Ticket = ""


OPERATION_EVENTS: Final = members(OperationOrdered)


def decide(ordered: bool, command: OrderOperation) -> list[OperationOrdered]:  # noqa: FBT001 - a state
    require(command.role in OPERATORS, otherwise="role-refused")
    if ordered:
        return []  # the same form, sent twice
    facts = command.model_dump(exclude={"role"})
    return [OperationOrdered(**facts, period=period_of(command.at))]


def evolve(_: bool, event: OperationOrdered) -> bool:  # noqa: FBT001 - a state
    match event:
        case OperationOrdered():
            return True
        case _:
            assert_never(event)


operation = Decider(category="operation", retention="access", initial=False, decide=decide, evolve=evolve)
