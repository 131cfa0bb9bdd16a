"""Legal holds: asked for by one supervisor, placed and lifted with another; the console records, identity holds."""

import datetime as dt
from typing import Final

from services.console.acts import finding, reading, two_persons
from services.console.acts.office import By, Office
from services.console.acts.operations import Why
from services.console.clients.lines import Lines
from services.console.domain import approvals as a
from services.console.domain.ids import ApprovalId
from services.console.domain.words import Action, Role
from services.console.read_models.open_approvals import open_approvals
from shared.kernel import Rejected

STEPS: Final = {Action.LEGAL_HOLD: "approval", Action.LIFT_LEGAL_HOLD: "lift/approval"}


async def ask(office: Office, lines: Lines, by: By, nir: str, birth_date: dt.date, case: str, why: Why) -> ApprovalId:
    """Ask that nothing of a person be destroyed; `case` is the number of the court's file.

    Raises:
        Rejected: `nobody-found`. Refused: `own-file`, `role-refused`. channel.Refused: `request-invalid`: no number.
    """
    by.needs(Role.SUPERVISOR)
    person_id, household = await finding.by_number(lines, by, nir, birth_date)
    await reading.not_his_own(office, by, person_id, household)
    hold_id = by.made("hold")
    facts = {"hold_id": hold_id, "case": case}
    approval_id = await two_persons.ask(
        office, by, Action.LEGAL_HOLD, facts, why.reason, ticket=why.ticket, person_id=person_id
    )
    await lines.retention.ask_hold(by.who, by.made("ask-hold"), person_id, hold_id, case)
    return approval_id


async def ask_lift(office: Office, lines: Lines, by: By, person_id: str, hold_id: str, why: Why) -> ApprovalId:
    """Ask that a hold end.

    Raises:
        Refused: `role-refused`. channel.Refused: `legal-hold-unknown`, `legal-hold-not-placed`.
    """
    by.needs(Role.SUPERVISOR)
    approval_id = await two_persons.ask(
        office, by, Action.LIFT_LEGAL_HOLD, {"hold_id": hold_id}, why.reason, ticket=why.ticket, person_id=person_id
    )
    await lines.retention.step(by.who, by.made("ask-lift"), person_id, hold_id, "lift")
    return approval_id


async def decide(office: Office, lines: Lines, by: By, approval_id: str, reason: str, *, agreed: bool) -> None:
    """Decide what another has asked for; a hold that two agree to is placed or lifted at once.

    Raises:
        Rejected: as two_persons.decide. channel.Refused, ServiceDown: agreed, and not carried out: `finish`.
    """
    await two_persons.decide(office, by, approval_id, reason, agreed=agreed)
    state: a.Approval = (await office.service.state(f"approval:{approval_id}"))[0]
    if state.request is None or state.request.action not in STEPS:
        return
    if agreed:
        await finish(office, lines, by, approval_id)
    elif state.request.action is Action.LEGAL_HOLD:
        person_id, hold_id = str(state.request.person_id), state.request.facts["hold_id"]
        await lines.retention.step(by.who, by.made("withdraw-hold"), person_id, hold_id, "withdrawal")


async def withdraw(office: Office, lines: Lines, by: By, person_id: str, hold_id: str, reason: str) -> None:
    """Take back a hold that was asked for, also where nobody decided in time. Safe to repeat.

    Raises:
        Refused: `role-refused`. Rejected: `approval-decided`: another has agreed.
        channel.Refused: `legal-hold-unknown`, `legal-hold-placed`.
    """
    by.needs(Role.SUPERVISOR)
    waiting = await office.queries.find(open_approvals, action=Action.LEGAL_HOLD.value)
    asked = next((one for one in waiting if one.facts.get("hold_id") == hold_id), None)
    if asked is not None:
        await two_persons.decide(office, by.part("refuse"), asked.approval_id, reason, agreed=False)
    await lines.retention.step(by.who, by.made("withdraw-hold"), person_id, hold_id, "withdrawal")


async def finish(office: Office, lines: Lines, by: By, approval_id: str) -> None:
    """Carry out what one has agreed to: again where identity did not answer. Safe to repeat.

    Raises:
        Rejected: `approval-unknown`, `approval-missing`, `second-person-needed`: another has agreed to it.
    """
    state: a.Approval = (await office.service.state(f"approval:{approval_id}"))[0]
    if state.request is None or state.request.action not in STEPS:
        raise Rejected("approval-unknown")
    request = (await two_persons.given(office, approval_id, state.request.action)).request
    assert request is not None
    if state.given_by != by.staff_id:
        raise Rejected("second-person-needed")
    step, person_id = STEPS[request.action], str(request.person_id)
    # identity first: what was agreed to and is not yet carried out must stay in the list
    await lines.retention.step(by.who, by.made("carry-out"), person_id, request.facts["hold_id"], step)
    if not state.closed:
        await two_persons.use(office, by.part("use"), approval_id)
