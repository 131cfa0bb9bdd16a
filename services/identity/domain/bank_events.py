"""What happened to the bank details of one person."""

import datetime as dt
from enum import StrEnum

from pydantic import AwareDatetime, Field

from services.identity.domain.ids import BankChangeId, PersonId
from services.identity.domain.register import Account, Register
from shared.kernel import Event, members

MASKED = "FR76 •••• •••• •••• •••• ••90 189"


class HolderVerdict(StrEnum):
    """What the bank says of the holder: the same person, perhaps, another one."""

    MATCH = "match"
    DOUBT = "doubt"
    MISMATCH = "mismatch"


class Source(StrEnum):
    """Who gave the account that is paid to."""

    REGISTER = "register"
    MEMBER = "member"


class CancelledBy(StrEnum):
    """Which way a change was cancelled."""

    LINK = "link"
    """The link of the notice, used without signing in: somebody else may be in the account."""
    ACCOUNT = "account"


class StoppedBy(StrEnum):
    """What else ends a change that was asked for."""

    REGISTER = "register"
    DESK = "desk"


class UnblockedBy(StrEnum):
    """What opens changes again after the link was used."""

    DESK = "desk"
    LETTER = "letter"
    """The member has used a new code that came by post."""


class _OfBank(Event):
    person_id: PersonId


class _OfChange(_OfBank):
    request_id: BankChangeId


class BankDetailsChangeRequested(_OfChange, name="BankDetailsChangeRequested"):
    """The member asked for it, and proved that it is he. Until `due_at` payments go to the account before."""

    iban: Register[str] = Field(examples=["FR7630006000011234567890189"])
    masked: Register[str] = Field(examples=[MASKED])
    holder: HolderVerdict
    due_at: AwareDatetime
    previous_email: Account[str | None] = None
    """Told as well: whoever has taken the account over does not read it there."""


class BankHolderConfirmed(_OfChange, name="BankHolderConfirmed"):
    """The desk has cleared the bank's doubt."""


class BankDetailsChangeCancelled(_OfChange, name="BankDetailsChangeCancelled"):
    """Nothing changes. `blocks`: no other change until the desk or a code by post has proved the member."""

    by: CancelledBy
    blocks: bool


class BankDetailsChangeStopped(_OfChange, name="BankDetailsChangeStopped"):
    """Nothing comes of the request: the register named another account, or the desk refused it."""

    by: StoppedBy


class BankDetailsChanged(_OfBank, name="BankDetailsChanged"):
    """Payments go to this account from now on."""

    iban: Register[str] = Field(examples=["FR7630006000011234567890189"])
    masked: Register[str] = Field(examples=[MASKED])
    since: Register[dt.date]
    source: Source
    request_id: BankChangeId | None = None


class BankChangesUnblocked(_OfBank, name="BankChangesUnblocked"):
    """The member has proved that it is he."""

    by: UnblockedBy


BankEvent = (
    BankDetailsChangeRequested
    | BankHolderConfirmed
    | BankDetailsChangeCancelled
    | BankDetailsChangeStopped
    | BankDetailsChanged
    | BankChangesUnblocked
)

BANK_EVENTS = members(BankEvent)
