"""What can be asked about the bank details of one person."""

import datetime as dt

from pydantic import AwareDatetime

from services.identity.domain.bank_events import CancelledBy, HolderVerdict, UnblockedBy
from services.identity.domain.ids import BankChangeId, PersonId
from services.identity.domain.register import Register
from shared.kernel import Command, Made


class RecordRegisterIban(Command):
    """Take over the account that the register names. `since` is the day from which it holds, where it says one."""

    person_id: PersonId
    iban: Register[str]
    since: dt.date | None
    as_of: AwareDatetime


class RequestBankDetailsChange(Command):
    """Ask for payments to another account. `refused_until`: the account has changed hands too recently, perhaps."""

    person_id: PersonId
    request_id: Made[BankChangeId]
    iban: Register[str]
    holder: Made[HolderVerdict]
    due_at: Made[AwareDatetime]
    refused_until: Made[AwareDatetime | None] = None
    previous_email: Made[str | None] = None


class CompleteBankDetailsChange(Command):
    """The hold is over."""

    person_id: PersonId
    request_id: BankChangeId


class CancelBankDetailsChange(Command):
    """The member does not want it, or has not asked for it."""

    person_id: PersonId
    request_id: BankChangeId
    by: CancelledBy


class ConfirmBankHolder(Command):
    """The desk has seen that the account is the member's."""

    person_id: PersonId
    request_id: BankChangeId


class RefuseBankHolder(Command):
    """The desk has seen that it is not."""

    person_id: PersonId
    request_id: BankChangeId


class UnblockBankChanges(Command):
    """The member has proved at the desk, or with a code by post, that it is he."""

    person_id: PersonId
    by: UnblockedBy


BankCommand = (
    RecordRegisterIban
    | RequestBankDetailsChange
    | CompleteBankDetailsChange
    | CancelBankDetailsChange
    | ConfirmBankHolder
    | RefuseBankHolder
    | UnblockBankChanges
)
