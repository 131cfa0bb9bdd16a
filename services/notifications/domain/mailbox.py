"""Mailbox of one member: every message is requested once, and waits for an address if none is known."""

from enum import StrEnum
from typing import assert_never

from pydantic import Field

from services.notifications.domain import commands as c
from services.notifications.domain import events as e
from services.notifications.domain.ids import MessageId
from shared.kernel import Decider, Erased, Value, require


class Status(StrEnum):
    """How far a message is."""

    HELD = "held"
    REQUESTED = "requested"
    SENT = "sent"
    FAILED = "failed"


class Mailbox(Value):
    """Only what the rules below need to decide."""

    email: str | Erased | None = None
    confirmed: bool = False
    messages: dict[MessageId, Status] = Field(default_factory=dict)
    held: tuple[e.MessageHeld, ...] = ()


def decide(mailbox: Mailbox, command: c.MailboxCommand) -> list[e.MailboxEvent]:  # noqa: PLR0911 - one case per command
    match command:
        case c.LearnAddress(email=email, confirmed=confirmed):
            known = mailbox.email == email and mailbox.confirmed >= confirmed
            if known or mailbox.confirmed > confirmed:
                return []  # an address that is proved gives way to another one that is proved
            learned = e.AddressLearned(at=command.at, member_id=command.member_id, email=email, confirmed=confirmed)
            return [learned, *(_requested(held.model_copy(update={"at": command.at}), email) for held in mailbox.held)]

        case c.RequestMessage():
            if command.message_id in mailbox.messages:
                return []
            to = command.to or mailbox.email
            message = e.MessageHeld(**command.model_dump(exclude={"to"}))
            require(not isinstance(to, Erased), otherwise="member-erased")
            return [message if to is None else _requested(message, to)]

        case c.RecordMessageSent():
            if _status(mailbox, command) is Status.SENT:
                return []
            require(_status(mailbox, command) is Status.REQUESTED, otherwise="message-not-under-way")
            return [e.MessageSent(**command.model_dump())]

        case c.RecordMessageFailed():
            if _status(mailbox, command) is Status.FAILED:
                return []
            require(_status(mailbox, command) is Status.REQUESTED, otherwise="message-not-under-way")
            return [e.MessageFailed(**command.model_dump())]

        case _:
            assert_never(command)


def _requested(message: e.MessageHeld, to: str | Erased) -> e.MessageRequested:
    return e.MessageRequested(**message.model_dump(), to=to)


def _status(mailbox: Mailbox, command: c.RecordMessageSent | c.RecordMessageFailed) -> Status:
    require(command.message_id in mailbox.messages, otherwise="message-unknown")
    return mailbox.messages[command.message_id]


def evolve(mailbox: Mailbox, event: e.MailboxEvent) -> Mailbox:
    match event:
        case e.AddressLearned():
            return mailbox.model_copy(update={"email": event.email, "confirmed": event.confirmed})
        case e.MessageHeld():
            return _with(mailbox, event, Status.HELD).model_copy(update={"held": (*mailbox.held, event)})
        case e.MessageRequested():
            held = tuple(one for one in mailbox.held if one.message_id != event.message_id)
            return _with(mailbox, event, Status.REQUESTED).model_copy(update={"held": held})
        case e.MessageSent():
            return _with(mailbox, event, Status.SENT)
        case e.MessageFailed():
            return _with(mailbox, event, Status.FAILED)
        case _:
            assert_never(event)


def _with(
    mailbox: Mailbox, event: e.MessageHeld | e.MessageRequested | e.MessageSent | e.MessageFailed, status: Status
) -> Mailbox:
    return mailbox.model_copy(update={"messages": {**mailbox.messages, event.message_id: status}})


mailbox = Decider(category="mailbox", retention="messages", initial=Mailbox(), decide=decide, evolve=evolve)
