"""« Mes dépenses de santé »: what was spent and what came back, month by month."""

from collections.abc import Sequence

from services.reimbursements.answers.history import History
from shared.kernel import Value


class MonthOfSpending(Value):
    """Cents. By month of payment; what was taken back later does not count."""

    month: str
    paid: int
    reimbursed: int


class Picture(Value):
    """The oldest month first."""

    months: tuple[MonthOfSpending, ...]


def picture(history: History, months: Sequence[str]) -> Picture:
    """These months, the empty ones too."""
    paid, reimbursed = dict.fromkeys(months, 0), dict.fromkeys(months, 0)
    gone = history.cancelled
    for seen in history.entries:
        line, month = seen.entry.settled, f"{seen.entry.paid_on:%Y-%m}"
        if line and seen.entry.id not in gone and month in paid:
            paid[month] += line.facts.paid
            reimbursed[month] += line.net
    return Picture(
        months=tuple(
            MonthOfSpending(month=month, paid=paid[month], reimbursed=reimbursed[month]) for month in reversed(months)
        )
    )
