"""What happened in a household's ledger. Whose line it is, its key is: a parent's or a partner's opens nothing."""

import datetime as dt
from typing import Annotated, TypeVar

from pydantic import Field

from services.reimbursements.domain.facts import LineFacts
from services.reimbursements.domain.ids import DebtId, HouseholdId, LineId, PersonId
from services.reimbursements.domain.money import Amount
from services.reimbursements.domain.settled import Origin, Settled
from shared.kernel import Erased, Event, Personal, Value

T = TypeVar("T")
Care = Annotated[T | Erased, Personal("care")]


class Cancelled(Value):
    """A line taken back, and what that changes. Amounts in cents."""

    origin: Origin
    name: str
    counted_in: int
    """The year in whose counters its deductions stood."""
    gross: Amount
    participation: Amount
    franchise: Amount
    paid_back: Amount
    """What the member had been paid for it, and now owes."""
    annulled: Amount
    """Of its debt, what was still open: nobody owes it any more."""
    refunded: Amount
    """Of its debt, what had been recovered: the member gets it back."""


class Part(Value):
    """A part of a debt: recovered, or cancelled. Cents. No origin: what was once paid too much."""

    amount: Amount
    origin: Origin | None


class Paid(Value):
    """A payment run's totals for one household, and where the member's part went."""

    to_member: Amount
    to_professionals: Amount
    account: str | None


class _OfHousehold(Event):
    person_id: PersonId
    household_id: HouseholdId


class _InLot(_OfHousehold):
    number: int
    paid_on: dt.date


class LotHeld(_InLot, name="LotHeld"):
    """A lot came before an earlier one: it waits, so that the order of import changes nothing."""

    lot: str
    cancels: Care[tuple[str, ...]]
    limitation_years: int


class LineHeld(_InLot, name="LineHeld"):
    """A line of a lot that waits."""

    facts: Care[LineFacts]


class LotDropped(_InLot, name="LotDropped"):
    """A lot that had waited contradicts those before it; it must be sent again."""

    reason: str


class LotsReleasable(_OfHousehold, name="LotsReleasable"):
    """More waiting lots can be settled than one commit holds: a command goes on with them."""

    after: int
    """Number of the last one that was settled."""


class LineSettled(_InLot, name="LineSettled"):
    """An act was computed."""

    line_id: LineId
    line: Care[Settled]
    debt_until: dt.date | None
    """Where something of it is owed: when that ends."""


class LineCancelled(_InLot, name="LineCancelled"):
    """A line of an earlier lot was taken back; the counters follow."""

    line_id: LineId
    cancelled: Care[Cancelled]


class OverpaymentBooked(_InLot, name="OverpaymentBooked"):
    """More was taken back than paid: the member owes it."""

    debt_id: DebtId
    amount: Care[Amount]
    debt_until: dt.date


class DebtRecovered(_InLot, name="DebtRecovered"):
    """A part of a debt was kept from a payment. `person_id`: whose care it comes from."""

    debt_id: DebtId
    closed: bool
    part: Care[Part]


class DebtCancelled(_OfHousehold, name="DebtCancelled"):
    """The fund may not waive a debt, but limitation ends it (D160-7)."""

    debt_id: DebtId
    on: dt.date
    part: Care[Part]


class PaymentIssued(_InLot, name="PaymentIssued"):
    """A lot is settled. `person_id`: the member who is paid."""

    lot: str
    payment: Care[Paid]


class PaymentReturned(_InLot, name="PaymentReturned"):
    """The bank gave the transfer back."""

    on: dt.date


class PaymentReissued(_InLot, name="PaymentReissued"):
    """It was sent again, to the account known by then."""

    on: dt.date
    account: Care[str | None]


class AccountNoted(_OfHousehold, name="AccountNoted"):
    """Where payments go from now on."""

    masked: Care[str] = Field(examples=["FR76 •••• 0189"])


LedgerEvent = (
    LotHeld
    | LineHeld
    | LotDropped
    | LotsReleasable
    | LineSettled
    | LineCancelled
    | OverpaymentBooked
    | DebtRecovered
    | DebtCancelled
    | PaymentIssued
    | PaymentReturned
    | PaymentReissued
    | AccountNoted
)
