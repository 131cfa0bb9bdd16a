"""Screen « Mes remboursements »: what was settled, taken back or kept for one person in one month of payment.

A month is one document, so that a screen of 27 months reads as many, however long the ledger is.
"""

import datetime as dt
from typing import assert_never

from services.reimbursements.domain import events as e
from services.reimbursements.domain.events import Care
from services.reimbursements.domain.ids import HouseholdId, PersonId
from services.reimbursements.domain.settled import Settled
from shared.kernel import Erased, Projection, Value, members


class Entry(Value):
    """One of the three."""

    id: str
    """Of the line; of a recovery, the debt's and the lot's."""
    number: int
    paid_on: dt.date
    settled: Settled | None = None
    cancelled: e.Cancelled | None = None
    recovered: e.Part | None = None

    @property
    def to_member(self) -> int:
        """What it adds to the payment of its lot, or takes from it, before what is taken back too much is booked."""
        if self.settled:
            return self.settled.to_member
        if self.cancelled:
            return self.cancelled.refunded - self.cancelled.paid_back
        return -self.recovered.amount if self.recovered else 0

    @property
    def confidential(self) -> bool:
        """Whether the person alone sees it."""
        if self.settled:
            return self.settled.facts.confidential
        origin = self.cancelled.origin if self.cancelled else self.recovered and self.recovered.origin
        return bool(origin and origin.confidential)


class MyMonth(Value):
    """One person's entries, in the order in which they were settled."""

    person_id: PersonId
    household_id: HouseholdId
    month: str
    """2026-11, of the payment."""
    entries: Care[tuple[Entry, ...]]


MonthEvent = e.LineSettled | e.LineCancelled | e.DebtRecovered


def month_key(person_id: str, month: str) -> str:
    """Where a person's month stands."""
    return f"{person_id}|{month}"


def _key(event: MonthEvent) -> str:
    return month_key(event.person_id, f"{event.paid_on:%Y-%m}")


def evolve(month: MyMonth | None, event: MonthEvent) -> MyMonth:
    before = month or MyMonth(
        person_id=event.person_id, household_id=event.household_id, month=f"{event.paid_on:%Y-%m}", entries=()
    )
    entry = _entry(event)
    if entry is None or isinstance(before.entries, Erased):
        return before
    return before.model_copy(update={"entries": (*before.entries, entry)})


def _entry(event: MonthEvent) -> Entry | None:
    match event:
        case e.LineSettled(line=line):
            if isinstance(line, Erased):
                return None
            return Entry(id=event.line_id, number=event.number, paid_on=event.paid_on, settled=line)
        case e.LineCancelled(cancelled=cancelled):
            if isinstance(cancelled, Erased):
                return None
            return Entry(id=event.line_id, number=event.number, paid_on=event.paid_on, cancelled=cancelled)
        case e.DebtRecovered(part=part):
            if isinstance(part, Erased):
                return None
            name = f"{event.debt_id}.{event.number}"
            return Entry(id=name, number=event.number, paid_on=event.paid_on, recovered=part)
        case _:
            assert_never(event)


my_month = Projection(
    name="reimbursements.my_month",
    screen="Mes remboursements",
    version=1,
    document=MyMonth,
    handles=members(MonthEvent),
    key=_key,
    evolve=evolve,
    indexes=("person_id", "household_id"),
)
