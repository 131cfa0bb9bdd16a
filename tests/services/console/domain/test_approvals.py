"""What takes two persons."""

import datetime as dt
from typing import Any

import pytest

from services.console.domain import approvals as a
from services.console.domain.ids import ApprovalId, PersonId, StaffId
from services.console.domain.words import Action, Role
from shared.testing.spec import Spec

NOW = dt.datetime(2026, 11, 29, 9, 0, tzinfo=dt.UTC)
ONE, TWO = StaffId("one"), StaffId("two")
ID: dict[str, Any] = {"at": NOW, "approval_id": ApprovalId("x")}
WHAT: dict[str, Any] = {"person_id": PersonId("p"), "facts": {"document": "passport"}, "ticket": ""}
REQUEST = a.RequestApproval(**ID, **WHAT, action=Action.FIRST_CODE, asked_by=ONE, role=Role.AGENT, reason="lost code")
REQUESTED = a.ApprovalRequested(
    **ID,
    **WHAT,
    action=Action.FIRST_CODE,
    asked_by=ONE,
    reason="lost code",
    period="2026-11",
    expires_at=NOW + dt.timedelta(hours=24),
)
GIVEN = a.ApprovalGiven(**ID, by=TWO, reason="seen it, too", period="2026-11")
REFUSED = a.ApprovalRefused(**ID, by=TWO, reason="seen it, too", period="2026-11")
USED = a.ApprovalUsed(**ID, period="2026-11")
USE = a.UseApproval(**ID)
asked = Spec(a.approval).given(REQUESTED)


def decide(by: StaffId = TWO, *, agreed: bool = True, role: Role = Role.AGENT, **more: Any) -> a.DecideApproval:
    return a.DecideApproval(**{**ID, **more}, by=by, role=role, agreed=agreed, reason="seen it, too")


def test_asked_for_by_one_decided_by_another_used_once() -> None:
    Spec(a.approval).when(REQUEST).then(REQUESTED)
    asked.when(decide()).then(GIVEN)
    asked.given(GIVEN).when(USE).then(USED)
    asked.given(GIVEN, USED).when(USE).rejected("approval-used")


def test_nobody_agrees_to_what_he_has_asked_for() -> None:
    asked.when(decide(ONE)).rejected("second-person-needed")


def test_who_has_asked_may_think_better_of_it() -> None:
    asked.when(decide(ONE, agreed=False)).then(REFUSED.model_copy(update={"by": ONE}))


def test_what_is_refused_is_over() -> None:
    asked.when(decide(agreed=False)).then(REFUSED)
    over = asked.given(REFUSED)
    over.when(decide()).rejected("approval-decided")
    over.when(USE).rejected("approval-missing")


def test_without_a_second_person_nothing_is_done() -> None:
    asked.when(USE).rejected("approval-missing")
    Spec(a.approval).when(USE).rejected("approval-unknown")
    asked.given(GIVEN).when(decide()).rejected("approval-decided")


def test_after_a_day_it_must_be_asked_for_again() -> None:
    late = NOW + dt.timedelta(hours=24)
    asked.when(decide(at=late)).rejected("approval-expired")
    asked.given(GIVEN).when(USE.model_copy(update={"at": late})).rejected("approval-expired")


@pytest.mark.parametrize(
    ("action", "asks", "decides"),
    [
        (Action.FIRST_CODE, {Role.AGENT}, {Role.AGENT, Role.SUPERVISOR}),
        (Action.SKIP_PARKED, {Role.OPERATIONS, Role.SUPERVISOR}, {Role.OPERATIONS, Role.SUPERVISOR}),
        (Action.LEGAL_HOLD, {Role.SUPERVISOR}, {Role.SUPERVISOR}),
        (Action.LIFT_LEGAL_HOLD, {Role.SUPERVISOR}, {Role.SUPERVISOR}),
    ],
)
def test_each_action_has_its_roles(action: Action, asks: set[Role], decides: set[Role]) -> None:
    requested = REQUESTED.model_copy(update={"action": action})
    for role in Role:
        asking = Spec(a.approval).when(REQUEST.model_copy(update={"action": action, "role": role}))
        deciding = Spec(a.approval).given(requested).when(decide(role=role))
        asking.then(requested) if role in asks else asking.rejected("role-refused")
        deciding.then(GIVEN) if role in decides else deciding.rejected("role-refused")
