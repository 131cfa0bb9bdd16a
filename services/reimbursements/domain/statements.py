"""« Mes relevés »: what stood on a month's statement when it was made; nothing changes it afterwards.

One stream per reader. The rows of each beneficiary are sealed with that person's own key.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from services.reimbursements.domain.events import Care
from services.reimbursements.domain.ids import PersonId
from shared.kernel import Command, Decider, Event, Made, Value, require

Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$"), Field(examples=["2026-10"])]


class Row(Value):
    """One line of the table. Cents; texts as they are printed."""

    number: int
    care_date: dt.date | None
    label: str
    paid: int
    base: int
    rate: int
    amount: int
    """What it adds to the payment to the member (for his information: to the professional)."""
    to_professional: int = 0
    notes: tuple[str, ...] = ()


class Part(Value):
    """The rows of one beneficiary."""

    person_id: PersonId
    given_name: str
    birth_date: dt.date | None
    rows: tuple[Row, ...]


class Block(Value):
    """One payment: when, how much, to which account, and what of it concerns persons whose lines are not shown."""

    number: int
    paid_on: dt.date
    amount: int
    account: str | None
    others: int


class Summary(Value):
    """What concerns the reader alone."""

    blocks: tuple[Block, ...]
    total: int
    """Cents paid to the member by the payments of this statement."""
    year_before: int | None
    """On the first statement of a year: what the member and his own spent in the year before (L161-31 IV)."""


class IssueStatement(Command):
    """Make the statement of a month that is over."""

    person_id: PersonId
    month: Month
    numbers: Made[tuple[int, ...]]
    parts: Made[tuple[Part, ...]]
    summary: Made[Summary]
    renderer: Made[str]
    template: Made[int]
    due: Made[bool] = False


class CallStatement(Command):
    """The day has come for the statement of a month."""

    person_id: PersonId
    month: Month


class StatementDue(Event, name="StatementDue"):
    """The statement of a month is to be made, though nobody has asked for it. `person_id`: its reader."""

    person_id: PersonId
    month: Month


class _OfStatement(Event):
    person_id: PersonId
    reader_id: PersonId
    month: Month


class StatementPartIssued(_OfStatement, name="StatementPartIssued"):
    """The rows of one beneficiary (`person_id`)."""

    part: Care[Part]


class StatementIssued(_OfStatement, name="StatementIssued"):
    """The statement is complete. `person_id` is the reader."""

    numbers: tuple[int, ...]
    """Lots that it shows."""
    summary: Care[Summary]
    renderer: str
    template: int
    due: bool = False
    """Made because its month was over, not because the reader asked."""


StatementCommand = IssueStatement | CallStatement
StatementEvent = StatementDue | StatementPartIssued | StatementIssued


class Issued(Value):
    """Which lots each month has shown."""

    months: Annotated[dict[str, tuple[int, ...]], Field(default_factory=dict)]


def decide(issued: Issued, command: StatementCommand) -> list[StatementEvent]:
    """Its rows add up to its payments, or it is none."""
    if command.month in issued.months:
        return []
    require(f"{command.at:%Y-%m}" > command.month, otherwise="statement-month-not-over")
    if isinstance(command, CallStatement):
        return [StatementDue(**command.model_dump())]
    require(_adds_up(command), otherwise="statement-unbalanced")
    common: Mapping[str, Any] = {"at": command.at, "reader_id": command.person_id, "month": command.month}
    parts = [StatementPartIssued(**common, person_id=part.person_id, part=part) for part in command.parts]
    whole = StatementIssued(
        **common,
        person_id=command.person_id,
        numbers=command.numbers,
        summary=command.summary,
        renderer=command.renderer,
        template=command.template,
        due=command.due,
    )
    return [*parts, whole]


def _adds_up(command: IssueStatement) -> bool:
    """Each payment is the sum of its rows and of what others were paid; the total that of the payments."""
    rows = [row for part in command.parts for row in part.rows]
    summary = command.summary
    return summary.total == sum(block.amount for block in summary.blocks) and all(
        block.amount == block.others + sum(row.amount for row in rows if row.number == block.number)
        for block in summary.blocks
    )


def evolve(issued: Issued, event: StatementEvent) -> Issued:
    if not isinstance(event, StatementIssued):
        return issued
    return Issued(months={**issued.months, event.month: event.numbers})


statements = Decider(category="statements", retention="care", initial=Issued(months={}), decide=decide, evolve=evolve)
