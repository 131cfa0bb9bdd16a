"""What happened in the mailbox of one member."""

from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import AwareDatetime, Field

from services.notifications.domain.ids import MemberId, MessageId, Reference, SendingId
from shared.kernel import Erased, Event, Personal

T = TypeVar("T")
Messages = Annotated[T | Erased, Personal("messages", of="member_id")]


class Template(StrEnum):
    """What a message says. No kind of message holds an amount, a reason, a NIR or a name."""

    EMAIL_VALIDATION = "email-validation"
    ACCOUNT_CREATED = "account-created"
    ACCOUNT_OPENED = "account-opened"
    ACCOUNT_EXISTS = "account-exists"
    EMAIL_TAKEN = "email-taken"
    ONE_TIME_CODE = "one-time-code"
    PROVISIONAL_CODE = "provisional-code"
    PROVISIONAL_CODE_DESK = "provisional-code-desk"
    """Printed at the desk, and given to whoever stands there."""
    CODE_HANDED_OVER = "code-handed-over"
    CODE_HANDED_OVER_LETTER = "code-handed-over-letter"
    CODE_RESET = "code-reset"
    CODE_CHANGED = "code-changed"
    EMAIL_CHANGE = "email-change"
    EMAIL_CHANGED = "email-changed"
    SIGN_INS_LOCKED = "sign-ins-locked"
    ACCOUNT_LOCKED = "account-locked"
    ACCOUNT_CLOSED = "account-closed"
    BANK_CHANGE_REQUESTED = "bank-change-requested"
    BANK_CHANGE_TOLD_BEFORE = "bank-change-told-before"
    """To the address before the current one."""
    BANK_CHANGE_LETTER = "bank-change-letter"
    BANK_CHANGE_CANCELLED = "bank-change-cancelled"
    BANK_CHANGE_STOPPED = "bank-change-stopped"
    BANK_DETAILS_CHANGED = "bank-details-changed"
    ADDRESS_CHANGED = "address-changed"
    ADDRESS_LETTER = "address-letter"
    """By post, to the address before."""
    ATTESTATION_REVOKED = "attestation-revoked"
    VITALE_OPPOSED = "vitale-opposed"
    VITALE_DECLARED = "vitale-declared"
    VITALE_ORDERED = "vitale-ordered"
    VITALE_IN_PRODUCTION = "vitale-in-production"
    VITALE_SENT = "vitale-sent"
    VITALE_DELIVERED = "vitale-delivered"
    VITALE_RETURNED = "vitale-returned"
    PAYMENT_INFORMATION = "payment-information"
    VITALE_PHOTO_REFUSED = "vitale-photo-refused"
    VITALE_VALIDATED = "vitale-validated"
    VITALE_WAITING = "vitale-waiting"
    VITALE_PRESUMED = "vitale-presumed"
    VITALE_CANCELLED = "vitale-cancelled"
    VITALE_MISUSED = "vitale-misused"
    VITALE_UPDATE = "vitale-update"
    VITALE_RIGHTS_ENDED = "vitale-rights-ended"
    VITALE_RESIDENCE = "vitale-residence"
    CEAM_ORDERED = "ceam-ordered"
    CEAM_SENT = "ceam-sent"
    CEAM_RETURNED = "ceam-returned"
    CEAM_DECLARED = "ceam-declared"
    CEAM_EXPIRING = "ceam-expiring"
    TRANSFER_RETURNED = "transfer-returned"
    REPORT_DECIDED = "report-decided"
    ERASURE_REQUESTED = "erasure-requested"
    ERASURE_LETTER = "erasure-letter"
    ERASURE_CANCELLED = "erasure-cancelled"
    CLAIM_PENDING = "claim-pending"
    CLAIM_REJECTED = "claim-rejected"
    STATEMENT_READY = "statement-ready"


class Topic(StrEnum):
    """What a member may do without, mail by mail: the rest he cannot switch off."""

    VITALE = "vitale-progress"
    PAYMENTS = "payments"


class Why(StrEnum):
    """Why a message stands in the account alone."""

    UNWANTED = "unwanted"
    UNREACHABLE = "unreachable"


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


