"""Screen « Participations forfaitaires et franchises »: how much of each year's ceilings, and what is still owed."""

import datetime as dt
from typing import assert_never

from services.reimbursements.domain import events as e
from services.reimbursements.domain.events import Care
from services.reimbursements.domain.ids import PersonId
from services.reimbursements.domain.settled import Origin, Settled
from shared.kernel import Erased, Projection, Value, members


class YearOfDeductions(Value):
    """Cents, counted in the year of the reimbursement."""

    participation: int = 0
    franchise: int = 0


class OpenDebt(Value):
    """What is owed, and of which care (None: paid too much). Cents."""

    remaining: int
    since: dt.date
    until: dt.date
    origin: Origin | None


class Deductions(Value):
    """One person's counters and debts."""

    years: dict[str, YearOfDeductions]
    debts: dict[str, OpenDebt]


class MyDeductions(Value):
    """One person's."""

    person_id: PersonId
    content: Care[Deductions]


DeductionEvent = e.LineSettled | e.LineCancelled | e.OverpaymentBooked | e.DebtRecovered | e.DebtCancelled


def evolve(known: MyDeductions | None, event: DeductionEvent) -> MyDeductions:
    before = known or MyDeductions(person_id=event.person_id, content=Deductions(years={}, debts={}))
    if isinstance(before.content, Erased):
        return before
    return before.model_copy(update={"content": _after(before.content, event)})


def _after(content: Deductions, event: DeductionEvent) -> Deductions:  # noqa: PLR0911 - one case per event
    match event:
        case e.LineSettled(line=line):
            return content if isinstance(line, Erased) else _settled(content, event, line)
        case e.LineCancelled(cancelled=taken):
            if isinstance(taken, Erased):
                return content
            # A lot's number says when the line was paid; its counter is that of the year it was counted in.
            after = _counted(content, taken.counted_in, -taken.participation, -taken.franchise)
            return _without(after, event.line_id)
        case e.OverpaymentBooked(amount=amount):
            if isinstance(amount, Erased):
                return content
            debt = OpenDebt(remaining=amount, since=event.paid_on, until=event.debt_until, origin=None)
            return content.model_copy(update={"debts": {**content.debts, event.debt_id: debt}})
        case e.DebtRecovered(part=part):
            known = content.debts.get(event.debt_id)
            if known is None or event.closed or isinstance(part, Erased):
                return _without(content, event.debt_id)
            left = known.model_copy(update={"remaining": known.remaining - part.amount})
            return content.model_copy(update={"debts": {**content.debts, event.debt_id: left}})
        case e.DebtCancelled():
            return _without(content, event.debt_id)
        case _:
            assert_never(event)


def _settled(content: Deductions, event: e.LineSettled, line: Settled) -> Deductions:
    after = _counted(content, event.paid_on.year, line.participation, line.franchise) if line.deductions else content
    if not event.debt_until:
        return after
    facts = line.facts
    origin = Origin(
        reference=facts.reference,
        care_date=facts.care_date,
        kind=facts.kind,
        label=facts.label,
        given_name=facts.given_name,
        confidential=facts.confidential,
    )
    debt = OpenDebt(remaining=line.owed, since=event.paid_on, until=event.debt_until, origin=origin)
    return after.model_copy(update={"debts": {**after.debts, event.line_id: debt}})


def _counted(content: Deductions, year: int, participation: int, franchise: int) -> Deductions:
    before = content.years.get(str(year), YearOfDeductions())
    now = YearOfDeductions(participation=before.participation + participation, franchise=before.franchise + franchise)
    return content.model_copy(update={"years": {**content.years, str(year): now}})


def _without(content: Deductions, debt_id: str) -> Deductions:
    return content.model_copy(update={"debts": {key: one for key, one in content.debts.items() if key != debt_id}})


my_deductions = Projection(
    name="reimbursements.my_deductions",
    screen="Participations forfaitaires et franchises",
    version=1,
    document=MyDeductions,
    handles=members(DeductionEvent),
    key=lambda event: event.person_id,
    evolve=evolve,
)
