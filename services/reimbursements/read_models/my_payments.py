"""Screen « Mes remboursements », by payment: what the member was paid in one year, when, to which account."""

import datetime as dt
from enum import StrEnum
from typing import Any, assert_never

from services.reimbursements.domain import events as e
from services.reimbursements.domain.events import Care
from services.reimbursements.domain.ids import PersonId
from shared.kernel import Erased, Projection, Value, members


class TransferState(StrEnum):
    """Where the money is."""

    SENT = "sent"
    RETURNED = "returned"
    SENT_AGAIN = "sent_again"


class Payment(Value):
    """One payment run for the household. Cents."""

    number: int
    lot: str
    paid_on: dt.date
    to_member: int
    to_professionals: int
    overpaid: int = 0
    """What was taken back beyond what was paid: owed from now on."""
    account: str | None
    state: TransferState = TransferState.SENT
    state_on: dt.date | None = None


class MyPayments(Value):
    """One year of a household's payments: the member's own."""

    person_id: PersonId
    year: int
    payments: Care[tuple[Payment, ...]]
    overpaid: Care[int] = 0
    """Booked in a lot whose payment comes next."""


PaymentEvent = e.PaymentIssued | e.PaymentReturned | e.PaymentReissued | e.OverpaymentBooked


def year_key(household_id: str, year: int) -> str:
    """Where a year of payments stands."""
    return f"{household_id}|{year}"


def evolve(known: MyPayments | None, event: PaymentEvent) -> MyPayments:
    year = known or MyPayments(person_id=event.person_id, year=event.paid_on.year, payments=())
    if isinstance(year.payments, Erased):
        return year
    match event:
        case e.OverpaymentBooked(amount=amount):
            return year.model_copy(update={"overpaid": amount})
        case e.PaymentIssued(payment=paid):
            if isinstance(paid, Erased):
                return year
            issued = Payment(
                number=event.number,
                lot=event.lot,
                paid_on=event.paid_on,
                to_member=paid.to_member,
                to_professionals=paid.to_professionals,
                overpaid=0 if isinstance(year.overpaid, Erased) else year.overpaid,
                account=paid.account,
            )
            return year.model_copy(update={"payments": (*year.payments, issued), "overpaid": 0})
        case e.PaymentReturned():
            return _moved(year, event.number, state=TransferState.RETURNED, state_on=event.on)
        case e.PaymentReissued(account=account):
            sent = {"account": None if isinstance(account, Erased) else account, "state_on": event.on}
            return _moved(year, event.number, state=TransferState.SENT_AGAIN, **sent)
        case _:
            assert_never(event)


def _moved(year: MyPayments, number: int, **change: Any) -> MyPayments:
    assert not isinstance(year.payments, Erased)
    payments = tuple(one.model_copy(update=change) if one.number == number else one for one in year.payments)
    return year.model_copy(update={"payments": payments})


my_payments = Projection(
    name="reimbursements.my_payments",
    screen="Mes remboursements",
    version=1,
    document=MyPayments,
    handles=members(PaymentEvent),
    key=lambda event: year_key(event.household_id, event.paid_on.year),
    evolve=evolve,
    indexes=("person_id",),
)
