"""What was done to the services, by whom, why. One document per act."""

from pydantic import AwareDatetime

from services.console.domain.ids import StaffId
from services.console.domain.operations import Act, OperationId, OperationOrdered
from services.console.domain.words import Access
from shared.kernel import Projection, Value


class OperationDone(Value):
    """One act."""

    operation_id: OperationId
    period: str
    service: str
    act: Act
    target: str
    facts: dict[str, str]
    ordered_by: StaffId
    reason: Access[str]
    ticket: Access[str]
    at: AwareDatetime


def evolve(_: OperationDone | None, event: OperationOrdered) -> OperationDone:
    return OperationDone(**event.model_dump())


operations_done = Projection(
    name="console.operations_done",
    version=1,
    document=OperationDone,
    handles=(OperationOrdered,),
    key=lambda event: event.operation_id,
    evolve=evolve,
    indexes=("service,at",),
)
