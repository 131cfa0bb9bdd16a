"""What a household owes when a lot is settled: booked, ended by limitation, kept from what is paid to the member."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from services.reimbursements.domain import commands as c
from services.reimbursements.domain import events as e
from services.reimbursements.domain.acts import line_id, origin_of
from services.reimbursements.domain.ids import DebtId, LineId, PersonId
from services.reimbursements.domain.settled import Settled
from services.reimbursements.domain.state import Debt, Household

MOST_RECOVERED: Final = 150
MOST_EXPIRED: Final = 50
"""In one lot, so that it fits into one commit; the rest follows with the next payment, or by its deadline."""


class LotDebts:
    """The debts before the lot, without those of cancelled lines, and after them the lot's own."""

    def __init__(
        self,
        ledger: Household,
        lot: c.SettleLot,
        settled: Sequence[Settled],
        cancelled: Sequence[LineId],
        *,
        overpaid: int,
    ) -> None:
        self._lot = lot
        self._overpaid = overpaid
        self.until = years_after(lot.paid_on, lot.limitation_years)
        """The day on which the lot's own debts end."""
        gone = {DebtId(one) for one in cancelled}
        self._debts = {key: debt for key, debt in ledger.debts.items() if key not in gone}
        for one in settled:
            if one.owed:
                key = DebtId(line_id(lot.household_id, lot.number, one.facts.name))
                self._debts[key] = Debt(one.facts.person_id, one.owed, self.until, origin_of(one.facts))
        if overpaid:
            self._debts[self._overpaid_id] = Debt(PersonId(lot.household_id), overpaid, self.until, None)

    @property
    def _overpaid_id(self) -> DebtId:
        return DebtId(str(uuid.uuid5(uuid.UUID(self._lot.household_id), f"{self._lot.number}|overpaid")))

    def recovered(self, available: int) -> Iterator[tuple[DebtId, Debt, int]]:
        """Oldest first, on whatever is paid to the member (L160-13 II), and never more than that."""
        valid = ((key, debt) for key, debt in self._debts.items() if debt.until > self._lot.paid_on)
        for key, debt in islice(valid, MOST_RECOVERED):
            if amount := min(debt.remaining, available):
                available -= amount
                yield key, debt, amount

    def recovery(self, key: DebtId, debt: Debt, amount: int) -> e.DebtRecovered:
        """One of them as an event."""
        return e.DebtRecovered(
            **self._lot.common,
            person_id=debt.person_id,
            debt_id=key,
            closed=amount == debt.remaining,
            part=e.Part(amount=amount, origin=debt.origin),
        )

    def overpayments(self) -> Iterator[e.OverpaymentBooked]:
        """What the member owes because more was taken back than paid."""
        if self._overpaid:
            yield e.OverpaymentBooked(
                **self._lot.common,
                person_id=PersonId(self._lot.household_id),
                debt_id=self._overpaid_id,
                amount=self._overpaid,
                debt_until=self.until,
            )

    def expirations(self) -> Iterator[e.DebtCancelled]:
        """Those whose limitation has come by the day of this payment (D160-7)."""
        past = ((key, debt) for key, debt in self._debts.items() if debt.until <= self._lot.paid_on)
        for key, debt in islice(past, MOST_EXPIRED):
            yield expiration(self._lot, key, debt)


def expiration(command: c.SettleLot | c.CancelDebt, debt_id: DebtId, debt: Debt) -> e.DebtCancelled:
    """The end of a debt, on its own day."""
    return e.DebtCancelled(
        at=command.at,
        household_id=command.household_id,
        person_id=debt.person_id,
        debt_id=debt_id,
        on=debt.until,
        part=e.Part(amount=debt.remaining, origin=debt.origin),
    )


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day some years later; the 28th where there is no 29 February."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap else day.day)
