"""« À deux »: what waits for a second person, or for being carried out. One document per request."""

from typing import assert_never

from pydantic import AwareDatetime

from services.console.domain import approvals as a
from services.console.domain.ids import ApprovalId, PersonId, StaffId
from services.console.domain.words import Access, Action
from shared.kernel import Projection, Value, members


class OpenApproval(Value):
    """Open until it is used or refused; an expired one says so itself."""

    approval_id: ApprovalId
    period: str
    action: Action
    person_id: PersonId | None
    facts: dict[str, str]
    asked_by: StaffId
    asked_at: AwareDatetime
    expires_at: AwareDatetime
    reason: Access[str]
    ticket: Access[str]
    given_by: StaffId | None = None


def evolve(one: OpenApproval | None, event: a.ApprovalEvent) -> OpenApproval | None:
    match event:
        case a.ApprovalRequested():
            facts = event.model_dump(exclude={"at"})
            return OpenApproval.model_validate({**facts, "asked_at": event.at})
        case a.ApprovalGiven(by=by):
            return one and one.model_copy(update={"given_by": by})
        case a.ApprovalRefused() | a.ApprovalUsed():
            return None
        case _:
            assert_never(event)


open_approvals = Projection(
    name="console.open_approvals",
    version=1,
    document=OpenApproval,
    handles=members(a.ApprovalEvent),
    key=lambda event: event.approval_id,
    evolve=evolve,
    indexes=("action",),
)
