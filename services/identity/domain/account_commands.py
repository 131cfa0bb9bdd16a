"""What can be asked of an account once it stands. Every outside fact (time, made ids) arrives in the command."""

from pydantic import AwareDatetime

from services.identity.domain.account_events import CloseReason, EndReason, LockReason
from services.identity.domain.ids import CredentialId, DeviceId, LinkId, SessionId
from services.identity.domain.register import Account
from shared.kernel import Command, Made


class ChangeCode(Command):
    """Take another code, the member being signed in: his other sessions end."""

    credential_id: Made[CredentialId]
    session_id: SessionId | None


class RequestCodeReset(Command):
    """Send a link that lets another code be chosen; one sent before no longer works."""

    link_id: Made[LinkId]
    link_expires_at: Made[AwareDatetime]


class ResetCode(Command):
    """Use that link."""

    link_id: LinkId
    credential_id: Made[CredentialId]


class RecoverAccount(Command):
    """Open a lost account again, who it is being proved by a code on paper."""

    email: Account[str]
    cgu_version: str
    cgu_hash: str
    credential_id: Made[CredentialId]
    link_id: Made[LinkId]
    link_expires_at: Made[AwareDatetime]
    taken: Made[bool] = False
    """The address is another member's."""


CodeCommand = RecoverAccount | ChangeCode | RequestCodeReset | ResetCode


class ChangeEmail(Command):
    """Be written to elsewhere: at once while nothing is confirmed, otherwise once it is confirmed there."""

    email: Account[str]
    link_id: Made[LinkId]
    link_expires_at: Made[AwareDatetime]
    taken: Made[bool] = False
    """The address is another member's."""


class NoteEmailBounced(Command):
    """Mail to this address comes back."""

    email: Account[str]


EmailCommand = ChangeEmail | NoteEmailBounced


class EndSessions(Command):
    """End these sessions, or all but the one named."""

    session_ids: tuple[SessionId, ...] = ()
    all_but: SessionId | None = None
    reason: EndReason = EndReason.REVOKED


class ForgetDevice(Command):
    """Ask for a second factor there again; its sessions end."""

    device_id: DeviceId


class LockSignIns(Command):
    """Tell that devices which are not known are shut out, and send a link that lets them in again."""

    link_id: Made[LinkId]
    link_expires_at: Made[AwareDatetime]


class ReopenSignIns(Command):
    """Use that link."""

    link_id: LinkId


SessionCommand = EndSessions | ForgetDevice | LockSignIns | ReopenSignIns


class AcceptTerms(Command):
    """Accept a newer version of the general terms."""

    cgu_version: str
    cgu_hash: str


class LockAccount(Command):
    """Let nobody in until the desk has looked at it."""

    reason: LockReason


class UnlockAccount(Command):
    """The desk knows whose it is."""


class CloseAccount(Command):
    """End the account."""

    reason: CloseReason


LifeCommand = AcceptTerms | LockAccount | UnlockAccount | CloseAccount

StandingCommand = CodeCommand | EmailCommand | SessionCommand | LifeCommand
