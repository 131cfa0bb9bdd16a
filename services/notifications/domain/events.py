"""What happened in the mailbox of one member."""

from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import Field

from services.notifications.domain.ids import MemberId, MessageId, Reference
from shared.kernel import Erased, Event, Personal

T = TypeVar("T")
Messages = Annotated[T | Erased, Personal("messages", of="member_id")]


class Template(StrEnum):
    """What a message says. No kind of message holds an amount, a reason, a NIR or a name."""

    EMAIL_VALIDATION = "email-validation"
    ACCOUNT_OPENED = "account-opened"
    ACCOUNT_EXISTS = "account-exists"
    EMAIL_TAKEN = "email-taken"
    ONE_TIME_CODE = "one-time-code"
    VITALE_OPPOSED = "vitale-opposed"
    VITALE_DECLARED = "vitale-declared"
    VITALE_ORDERED = "vitale-ordered"
    VITALE_IN_PRODUCTION = "vitale-in-production"
    VITALE_SENT = "vitale-sent"
    VITALE_DELIVERED = "vitale-delivered"
    VITALE_RETURNED = "vitale-returned"


class _OfMember(Event):
    member_id: MemberId


class _OfMessage(_OfMember):
    message_id: MessageId


class _Wanted(_OfMessage):
    """Why there is a message, and what it says: ids, times, words of ours."""

    template: Template
    cause_event_id: str
    reference: Reference = Field(examples=["7KQ2-M4XD-9VTA"])
    params: dict[str, str]


class AddressLearned(_OfMember, name="AddressLearned"):
    """Where the member reads mail; confirmed once he has proved it."""

    email: Messages[str] = Field(examples=["jeanne@example.org"])
    confirmed: bool


class MessageHeld(_Wanted, name="MessageHeld"):
    """It is due, and no address is known yet: it goes out when one is."""


class MessageRequested(_Wanted, name="MessageRequested"):
    """It goes out, to the address of that moment."""

    to: Messages[str] = Field(examples=["jeanne@example.org"])


class MessageSent(_OfMessage, name="MessageSent"):
    """The mail relay took it."""


class MessageFailed(_OfMessage, name="MessageFailed"):
    """The mail relay refused it for good."""


MailboxEvent = AddressLearned | MessageHeld | MessageRequested | MessageSent | MessageFailed
