"""An account of the staff: invited, joined, locked, limited. Nobody decides about his own."""

import datetime as dt
from typing import Final, assert_never

from pydantic import AwareDatetime

from services.console.domain import staff_commands as c
from services.console.domain import staff_events as e
from services.console.domain.ids import CredentialId, PersonId, SessionId, StaffId
from services.console.domain.words import Role
from shared.kernel import Decider, Erased, Value, require

LONGEST_MANDATE: Final = dt.timedelta(days=366)
SESSIONS: Final = 20
"""So many are remembered: those before have ended by themselves."""


class StaffAccount(Value):
    """Only what the rules need to decide, and those who ask whether somebody may."""

    staff_id: StaffId | None = None
    role: Role | None = None
    expires_at: AwareDatetime | None = None
    credential_id: CredentialId | None = None
    locked: bool = False
    mandate_until: AwareDatetime | None = None
    persons: tuple[PersonId, ...] = ()
    sessions: tuple[SessionId, ...] = ()

    def usable(self, now: dt.datetime) -> bool:
        """Whether the account opens now."""
        return self.credential_id is not None and not self.locked and not self.mandate_over(now)

    def mandate_over(self, now: dt.datetime) -> bool:
        """Whether an auditor may no longer look."""
        return self.role is Role.AUDITOR and (self.mandate_until is None or now >= self.mandate_until)


def decide(state: StaffAccount, command: c.StaffCommand) -> list[e.StaffEvent]:  # noqa: C901, PLR0911 - one case per command
    facts = command.model_dump()
    if not isinstance(command, c.InviteStaff):
        require(state.staff_id is not None, otherwise="staff-unknown")
    match command:
        case c.InviteStaff():
            require(state.staff_id is None, otherwise="staff-known")
            _check_mandate(command.role, command.mandate_until, command.at)
            return [e.StaffInvited(**facts)]
        case c.JoinStaff():
            require(state.credential_id is None, otherwise="invitation-used")
            require(state.expires_at is not None and command.at < state.expires_at, otherwise="invitation-expired")
            require(not state.locked, otherwise="staff-locked")
            return [e.StaffJoined(**facts)]
        case c.LockStaff():
            _by_another(command)
            return [] if state.locked else [e.StaffLocked(**facts)]
        case c.UnlockStaff():
            _by_another(command)
            return [e.StaffUnlocked(**facts)] if state.locked else []
        case c.SetMandate():
            _by_another(command)
            require(state.role is Role.AUDITOR, otherwise="mandate-for-auditors")
            _check_mandate(Role.AUDITOR, command.until, command.at)
            return [] if state.mandate_until == command.until else [e.MandateSet(**facts)]
        case c.NameOwnFiles():
            _by_another(command)
            return [] if state.persons == command.persons else [e.OwnFilesNamed(**facts)]
        case c.SignInStaff():
            require(state.usable(command.at), otherwise="sign-in-refused")
            return [e.StaffSignedIn(**facts)]
        case c.SignOutStaff(session_id=session_id):
            return [e.StaffSignedOut(**facts)] if session_id in state.sessions else []
        case c.EndStaffSessions():
            return [e.StaffSessionsEnded(**facts)] if state.sessions else []
        case c.ExhaustLookUps():
            return [e.LookUpsExhausted(**facts)]
        case _:
            assert_never(command)


def _by_another(command: c.LockStaff | c.UnlockStaff | c.SetMandate | c.NameOwnFiles) -> None:
    require(command.by != command.staff_id, otherwise="not-about-oneself")


def _check_mandate(role: Role, until: dt.datetime | None, now: dt.datetime) -> None:
    if role is not Role.AUDITOR:
        require(until is None, otherwise="mandate-for-auditors")
        return
    require(until is not None and now < until <= now + LONGEST_MANDATE, otherwise="mandate-invalid")


def evolve(state: StaffAccount, event: e.StaffEvent) -> StaffAccount:  # noqa: C901, PLR0911 - one case per event
    match event:
        case e.StaffInvited():
            facts = event.model_dump(include={"staff_id", "role", "expires_at", "mandate_until"})
            return StaffAccount.model_validate(facts)
        case e.StaffJoined(credential_id=credential_id):
            return state.model_copy(update={"credential_id": credential_id})
        case e.StaffLocked():
            return state.model_copy(update={"locked": True, "sessions": ()})
        case e.StaffUnlocked():
            return state.model_copy(update={"locked": False})
        case e.MandateSet(until=until):
            return state.model_copy(update={"mandate_until": until})
        case e.OwnFilesNamed(persons=persons):
            return state.model_copy(update={"persons": () if isinstance(persons, Erased) else persons})
        case e.StaffSignedIn(session_id=session_id):
            return state.model_copy(update={"sessions": (*state.sessions, session_id)[-SESSIONS:]})
        case e.StaffSignedOut(session_id=session_id):
            return state.model_copy(update={"sessions": tuple(one for one in state.sessions if one != session_id)})
        case e.StaffSessionsEnded():
            return state.model_copy(update={"sessions": ()})
        case e.LookUpsExhausted():
            return state
        case _:
            assert_never(event)


staff = Decider(category="staff", retention="staff", initial=StaffAccount(), decide=decide, evolve=evolve)
