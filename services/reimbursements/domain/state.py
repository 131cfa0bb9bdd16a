"""What the rules of a ledger need to know: counters, debts, and of each line what taking it back would change."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from services.reimbursements.domain.deductions import Keys
from services.reimbursements.domain.facts import LineFacts
from services.reimbursements.domain.ids import DebtId, LineId, PersonId
from services.reimbursements.domain.settled import Origin


class Entry(NamedTuple):
    """A settled line. Cents."""

    line_id: LineId
    number: int
    paid_on: dt.date
    person_id: PersonId
    gross: int
    participation: int
    franchise: int
    to_member: int
    keys: Keys
    origin: Origin


class Debt(NamedTuple):
    """What is still owed, whose care it comes from (None: paid too much), and until when it is owed."""

    person_id: PersonId
    remaining: int
    until: dt.date
    origin: Origin | None


class Held(NamedTuple):
    """A lot that waits for an earlier one."""

    lot: str
    paid_on: dt.date
    cancels: tuple[str, ...]
    limitation_years: int
    lines: tuple[LineFacts, ...]


class Payment(NamedTuple):
    """What the member was paid, and whether his bank gave it back."""

    paid_on: dt.date
    to_member: int
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Household:
    """One ledger. Nothing in it is changed in place."""

    last: int = 0
    """Number of the last lot that was settled."""
    paid_on: dt.date = dt.date.min
    lines: Mapping[str, Entry] = field(default_factory=dict)
    """By `reference/line`."""
    years: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    debts: Mapping[DebtId, Debt] = field(default_factory=dict)
    """In the order in which they were booked."""
    recovered: Mapping[DebtId, int] = field(default_factory=dict)
    held: Mapping[int, Held] = field(default_factory=dict)
    payments: Mapping[int, Payment] = field(default_factory=dict)
    account: str | None = None

    def counted(self, keys: Keys, amount: int) -> "Household":
        """After a deduction was counted (or, negative, taken back)."""
        years = {**self.years, keys.year: self.years.get(keys.year, 0) + amount}
        days = {**self.days, keys.day: self.days.get(keys.day, 0) + amount} if keys.day else self.days
        return replace(self, years=years, days=days)

    def with_debt(self, debt_id: DebtId, debt: Debt) -> "Household":
        """After a debt was booked, or became smaller; one that is paid is gone."""
        rest = {key: one for key, one in self.debts.items() if key != debt_id} if not debt.remaining else self.debts
        return replace(self, debts={**rest, debt_id: debt} if debt.remaining else rest)
