"""« Participations forfaitaires et franchises »: counters, each deduction with its care, debts."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from services.reimbursements.answers.history import History, Seen
from services.reimbursements.api.rows import Nature, Row, row_of
from services.reimbursements.domain import parameters as p
from services.reimbursements.domain.deductions import young_until
from services.reimbursements.domain.ids import HouseholdId, PersonId
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
    exempt_until: dt.date | None
    """The last day on which age exempts, as far as a line says it; None where it does not, or is past."""


class Overview(Value):
    """The screen. `kept`: every deduction of the years shown, with the care it comes from, the newest first."""

    persons: tuple[OfPerson, ...]
    kept: tuple[Row, ...]
    owed: int
    """Cents that the reader and those he sees owe together."""


def overview(history: History, counters: Sequence[MyDeductions], day: dt.date) -> Overview:
    """What stands on the screen on a day."""
    known = {one.person_id: one.content for one in counters if isinstance(one.content, Deductions)}
    last = last_seen(history)
    persons = tuple(_person(history.reader, person, known[person], last.get(person), day) for person in known)
    rows = [row_of(seen, history.cancelled) for seen in history.entries]
    kept = tuple(row for row in rows if _keeps(row) and row.paid_on.year > day.year - YEARS)
    return Overview(persons=persons, kept=kept, owed=sum(debt.remaining for one in persons for debt in one.owed))


def _keeps(row: Row) -> bool:
    return row.nature is Nature.RECOVERY or row.participation + row.franchise > 0


def last_lines(history: History) -> dict[PersonId, Settled]:
    """Of each person the newest line: it says the name, and what it was exempt from."""
    return {person: seen.entry.settled for person, seen in last_seen(history).items() if seen.entry.settled}


def last_seen(history: History) -> dict[PersonId, Seen]:
    """The same, and in whose household."""
    found: dict[PersonId, Seen] = {}
    for seen in history.entries:
        if seen.entry.settled:
            found.setdefault(seen.person_id, seen)
    return found


def owed(reader: PersonId, person: PersonId, content: Deductions) -> Sequence[Owed]:
    """A person's debts as the reader sees them: those of confidential care only the person himself."""
    return [
        Owed(debt_id=key, **debt.model_dump())
        for key, debt in content.debts.items()
        if person == reader or not (debt.origin and debt.origin.confidential)
    ]


def _person(reader: PersonId, person: PersonId, content: Deductions, last: Seen | None, day: dt.date) -> OfPerson:
    facts = last.entry.settled.facts if last and last.entry.settled else None
    until = young_until(facts, HouseholdId(last.household_id)) if last and facts else None
    return OfPerson(
        person_id=person,
        given_name=facts.given_name if facts else "",
        years=tuple(_ceilings(content, year) for year in range(day.year, day.year - YEARS, -1)),
        owed=tuple(owed(reader, person, content)),
        exempt_until=until if until and day <= until else None,
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
