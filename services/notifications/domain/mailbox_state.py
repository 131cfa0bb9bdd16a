"""What the rules of a mailbox need to know, and what each event changes in it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, assert_never

from pydantic import AwareDatetime, Field

from services.notifications.domain import events as e
from services.notifications.domain.ids import MessageId
from shared.kernel import Erased, Value


class Status(StrEnum):
    """How far a message is."""

    HELD = "held"
    FILED = "filed"
    REQUESTED = "requested"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    BOUNCED = "bounced"
    SPOOLED = "spooled"
    PRINTED = "printed"
    RETURNED = "returned"


class Mailbox(Value):
    """Only what the rules need to decide."""

    email: str | Erased | None = None
    confirmed: bool = False
    bounced: bool = False
    """Mail to that address comes back."""
    postal: tuple[str, ...] | Erased | None = None
    unwanted: frozenset[e.Topic] = frozenset()
    messages: Mapping[MessageId, Status] = Field(default_factory=dict)
    recipients: Mapping[MessageId, str | Erased] = Field(default_factory=dict)
    """Where each mail went."""
    about: Mapping[MessageId, str] = Field(default_factory=dict)
    """Of a letter with a code, the code's id."""
    read: frozenset[MessageId] = frozenset()
    settled: frozenset[MessageId] = frozenset()
    held: tuple[e.MessageHeld, ...] = ()
    payments: e.PaymentNoted | None = None
    """What was paid and is not told yet."""
    payments_told_at: AwareDatetime | None = None
    erased: frozenset[MessageId] = frozenset()
    """Of a member who was forgotten: what becomes of them on their way is no news any more."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to forget."""
        return not self.messages and self.email is None and self.postal is None and not self.unwanted


def evolve(mailbox: Mailbox, event: e.MailboxEvent) -> Mailbox:
    return mailbox.model_copy(update=_changes(mailbox, event))


def _changes(mailbox: Mailbox, event: e.MailboxEvent) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 - one case per event
    match event:
        case e.AddressLearned(email=email, confirmed=confirmed):
            return {"email": email, "confirmed": confirmed, "bounced": False}
        case e.PostalAddressLearned(lines=lines):
            return {"postal": lines}
        case e.AddressBounced():
            return {"bounced": True}
        case e.PreferenceChanged(topic=topic, wanted=wanted):
            return {"unwanted": mailbox.unwanted - {topic} if wanted else mailbox.unwanted | {topic}}
        case e.PaymentNoted():
            return {"payments": event}
        case e.MessageHeld():
            return _wanted(mailbox, event, Status.HELD) | {"held": (*mailbox.held, event)}
        case e.MessageFiled():
            return _wanted(mailbox, event, Status.FILED)
        case e.MessageRequested(message_id=message_id, to=to):
            return _wanted(mailbox, event, Status.REQUESTED) | {"recipients": {**mailbox.recipients, message_id: to}}
        case e.LetterRequested(message_id=message_id, params=params):
            about = {**mailbox.about, message_id: params["code_id"]} if "code_id" in params else mailbox.about
            return _wanted(mailbox, event, Status.REQUESTED) | {"about": about}
        case e.FailureSettled(message_id=message_id):
            return {"settled": mailbox.settled | {message_id}}
        case e.MessageRead(message_id=message_id):
            return {"read": mailbox.read | {message_id}}
        case e.AddressForgotten(by_post=True):
            return {"postal": None}
        case e.AddressForgotten():
            gone: dict[str, Any] = {"email": None, "confirmed": False, "bounced": False, "unwanted": frozenset()}
            return gone | {"payments": None, "payments_told_at": None}
        case e.MessageErased(message_id=message_id):
            return _without(mailbox, message_id)
        case _:
            return {"messages": {**mailbox.messages, event.message_id: status_after(event)}}


def _without(mailbox: Mailbox, message_id: MessageId) -> dict[str, Any]:
    return {
        "messages": {one: status for one, status in mailbox.messages.items() if one != message_id},
        "recipients": {one: to for one, to in mailbox.recipients.items() if one != message_id},
        "held": tuple(one for one in mailbox.held if one.message_id != message_id),
        "read": mailbox.read - {message_id},
        "settled": mailbox.settled - {message_id},
        "erased": mailbox.erased | {message_id},
    }


def _wanted(mailbox: Mailbox, event: e.Wanted, status: Status) -> dict[str, Any]:
    held = tuple(one for one in mailbox.held if one.message_id != event.message_id)
    told = {"payments": None, "payments_told_at": event.at}
    changes = {"messages": {**mailbox.messages, event.message_id: status}, "held": held}
    return changes | told if event.template is e.Template.PAYMENT_INFORMATION else changes


def status_after(event: e.Ended) -> Status:  # noqa: PLR0911 - one case per event
    """How far a message is once this has happened to it."""
    match event:
        case e.MessageSent():
            return Status.SENT
        case e.MessageFailed():
            return Status.FAILED
        case e.MessageUncertain():
            return Status.UNCERTAIN
        case e.MessageBounced():
            return Status.BOUNCED
        case e.LetterSpooled():
            return Status.SPOOLED
        case e.LetterPrinted():
            return Status.PRINTED
        case e.LetterReturned():
            return Status.RETURNED
        case _:
            assert_never(event)