class PostalAddressLearned(_OfMember, name="PostalAddressLearned"):
    """What stands on an envelope to him: his name, then the lines of the address."""

    lines: Messages[tuple[str, ...]] = Field(examples=[["JEANNE OEILLET", "12 RUE DE L'EGLISE", "83000 TOULON"]])


class AddressBounced(_OfMember, name="AddressBounced"):
    """Mail to the member's address comes back: he should give another. Until then notices go by post."""

    email: Messages[str] = Field(examples=["jeanne@example.org"])


class PreferenceChanged(_OfMember, name="PreferenceChanged"):
    """Whether the member wants mails of this topic; they stand in his account either way."""

    topic: Topic
    wanted: bool


class PaymentNoted(_OfMessage, name="PaymentNoted"):
    """A payment was made: the member is told of it, and of all that follow until then, at `due_at`."""

    cause_event_id: str
    reference: Reference = Field(examples=["7KQ2-M4XD-9VTA"])
    due_at: AwareDatetime


class MessageHeld(_Wanted, name="MessageHeld"):
    """It is due, and no address is known yet: it goes out when one is."""


class MessageFiled(_Wanted, name="MessageFiled"):
    """It stands in the account alone."""

    why: Why


class MessageRequested(_Wanted, name="MessageRequested"):
    """It goes out by mail, to the address of that moment."""

    to: Messages[str] = Field(examples=["jeanne@example.org"])


class LetterRequested(_Wanted, name="LetterRequested"):
    """It goes out by post, to the address of that moment."""

    to: Messages[tuple[str, ...]] = Field(examples=[["JEANNE OEILLET", "12 RUE DE L'EGLISE", "83000 TOULON"]])


class MessageSent(_OfMessage, name="MessageSent"):
    """The mail relay took it."""

    sending_id: SendingId | None = None
    """What its Message-ID begins with; events of the first days do not say it."""


class MessageFailed(_OfMessage, name="MessageFailed"):
    """The mail relay refused it for good, or the letter could not be made."""


class MessageUncertain(_OfMessage, name="MessageUncertain"):
    """Nobody can say whether the mail relay took it; as a reminder it does not go again."""


class MessageBounced(_OfMessage, name="MessageBounced"):
    """It came back."""


class LetterSpooled(_OfMessage, name="LetterSpooled"):
    """It lies ready for the printer, encrypted."""

    sending_id: SendingId
    document: str = Field(examples=["letter.v1"])
    renderer: str = Field(examples=["typst-0.15.2"])
    """Template and program that made the file."""


class LetterPrinted(_OfMessage, name="LetterPrinted"):
    """The printer gave it to the post: from now on nothing of it is kept in the spool."""

    sending_id: SendingId
    about: str | None = Field(default=None, examples=["0f1e2d3c-4b5a-4697-8877-665544332211"])
    """What the service that asked for the letter calls what it carries: the id of a code on paper."""


class LetterReturned(_OfMessage, name="LetterReturned"):
    """The post brought it back."""


class FailureSettled(_OfMessage, name="FailureSettled"):
    """An agent has seen to it that the member knows what a failed message was to tell."""


class MessageRead(_OfMessage, name="MessageRead"):
    """The member opened it in his account."""


class AddressForgotten(_OfMember, name="AddressForgotten"):
    """The member is forgotten: nothing goes to him this way any more, and what he chose for it is gone."""

    by_post: bool


class MessageErased(_OfMessage, name="MessageErased"):
    """The member is forgotten: it stands in no account any more."""


Wanted = MessageHeld | MessageFiled | MessageRequested | LetterRequested
Ended = MessageSent | MessageFailed | MessageUncertain | MessageBounced | LetterSpooled | LetterPrinted | LetterReturned
MailboxEvent = (
    AddressLearned
    | PostalAddressLearned
    | AddressBounced
    | PreferenceChanged
    | PaymentNoted
    | MessageHeld
    | MessageFiled
    | MessageRequested
    | LetterRequested
    | MessageSent
    | MessageFailed
    | MessageUncertain
    | MessageBounced
    | LetterSpooled
    | LetterPrinted
    | LetterReturned
    | FailureSettled
    | MessageRead
    | AddressForgotten
    | MessageErased
)
