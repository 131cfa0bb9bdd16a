"""What can be asked of the mailbox of one member."""

from pydantic import Field

from services.notifications.domain.events import Template, Topic
from services.notifications.domain.ids import MemberId, MessageId, Reference, SendingId
from shared.kernel import Command, Made


class _OfMember(Command):
    member_id: MemberId


class _OfMessage(_OfMember):
    message_id: MessageId


class LearnAddress(_OfMember):
    """Another service says where the member reads mail."""

    email: str
    confirmed: bool


class LearnPostalAddress(_OfMember):
    """Another service says what stands on an envelope: the name, then the address."""

    lines: tuple[str, ...]


class ChoosePreferences(_OfMember):
    """The member wants no mails of these topics, and those of all others."""

    unwanted: frozenset[Topic]


class RequestMessage(_OfMessage):
    """Something happened that the member should know. `to`: that address alone, whatever the mailbox knows."""

    template: Template
    cause_event_id: str
    reference: Reference
    params: dict[str, str] = Field(default_factory=dict)
    to: str | None = None


class NotePayment(_OfMessage):
    """Something was paid to the member, or for him to a professional."""

    cause_event_id: str
    reference: Reference


class TellPayments(_OfMessage):
    """The time has come to tell what was noted."""


class RecordMessageSent(_OfMessage):
    """The mail relay took it."""

    sending_id: Made[SendingId]


class RecordMessageFailed(_OfMessage):
    """The mail relay refused it for good."""


class RecordMessageUncertain(_OfMessage):
    """Nobody knows, and it does not go again."""


class RecordMessageBounced(_OfMessage):
    """It came back for good."""


class RecordLetterSpooled(_OfMessage):
    """It lies ready for the printer."""

    sending_id: Made[SendingId]
    document: Made[str]
    renderer: Made[str]


class RecordLetterPrinted(_OfMessage):
    """The printer's receipt."""

    sending_id: SendingId


class RecordLetterReturned(_OfMessage):
    """The post brought it back."""


class SettleFailure(_OfMessage):
    """An agent has seen to it."""


class ReadMessages(_OfMember):
    """The member opened these messages in his account."""

    message_ids: tuple[MessageId, ...]


class EmptyMailbox(_OfMember):
    """Forget the member: so many messages at a time."""


MailboxCommand = (
    LearnAddress
    | LearnPostalAddress
    | ChoosePreferences
    | RequestMessage
    | NotePayment
    | TellPayments
    | RecordMessageSent
    | RecordMessageFailed
    | RecordMessageUncertain
    | RecordMessageBounced
    | RecordLetterSpooled
    | RecordLetterPrinted
    | RecordLetterReturned
    | SettleFailure
    | ReadMessages
    | EmptyMailbox
)
