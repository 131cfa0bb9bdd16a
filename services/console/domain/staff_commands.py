"""What can be asked about an account of the staff."""

from pydantic import AwareDatetime

from services.console.domain.ids import CredentialId, PersonId, SessionId, StaffId
from services.console.domain.words import Reason, Role
from shared.kernel import Command, Made


class _OfStaff(Command):
    staff_id: StaffId


class _ByAnother(_OfStaff):
    by: StaffId | None
    reason: Reason


class InviteStaff(_ByAnother):
    """Let somebody make himself an account."""

    login: str
    role: Role
    mandate_until: AwareDatetime | None
    expires_at: Made[AwareDatetime]
    recovery: bool = False


class JoinStaff(_OfStaff):
    """Take up an invitation."""

    credential_id: Made[CredentialId]


class LockStaff(_ByAnother):
    """Close an account."""


class UnlockStaff(_ByAnother):
    """Open it again."""


class SetMandate(_ByAnother):
    """Say until when an auditor may look."""

    until: AwareDatetime


class NameOwnFiles(_ByAnother):
    """Say which files are his own or of his relatives."""

    persons: tuple[PersonId, ...]


class SignInStaff(_OfStaff):
    """Open a session; code and app were right."""

    session_id: Made[SessionId]


class SignOutStaff(_OfStaff):
    """Close a session."""

    session_id: SessionId


class EndStaffSessions(_ByAnother):
    """Close all."""


class ExhaustLookUps(_OfStaff):
    """The day's look-ups are used up."""

    limit: int


StaffCommand = (
    InviteStaff
    | JoinStaff
    | LockStaff
    | UnlockStaff
    | SetMandate
    | NameOwnFiles
    | SignInStaff
    | SignOutStaff
    | EndStaffSessions
    | ExhaustLookUps
)
