"""When each debt comes to its limitation, for those whom nothing is paid until then."""

import datetime as dt
import uuid
from typing import assert_never

from services.reimbursements.domain import events as e
from services.reimbursements.domain.ids import DebtId, HouseholdId, PersonId
from shared.deadlines import Deadline, deadlines
from shared.kernel import members

DebtEvent = e.LineSettled | e.LineCancelled | e.OverpaymentBooked | e.DebtRecovered | e.DebtCancelled


def _key(event: DebtEvent) -> str | None:
    match event:
        case e.LineSettled():
            return event.line_id if event.debt_until else None
        case e.LineCancelled():
            return event.line_id
        case _:
            return event.debt_id


def evolve(deadline: Deadline | None, event: DebtEvent) -> Deadline | None:
    match event:
        case e.LineSettled():
            if event.debt_until is None:
                return None
            return _at(event.debt_until, event.household_id, event.person_id, DebtId(event.line_id))
        case e.OverpaymentBooked():
            return _at(event.debt_until, event.household_id, event.person_id, event.debt_id)
        case e.DebtRecovered():
            return None if event.closed else deadline
        case e.LineCancelled() | e.DebtCancelled():
            return None
        case _:
            assert_never(event)


def _at(day: dt.date, household_id: HouseholdId, person_id: PersonId, debt_id: DebtId) -> Deadline:
    return Deadline(
        due_at=dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC),
        stream=f"household:{household_id}",
        command="CancelDebt",
        data={"household_id": household_id, "debt_id": debt_id},
        cmd=str(uuid.uuid5(uuid.UUID(debt_id), "limitation")),
        person_id=person_id,
        member_id=household_id,
    )


debt_deadlines = deadlines(
    "reimbursements.debt_deadlines",
    1,
    handles=members(DebtEvent),
    key=_key,
    evolve=evolve,
)
