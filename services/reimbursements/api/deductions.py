"""« Participations forfaitaires et franchises »: counters, each deduction with its care, debts."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from services.reimbursements.answers.history import History
from services.reimbursements.api.rows import Nature, Row, row_of
from services.reimbursements.domain import parameters as p
from services.reimbursements.domain.ids import PersonId
from services.reimbursements.domain.settled import Settled
from services.reimbursements.read_models.my_deductions import Deductions, MyDeductions, OpenDebt, YearOfDeductions
from shared.kernel import Value

YEARS: Final = 3
"""How many years of counters are shown."""


class Ceilings(Value):
    """One year of one person, and its ceilings. Cents."""

    year: int
    participation: int
    participation_cap: int
    franchise: int
    franchise_cap: int


class Owed(OpenDebt):
    """A debt, under its id."""

    debt_id: str


class OfPerson(Value):
    """One person whom the reader sees."""

    person_id: str
    given_name: str
    years: tuple[Ceilings, ...]
    owed: tuple[Owed, ...]


class Overview(Value):
    """The screen. `kept`: every deduction of the years shown, with the care it comes from, the newest first."""

    persons: tuple[OfPerson, ...]
    kept: tuple[Row, ...]
    owed: int
    """Cents that the reader and those he sees owe together."""


def overview(history: History, counters: Sequence[MyDeductions], day: dt.date) -> Overview:
    """What stands on the screen on a day."""
    known = {one.person_id: one.content for one in counters if isinstance(one.content, Deductions)}
    last = last_lines(history)
    persons = tuple(_person(history.reader, person, known[person], last.get(person), day) for person in known)
    rows = [row_of(seen, history.cancelled) for seen in history.entries]
    kept = tuple(row for row in rows if _keeps(row) and row.paid_on.year > day.year - YEARS)
    return Overview(persons=persons, kept=kept, owed=sum(debt.remaining for one in persons for debt in one.owed))


def _keeps(row: Row) -> bool:
    return row.nature is Nature.RECOVERY or row.participation + row.franchise > 0


def last_lines(history: History) -> dict[PersonId, Settled]:
    """Of each person the newest line: it says the name, and what it was exempt from."""
    found: dict[PersonId, Settled] = {}
    for seen in history.entries:
        if seen.entry.settled:
            found.setdefault(seen.person_id, seen.entry.settled)
    return found


def owed(reader: PersonId, person: PersonId, content: Deductions) -> Sequence[Owed]:
    """A person's debts as the reader sees them: those of confidential care only the person himself."""
    return [
        Owed(debt_id=key, **debt.model_dump())
        for key, debt in content.debts.items()
        if person == reader or not (debt.origin and debt.origin.confidential)
    ]


def _person(reader: PersonId, person: PersonId, content: Deductions, last: Settled | None, day: dt.date) -> OfPerson:
    return OfPerson(
        person_id=person,
        given_name=last.facts.given_name if last else "",
        years=tuple(_ceilings(content, year) for year in range(day.year, day.year - YEARS, -1)),
        owed=tuple(owed(reader, person, content)),
    )


def _ceilings(content: Deductions, year: int) -> Ceilings:
    end = dt.date(year, 12, 31)
    counted = content.years.get(str(year), YearOfDeductions())
    return Ceilings(
        year=year,
        participation=counted.participation,
        participation_cap=p.at(p.PARTICIPATION_PER_YEAR, end).value,
        franchise=counted.franchise,
        franchise_cap=p.at(p.FRANCHISE_PER_YEAR, end).value,
    )
