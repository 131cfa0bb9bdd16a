"""Facts of one invented mailbox, as commands and events."""

import datetime as dt
import uuid
from typing import Any

from services.notifications.domain import commands as c
from services.notifications.domain import events as e
from services.notifications.domain.ids import MemberId, MessageId, Reference

AT = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(minutes=5)


def made(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


MEMBER = MemberId(made("member"))
MESSAGE = MessageId(made("message"))
EMAIL, OTHER_EMAIL = "jeanne@example.org", "jeanne@example.com"

WANTED: dict[str, Any] = {
    "at": AT,
    "member_id": MEMBER,
    "message_id": MESSAGE,
    "template": e.Template.VITALE_SENT,
    "cause_event_id": made("cause"),
    "reference": Reference("7KQ2-M4XD-9VTA"),
    "params": {},
}
OF_MESSAGE: dict[str, Any] = {"at": LATER, "member_id": MEMBER, "message_id": MESSAGE}

LEARNED = e.AddressLearned(at=AT, member_id=MEMBER, email=EMAIL, confirmed=True)
UNCONFIRMED = e.AddressLearned(at=AT, member_id=MEMBER, email=EMAIL, confirmed=False)
HELD = e.MessageHeld(**WANTED)
REQUESTED = e.MessageRequested(**WANTED, to=EMAIL)
SENT = e.MessageSent(**OF_MESSAGE)
FAILED = e.MessageFailed(**OF_MESSAGE)

REQUEST = c.RequestMessage(**WANTED)
NOTE_SENT = c.RecordMessageSent(**OF_MESSAGE)
NOTE_FAILED = c.RecordMessageFailed(**OF_MESSAGE)


def learn(email: str = EMAIL, *, confirmed: bool = True, at: dt.datetime = AT) -> c.LearnAddress:
    return c.LearnAddress(at=at, member_id=MEMBER, email=email, confirmed=confirmed)
