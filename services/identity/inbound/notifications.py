"""Notifications' events: an address that mail comes back from, a code that is on its way by post."""

import datetime as dt
from typing import Final

from services.identity.domain import account_commands as c
from services.identity.domain.ids import MemberId, ProvisionalCodeId
from services.identity.domain.provisional import RecordCodePosted
from shared.kernel import Erased, Issued
from shared.messaging import Delivered
from shared.reactions import Incoming, On, Reaction


class Bounced(Incoming):
    """Mail to a member's address comes back."""

    member_id: MemberId
    email: str | Erased


class Printed(Incoming):
    """A letter was given to the post; `about` is the code that it carries, if it carries one."""

    member_id: MemberId
    about: str | None = None


def note(event: Bounced, delivery: Delivered) -> list[Issued]:
    """The member is asked for another address."""
    if isinstance(event.email, Erased):
        return []
    command = c.NoteEmailBounced(at=delivery.recorded_at, email=event.email)
    return [Issued(f"account:{event.member_id}", command)]


def posted(event: Printed, delivery: Delivered) -> list[Issued]:
    """The member sees in his history that a code was sent to him."""
    if event.about is None:
        return []
    command = RecordCodePosted(at=delivery.recorded_at, code_id=ProvisionalCodeId(event.about))
    return [Issued(f"provisional:{event.member_id}", command)]


bounces: Final = Reaction(
    name="identity.bounces",
    source="notifications",
    since=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    handles={"AddressBounced": On(Bounced, note)},
)

letters: Final = Reaction(
    name="identity.letters",
    source="notifications",
    since=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    handles={"LetterPrinted": On(Printed, posted)},
)
