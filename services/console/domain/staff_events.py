"""What happens to an account of the staff."""

from typing import Final

from pydantic import AwareDatetime

from services.console.domain.ids import CredentialId, PersonId, SessionId, StaffId
from services.console.domain.words import Role, Staff
from shared.kernel import Event, members


class _OfStaff(Event):
    staff_id: StaffId


class _ByAnother(_OfStaff):
    """Done by somebody who supervises; the first account of all is made from a shell."""

    by: StaffId | None
    reason: Staff[str]


class StaffInvited(_ByAnother, name="StaffInvited"):
    """Somebody may make himself an account until then. `login` is his and nobody else's."""

    login: Staff[str]
    role: Role
    mandate_until: AwareDatetime | None
    """An auditor's mandate ends by itself."""
    expires_at: AwareDatetime
    recovery: bool = False
    """From a shell, because no supervisor was left who could."""


class StaffJoined(_OfStaff, name="StaffJoined"):
    """He has chosen a code and set up the app that makes the other ones."""

    credential_id: CredentialId


class StaffLocked(_ByAnother, name="StaffLocked"):
    """Nothing opens the account, and its sessions are worth nothing."""


class StaffUnlocked(_ByAnother, name="StaffUnlocked"):
    """It opens again."""


class MandateSet(_ByAnother, name="MandateSet"):
    """Until when an auditor may look."""

    until: AwareDatetime


class OwnFilesNamed(_ByAnother, name="OwnFilesNamed"):
    """The files of himself and his relatives: he opens none of them. The whole list, each time."""

    persons: Staff[tuple[PersonId, ...]]


class StaffSignedIn(_OfStaff, name="StaffSignedIn"):
    """With his code, and one of the app."""

    session_id: SessionId


class StaffSignedOut(_OfStaff, name="StaffSignedOut"):
    """One session is over."""

    session_id: SessionId


class StaffSessionsEnded(_ByAnother, name="StaffSessionsEnded"):
    """All that were opened before are worth nothing."""


class LookUpsExhausted(_OfStaff, name="LookUpsExhausted"):
    """He has looked up as many files as one may in a day: supervisors are shown this."""

    limit: int


StaffEvent = (
    StaffInvited
    | StaffJoined
    | StaffLocked
    | StaffUnlocked
    | MandateSet
    | OwnFilesNamed
    | StaffSignedIn
    | StaffSignedOut
    | StaffSessionsEnded
    | LookUpsExhausted
)
STAFF_EVENTS: Final = members(StaffEvent)
