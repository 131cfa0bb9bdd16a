"""What takes two persons: asked for, decided by another, used once by whoever carries it out."""

from collections.abc import Mapping

from services.console.acts.office import By, Office
from services.console.domain import approvals as a
from services.console.domain.ids import ApprovalId, PersonId
from services.console.domain.words import Action
from services.console.read_models.open_approvals import OpenApproval, open_approvals
from shared.command_handler import Answer
from shared.kernel import Rejected, require


async def ask(
    office: Office,
    by: By,
    action: Action,
    facts: Mapping[str, str],
    reason: str,
    *,
    ticket: str = "",
    person_id: str | None = None,
) -> ApprovalId:
    """Ask for a second person; `facts` say what is to be done, in codes and ids.

    Raises:
        Rejected: `role-refused`.
    """
    approval_id = ApprovalId(by.made("approval"))
    command = a.RequestApproval(
        at=office.clock.now(),
        approval_id=approval_id,
        action=action,
        person_id=PersonId(person_id) if person_id else None,
        facts=dict(facts),
        asked_by=by.staff_id,
        role=by.role,
        reason=reason,
        ticket=ticket,
    )
    await _handle(office, by, command)
    return approval_id


async def decide(office: Office, by: By, approval_id: str, reason: str, *, agreed: bool) -> Answer:
    """Agree, or not.

    Raises:
        Rejected: `second-person-needed`, `role-refused`, `approval-decided`, `approval-expired`, `approval-unknown`.
    """
    command = a.DecideApproval(
        at=office.clock.now(),
        approval_id=ApprovalId(approval_id),
        by=by.staff_id,
        role=by.role,
        agreed=agreed,
        reason=reason,
    )
    return await _handle(office, by, command)


async def given(office: Office, approval_id: str, action: Action) -> a.Approval:
    """A request that another has agreed to.

    Raises:
        Rejected: `approval-unknown`, `approval-missing`.
    """
    state: a.Approval = (await office.service.state(f"approval:{approval_id}"))[0]
    if state.request is None or state.request.action is not action:
        raise Rejected("approval-unknown")
    require(state.given_by is not None, otherwise="approval-missing")
    return state


async def use(office: Office, by: By, approval_id: str) -> Answer:
    """It is about to be carried out: nobody can carry it out again.

    Raises:
        Rejected: `approval-missing`, `approval-used`, `approval-expired`.
    """
    return await _handle(office, by, a.UseApproval(at=office.clock.now(), approval_id=ApprovalId(approval_id)))


async def waiting(office: Office) -> list[OpenApproval]:
    """What is open and has not expired, the oldest first."""
    now = office.clock.now()
    found = await office.queries.find(open_approvals)
    return sorted((one for one in found if now < one.expires_at), key=lambda one: one.asked_at)


async def _handle(office: Office, by: By, command: a.ApprovalCommand) -> Answer:
    stream = f"approval:{command.approval_id}"
    return await office.service.handle(stream, command, cmd=by.cmd, meta=by.meta(command.approval_id))
