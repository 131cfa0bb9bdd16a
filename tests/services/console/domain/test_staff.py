"""Accounts of the staff: invited, joined, locked, limited; nobody decides about his own."""

import datetime as dt
from typing import Any

import pytest

from services.console.domain import staff_commands as c
from services.console.domain import staff_events as e
from services.console.domain.ids import CredentialId, PersonId, SessionId, StaffId
from services.console.domain.staff import staff
from services.console.domain.words import Role
from shared.testing.spec import Spec

NOW = dt.datetime(2026, 11, 29, 9, 0, tzinfo=dt.UTC)
ME, CHEF = StaffId("me"), StaffId("chef")
LATER = NOW + dt.timedelta(days=3)
BY: dict[str, Any] = {"by": CHEF, "reason": "a reason"}


def invited(role: Role = Role.AGENT, until: dt.datetime | None = None) -> e.StaffInvited:
    return e.StaffInvited(at=NOW, staff_id=ME, login="me", role=role, mandate_until=until, expires_at=LATER, **BY)


def invite(role: Role = Role.AGENT, until: dt.datetime | None = None) -> c.InviteStaff:
    return c.InviteStaff(at=NOW, staff_id=ME, login="me", role=role, mandate_until=until, expires_at=LATER, **BY)


JOINED = e.StaffJoined(at=NOW, staff_id=ME, credential_id=CredentialId("c"))
JOIN = c.JoinStaff(at=NOW, staff_id=ME, credential_id=CredentialId("c"))
SIGN_IN = c.SignInStaff(at=NOW, staff_id=ME, session_id=SessionId("s"))
SIGNED_IN = e.StaffSignedIn(at=NOW, staff_id=ME, session_id=SessionId("s"))
LOCK = c.LockStaff(at=NOW, staff_id=ME, **BY)
LOCKED = e.StaffLocked(at=NOW, staff_id=ME, **BY)
member = Spec(staff).given(invited(), JOINED)


def test_somebody_is_invited_and_joins() -> None:
    Spec(staff).when(invite()).then(invited())
    Spec(staff).given(invited()).when(JOIN).then(JOINED)


def test_an_invitation_is_good_once_and_for_a_while() -> None:
    member.when(JOIN).rejected("invitation-used")
    Spec(staff).given(invited()).when(JOIN.model_copy(update={"at": LATER})).rejected("invitation-expired")
    Spec(staff).given(invited(), LOCKED).when(JOIN).rejected("staff-locked")
    Spec(staff).given(invited()).when(invite()).rejected("staff-known")


def test_an_auditor_has_a_mandate_and_nobody_else() -> None:
    until = NOW + dt.timedelta(days=90)
    Spec(staff).when(invite(Role.AUDITOR, until)).then(invited(Role.AUDITOR, until))
    Spec(staff).when(invite(Role.AUDITOR)).rejected("mandate-invalid")
    Spec(staff).when(invite(Role.AUDITOR, NOW)).rejected("mandate-invalid")
    Spec(staff).when(invite(Role.AUDITOR, NOW + dt.timedelta(days=367))).rejected("mandate-invalid")
    Spec(staff).when(invite(Role.AGENT, until)).rejected("mandate-for-auditors")
    member.when(c.SetMandate(at=NOW, staff_id=ME, until=until, **BY)).rejected("mandate-for-auditors")


def test_a_mandate_that_is_over_opens_nothing_and_can_be_set_anew() -> None:
    until = NOW + dt.timedelta(days=1)
    auditor = Spec(staff).given(invited(Role.AUDITOR, until), JOINED)
    auditor.when(SIGN_IN).then(SIGNED_IN)
    over = SIGN_IN.model_copy(update={"at": until})
    auditor.when(over).rejected("sign-in-refused")
    anew = until + dt.timedelta(days=30)
    set_anew = c.SetMandate(at=until, staff_id=ME, until=anew, **BY)
    mandate = e.MandateSet(at=until, staff_id=ME, until=anew, **BY)
    auditor.when(set_anew).then(mandate)
    auditor.given(mandate).when(over).then(SIGNED_IN.model_copy(update={"at": until}))


def test_a_lock_ends_everything_until_it_is_lifted() -> None:
    unlock = c.UnlockStaff(at=NOW, staff_id=ME, **BY)
    unlocked = e.StaffUnlocked(at=NOW, staff_id=ME, **BY)
    member.when(LOCK).then(LOCKED)
    closed = member.given(SIGNED_IN, LOCKED)
    closed.when(LOCK).nothing()
    closed.when(SIGN_IN).rejected("sign-in-refused")
    assert staff.fold(closed.history).sessions == ()
    closed.when(unlock).then(unlocked)
    member.when(unlock).nothing()
    closed.given(unlocked).when(SIGN_IN).then(SIGNED_IN)


@pytest.mark.parametrize(
    "command",
    [
        c.LockStaff(at=NOW, staff_id=ME, by=ME, reason="why not"),
        c.UnlockStaff(at=NOW, staff_id=ME, by=ME, reason="why not"),
        c.SetMandate(at=NOW, staff_id=ME, by=ME, reason="why not", until=LATER),
        c.NameOwnFiles(at=NOW, staff_id=ME, by=ME, reason="why not", persons=()),
    ],
    ids=lambda command: type(command).__name__,
)
def test_nobody_decides_about_his_own_account(command: c.StaffCommand) -> None:
    member.when(command).rejected("not-about-oneself")


def test_an_account_that_does_not_exist_takes_nothing() -> None:
    for command in (JOIN, LOCK, SIGN_IN):
        Spec(staff).when(command).rejected("staff-unknown")


def test_sessions_end_one_by_one_or_all_at_once() -> None:
    out = c.SignOutStaff(at=NOW, staff_id=ME, session_id=SessionId("s"))
    signed = member.given(SIGNED_IN)
    signed.when(out).then(e.StaffSignedOut(at=NOW, staff_id=ME, session_id=SessionId("s")))
    member.when(out).nothing()
    end = c.EndStaffSessions(at=NOW, staff_id=ME, by=ME, reason="lost my telephone")
    signed.when(end).then(e.StaffSessionsEnded(at=NOW, staff_id=ME, by=ME, reason="lost my telephone"))
    member.when(end).nothing()


def test_own_files_are_named_as_a_whole() -> None:
    persons = (PersonId("p"),)
    named = e.OwnFilesNamed(at=NOW, staff_id=ME, persons=persons, **BY)
    command = c.NameOwnFiles(at=NOW, staff_id=ME, persons=persons, **BY)
    member.when(command).then(named)
    member.given(named).when(command).nothing()
    assert staff.fold(member.given(named).history).persons == persons


def test_used_up_look_ups_are_recorded() -> None:
    command = c.ExhaustLookUps(at=NOW, staff_id=ME, limit=60)
    member.when(command).then(e.LookUpsExhausted(at=NOW, staff_id=ME, limit=60))
