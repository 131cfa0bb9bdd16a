"""What can be asked of the mailbox of one member."""

from pydantic import Field

from services.notifications.domain.events import Template
from services.notifications.domain.ids import MemberId, MessageId, Reference
from shared.kernel import Command


class _OfMember(Command):
    member_id: MemberId


class _OfMessage(_OfMember):
    message_id: MessageId


class LearnAddress(_OfMember):
    """Another service says where the member reads mail."""

    email: str
    confirmed: bool


class RequestMessage(_OfMessage):
    """Something happened that the member should know. `to`: that address alone, whatever the mailbox knows."""

    template: Template
    cause_event_id: str
    reference: Reference
    params: dict[str, str] = Field(default_factory=dict)
    to: str | None = None


class RecordMessageSent(_OfMessage):
    """The mail relay took it."""


class RecordMessageFailed(_OfMessage):
    """The mail relay refused it for good."""


MailboxCommand = LearnAddress | RequestMessage | RecordMessageSent | RecordMessageFailed
