"""What happens to an account once it stands: its code, address, sessions, terms, lock and end."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from services.identity.domain.ids import CredentialId, DeviceId, LinkId, MemberId, PersonId, SessionId
from services.identity.domain.register import Account
from shared.kernel import Event


class _OfAccount(Event):
    member_id: MemberId
    person_id: PersonId


class _Link(_OfAccount):
    """A link goes to the member's address. Its token is made when the mail is sent, and stands in no event."""

    link_id: LinkId
    expires_at: AwareDatetime


class CodeChanged(_OfAccount, name="CodeChanged"):
    """The member, signed in, has chosen another code."""

    credential_id: CredentialId


class CodeResetRequested(_Link, name="CodeResetRequested"):
    """Somebody who knows number and birth date has forgotten the code."""


class CodeReset(_OfAccount, name="CodeReset"):
    """Another code was chosen by that link."""

    credential_id: CredentialId


class AccountRecovered(_OfAccount, name="AccountRecovered"):
    """Somebody with a code on paper has opened a lost account again: another code, an address to be confirmed."""

    email: Account[str]
    previous: Account[str]
    credential_id: CredentialId
    cgu_version: str
    cgu_hash: str


CodeEvent = AccountRecovered | CodeChanged | CodeResetRequested | CodeReset


class EmailCorrected(_OfAccount, name="EmailCorrected"):
    """The address was mistyped, and is another one before any was confirmed."""

    email: Account[str]
    previous: Account[str]
    taken: bool = False
    """It is another member's."""


class EmailChangeRequested(_Link, name="EmailChangeRequested"):
    """The member wants to be written to elsewhere, and is to confirm it there."""

    email: Account[str] = Field(examples=["claire.lefevre@exemple.fr"])
    taken: bool = False
    """It is another member's: no link goes out. Who asked is shown the same, and who holds it is told."""


class EmailChanged(_OfAccount, name="EmailChanged"):
    """The member reads mail at the new address; the one before is told."""

    email: Account[str]
    previous: Account[str]


class EmailBounced(_OfAccount, name="EmailBounced"):
    """Mail to the address comes back: the member is asked for another."""

    email: Account[str]


EmailEvent = EmailCorrected | EmailChangeRequested | EmailChanged | EmailBounced


class EndReason(StrEnum):
    """Why sessions end without their member leaving."""

    REVOKED = "revoked"
    CODE_CHANGED = "code-changed"
    LOCKED = "locked"
    CLOSED = "closed"


class SessionsEnded(_OfAccount, name="SessionsEnded"):
    """These sessions open nothing any more."""

    session_ids: tuple[SessionId, ...]
    reason: EndReason


class DeviceForgotten(_OfAccount, name="DeviceForgotten"):
    """The next sign-in from this browser takes a second factor again."""

    device_id: DeviceId


class SignInsLocked(_Link, name="SignInsLocked"):
    """Too many wrong tries from devices that are not known: all of these are shut out; the link lets them in again."""


class SignInsReopened(_OfAccount, name="SignInsReopened"):
    """The member has followed that link."""

    link_id: LinkId


SessionEvent = SessionsEnded | DeviceForgotten | SignInsLocked | SignInsReopened


class LockReason(StrEnum):
    """Why an account opens for nobody."""

    CONTESTED = "contested"
    DESK = "desk"


class CloseReason(StrEnum):
    """Why an account ends."""

    MEMBER = "member"
    DESK = "desk"
    DEATH = "death"
    ERASURE = "erasure"
    """All that the account held is erased."""


class TermsAccepted(_OfAccount, name="TermsAccepted"):
    """A newer version of the general terms was accepted."""

    cgu_version: str
    cgu_hash: str


class AccountLocked(_OfAccount, name="AccountLocked"):
    """It opens for nobody until the desk has looked at it."""

    reason: LockReason


class AccountUnlocked(_OfAccount, name="AccountUnlocked"):
    """The desk has found out whose it is."""


class AccountClosed(_OfAccount, name="AccountClosed"):
    """It is over."""

    reason: CloseReason


LifeEvent = TermsAccepted | AccountLocked | AccountUnlocked | AccountClosed
