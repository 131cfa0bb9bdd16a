"""The state of a member's account: only what its rules need to decide."""

import datetime as dt
from typing import Any, Final

from pydantic import AwareDatetime

from services.identity.domain.ids import CredentialId, DeviceId, LinkId, MemberId, PersonId, SessionId
from shared.kernel import Command, Erased, Value, require

LONGEST_SESSION: Final = dt.timedelta(hours=4)


class Link(Value):
    """The last link that was sent for one purpose; those before no longer work."""

    id: LinkId
    sent_at: AwareDatetime
    expires_at: AwareDatetime
    email: str | Erased = ""
    """The address that it is to prove."""


class Open(Value):
    """A session that may still be used."""

    session_id: SessionId
    at: AwareDatetime
    device_id: DeviceId | None = None


class Account(Value):
    """One member's."""

    member_id: MemberId | None = None
    person_id: PersonId | None = None
    credential_id: CredentialId | None = None
    opened_with: CredentialId | None = None
    """The first one: what contests the opening is derived from it."""
    email: str | Erased = ""
    validated: bool = False
    taken: bool = False
    """The address is another member's, so that this account holds none."""
    bounced: bool = False
    """Mail to that address comes back."""
    link: Link | None = None
    change: Link | None = None
    reset: Link | None = None
    reopening: Link | None = None
    noticed_at: AwareDatetime | None = None
    cgu_version: str = ""
    sessions: tuple[Open, ...] = ()
    locked: bool = False
    closed: bool = False

    @property
    def usable(self) -> bool:
        """Whether anybody may come in."""
        return self.member_id is not None and not self.locked and not self.closed

    def open_sessions(self, now: dt.datetime) -> tuple[Open, ...]:
        """Those that can't have ended by age."""
        return tuple(one for one in self.sessions if now - one.at < LONGEST_SESSION)


def whose(account: Account, command: Command) -> dict[str, Any]:
    """What every event of the account begins with."""
    require(account.member_id is not None, otherwise="account-unknown")
    return {"at": command.at, "member_id": account.member_id, "person_id": account.person_id}


def require_usable(link: Link | None, link_id: LinkId, now: dt.datetime) -> None:
    """Refuse a link that is not the newest, or that has expired."""
    require(link is not None and link.id == link_id, otherwise="link-replaced")
    require(link is not None and now < link.expires_at, otherwise="link-expired")
