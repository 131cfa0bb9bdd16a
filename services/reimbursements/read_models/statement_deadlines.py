"""When the statement of each month falls due: on a day of the next month, once the month's payments have come in."""

import datetime as dt
import uuid
from typing import Final

from services.reimbursements.domain import events as e
from shared.deadlines import Deadline, deadlines

DAY: Final = 3
"""Of the next month, at 4 in the morning (UTC)."""
QUIET: Final = dt.timedelta(days=1)
"""After the last payment that a file brought: a month's payments may come in several."""
LATE: Final = dt.timedelta(days=45)
"""A payment of longer ago, in a file of past years, makes no statement due: that one is made when it is asked for."""
_NAMESPACE: Final = uuid.UUID("0b8f5d0e-3c39-5a5b-9d0c-5a1d1c7e9b44")


def _key(event: e.PaymentIssued) -> str:
    return f"{event.household_id}|{event.paid_on:%Y-%m}"


def evolve(known: Deadline | None, event: e.PaymentIssued) -> Deadline | None:
    if event.at.date() - event.paid_on > LATE:
        return known
    following = event.paid_on.replace(day=1) + dt.timedelta(days=31)
    day = dt.datetime(following.year, following.month, DAY, 4, tzinfo=dt.UTC)
    return Deadline(
        due_at=max(day, event.at + QUIET),
        stream=f"statements:{event.person_id}",
        command="CallStatement",
        data={"person_id": event.person_id, "month": f"{event.paid_on:%Y-%m}"},
        cmd=str(uuid.uuid5(_NAMESPACE, _key(event))),
        person_id=event.person_id,
        member_id=event.person_id,
    )


statement_deadlines = deadlines(
    "reimbursements.statement_deadlines", 1, handles=(e.PaymentIssued,), key=_key, evolve=evolve
)
