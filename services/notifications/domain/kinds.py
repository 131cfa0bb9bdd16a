"""How each message goes out. A new message is one line here, its words under `templates`, and what asks for it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from services.notifications.domain.events import Template, Topic
from shared.kernel import Value


class Channel(StrEnum):
    """The way that a message takes; every message also stands in the account, under « Mes messages »."""

    MAIL = "mail"
    LETTER = "letter"


class Kind(Value):
    """What the rules know of a message."""

    channel: Channel = Channel.MAIL
    topic: Topic | None = None
    """The member may do without mails of this topic; None: the law or his safety asks for it."""
    secret: bool = False
    """It holds a link or a code, made when it is sent: its words stand nowhere else."""
    reminder: bool = False
    """Rather lost than sent twice, where nobody can say what the mail relay took."""


KINDS: Final[Mapping[Template, Kind]] = {
    Template.EMAIL_VALIDATION: Kind(secret=True),
    Template.ACCOUNT_CREATED: Kind(channel=Channel.LETTER, secret=True),
    Template.ACCOUNT_OPENED: Kind(),
    Template.ACCOUNT_EXISTS: Kind(),
    Template.EMAIL_TAKEN: Kind(),
    Template.ONE_TIME_CODE: Kind(secret=True),
    Template.PROVISIONAL_CODE: Kind(channel=Channel.LETTER, secret=True),
    Template.PROVISIONAL_CODE_DESK: Kind(channel=Channel.LETTER, secret=True),
    Template.CODE_HANDED_OVER: Kind(),
    Template.CODE_HANDED_OVER_LETTER: Kind(channel=Channel.LETTER),
    Template.CODE_RESET: Kind(secret=True),
    Template.CODE_CHANGED: Kind(),
    Template.EMAIL_CHANGE: Kind(secret=True),
    Template.EMAIL_CHANGED: Kind(),
    Template.SIGN_INS_LOCKED: Kind(secret=True),
    Template.ACCOUNT_LOCKED: Kind(),
    Template.ACCOUNT_CLOSED: Kind(),
    Template.BANK_CHANGE_REQUESTED: Kind(secret=True),
    Template.BANK_CHANGE_TOLD_BEFORE: Kind(secret=True),
    Template.BANK_CHANGE_LETTER: Kind(channel=Channel.LETTER),
    Template.BANK_CHANGE_CANCELLED: Kind(),
    Template.BANK_CHANGE_STOPPED: Kind(),
    Template.BANK_DETAILS_CHANGED: Kind(),
    Template.ADDRESS_CHANGED: Kind(),
    Template.ADDRESS_LETTER: Kind(channel=Channel.LETTER),
    Template.ATTESTATION_REVOKED: Kind(),
    Template.VITALE_OPPOSED: Kind(),
    Template.VITALE_DECLARED: Kind(),
    Template.VITALE_ORDERED: Kind(topic=Topic.VITALE),
    Template.VITALE_IN_PRODUCTION: Kind(topic=Topic.VITALE),
    Template.VITALE_SENT: Kind(),
    Template.VITALE_DELIVERED: Kind(topic=Topic.VITALE),
    Template.VITALE_RETURNED: Kind(),
    Template.PAYMENT_INFORMATION: Kind(topic=Topic.PAYMENTS, reminder=True),
    Template.VITALE_PHOTO_REFUSED: Kind(),
    Template.VITALE_VALIDATED: Kind(topic=Topic.VITALE),
    Template.VITALE_WAITING: Kind(reminder=True),
    Template.VITALE_PRESUMED: Kind(reminder=True),
    Template.VITALE_CANCELLED: Kind(),
    Template.VITALE_MISUSED: Kind(),
    Template.VITALE_UPDATE: Kind(topic=Topic.VITALE, reminder=True),
    Template.VITALE_RIGHTS_ENDED: Kind(),
    Template.VITALE_RESIDENCE: Kind(channel=Channel.LETTER),
    Template.CEAM_ORDERED: Kind(topic=Topic.VITALE),
    Template.CEAM_SENT: Kind(),
    Template.CEAM_RETURNED: Kind(),
    Template.CEAM_DECLARED: Kind(),
    Template.CEAM_EXPIRING: Kind(topic=Topic.VITALE, reminder=True),
    Template.TRANSFER_RETURNED: Kind(),
    Template.REPORT_DECIDED: Kind(topic=Topic.PAYMENTS),
    Template.ERASURE_REQUESTED: Kind(secret=True),
    Template.ERASURE_LETTER: Kind(channel=Channel.LETTER),
    Template.ERASURE_CANCELLED: Kind(),
    Template.CLAIM_PENDING: Kind(),
    Template.CLAIM_REJECTED: Kind(),
    Template.STATEMENT_READY: Kind(topic=Topic.PAYMENTS, reminder=True),
}
