"""Notifications' events: an address that mail comes back from."""

import datetime as dt
from typing import Final

from services.identity.domain import account_commands as c
from services.identity.domain.ids import MemberId
from shared.kernel import Erased, Issued
from shared.messaging import Delivered
from shared.reactions import Incoming, On, Reaction


class Bounced(Incoming):
    """Mail to a member's address comes back."""

    member_id: MemberId
    email: str | Erased


def note(event: Bounced, delivery: Delivered) -> list[Issued]:
    """The member is asked for another address."""
    if isinstance(event.email, Erased):
        return []
    command = c.NoteEmailBounced(at=delivery.recorded_at, email=event.email)
    return [Issued(f"account:{event.member_id}", command)]


bounces: Final = Reaction(
    name="identity.bounces",
    source="notifications",
    since=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    handles={"AddressBounced": On(Bounced, note)},
)
