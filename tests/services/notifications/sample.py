"""Facts of one invented mailbox, as commands and events."""

import datetime as dt
import uuid
from typing import Any

from services.notifications.domain import commands as c
from services.notifications.domain import events as e
from services.notifications.domain.ids import MemberId, MessageId, Reference, SendingId

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
SENDING = SendingId(made("mail of the message"))
SENT = e.MessageSent(**OF_MESSAGE, sending_id=SENDING)
FAILED = e.MessageFailed(**OF_MESSAGE)
UNCERTAIN = e.MessageUncertain(**OF_MESSAGE)
RETURNED_MAIL = e.MessageBounced(**OF_MESSAGE)
BOUNCED = e.AddressBounced(at=LATER, member_id=MEMBER, email=EMAIL)

LINES = ("JEANNE OEILLET", "12 RUE DE L'EGLISE", "83000 TOULON")
POSTAL = e.PostalAddressLearned(at=AT, member_id=MEMBER, lines=LINES)
LETTER: dict[str, Any] = {**WANTED, "template": e.Template.ACCOUNT_CREATED}
LETTER_HELD = e.MessageHeld(**LETTER)
LETTER_REQUESTED = e.LetterRequested(**LETTER, to=LINES)
SPOOLED = e.LetterSpooled(**OF_MESSAGE, sending_id=SENDING, document="letter.v1", renderer="typst-1")
PRINTED = e.LetterPrinted(**OF_MESSAGE, sending_id=SENDING)
RETURNED = e.LetterReturned(**OF_MESSAGE)
READ = e.MessageRead(**OF_MESSAGE)

NEWS: dict[str, Any] = {
    "at": AT,
    "member_id": MEMBER,
    "message_id": MESSAGE,
    "cause_event_id": made("cause"),
    "reference": Reference("7KQ2-M4XD-9VTA"),
}
NOTED = e.PaymentNoted(**NEWS, due_at=AT)
NOTE_PAYMENT = c.NotePayment(**NEWS)
TELL_PAYMENTS = c.TellPayments(**OF_MESSAGE)
TOLD = e.MessageRequested(**{**WANTED, "at": LATER, "template": e.Template.PAYMENT_INFORMATION}, to=EMAIL)

REQUEST = c.RequestMessage(**WANTED)
NOTE_SENT = c.RecordMessageSent(**OF_MESSAGE, sending_id=SENDING)
NOTE_FAILED = c.RecordMessageFailed(**OF_MESSAGE)
NOTE_UNCERTAIN = c.RecordMessageUncertain(**OF_MESSAGE)
NOTE_BOUNCED = c.RecordMessageBounced(**OF_MESSAGE)
REQUEST_LETTER = c.RequestMessage(**LETTER)
NOTE_SPOOLED = c.RecordLetterSpooled(**OF_MESSAGE, sending_id=SENDING, document="letter.v1", renderer="typst-1")
NOTE_PRINTED = c.RecordLetterPrinted(**OF_MESSAGE, sending_id=SENDING)
NOTE_RETURNED = c.RecordLetterReturned(**OF_MESSAGE)


def learn(email: str = EMAIL, *, confirmed: bool = True, at: dt.datetime = AT) -> c.LearnAddress:
    return c.LearnAddress(at=at, member_id=MEMBER, email=email, confirmed=confirmed)


def learn_postal(lines: tuple[str, ...] = LINES, *, at: dt.datetime = AT) -> c.LearnPostalAddress:
    return c.LearnPostalAddress(at=at, member_id=MEMBER, lines=lines)


def choose(*unwanted: e.Topic) -> c.ChoosePreferences:
    return c.ChoosePreferences(at=LATER, member_id=MEMBER, unwanted=frozenset(unwanted))


def read_messages(*message_ids: MessageId) -> c.ReadMessages:
    return c.ReadMessages(at=LATER, member_id=MEMBER, message_ids=message_ids)
