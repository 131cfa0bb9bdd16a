"""For whom the members' edge asks a service."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Who:
    """For whom a service is asked."""

    session: str
    member_id: str | None = None
    access: str = "visitor"
    """What the session opens: `full`, or `email-pending` as long as the address is not confirmed."""
    auth_time: dt.datetime | None = None
    origin: str = ""
    """Prefix of the address that the browser came from."""
    device: tuple[str, str] | None = None
    """The browser's id and what it is called, said where somebody comes in."""

    person_id: str | None = None
    """Whom it is about, where that is not the member himself."""
    by_program: bool = False
    """A program of the member's asks, and no page."""

    def claims(self) -> Mapping[str, Any]:
        """What the token says of him."""
        return {
            "actor": self.member_id or "visitor",
            "actor_kind": "member" if self.member_id else "visitor",
            "acr": self.access,
            "member_id": self.member_id,
            "auth_time": self.auth_time,
            "session": self.session,
            "by_program": self.by_program,
        }

    def headers(self) -> Mapping[str, str]:
        """Where he comes from, and with which browser."""
        found = {"X-Origin": self.origin} if self.origin else {}
        return found | ({"X-Device": self.device[0], "X-Device-Name": self.device[1]} if self.device else {})

    @property
    def person(self) -> str:
        """The person whom it is about."""
        return self.person_id or self.member

    @property
    def member(self) -> str:
        """The member's id, which is also his person's."""
        assert self.member_id is not None, "asked for a visitor"
        return self.member_id
