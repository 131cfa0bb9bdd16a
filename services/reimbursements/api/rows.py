"""What the screens are given: rows, payments, totals. Amounts in cents."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import Field

from services.reimbursements.answers.history import Filters, History, Seen
from services.reimbursements.domain.facts import Kind, LineFacts, Transmission
from services.reimbursements.domain.settled import Origin, Settled, Step
from services.reimbursements.read_models.my_payments import Payment
from shared.kernel import Value

PAGE: Final = 20
LONGEST_EXPORT: Final = 5000


class Nature(StrEnum):
    """What a row is."""

    LINE = "line"
    CORRECTION = "correction"
    RECOVERY = "recovery"


class Row(Value):
    """One entry of the ledger as a member reads it."""

    id: str
    nature: Nature
    person_id: str
    given_name: str
    care_date: dt.date | None
    paid_on: dt.date
    number: int
    kind: Kind | None
    label: str
    reference: str
    professional: str = ""
    payee: str = "member"
    paid: int = 0
    base: int = 0
    rate: int = 0
    gross: int = 0
    participation: int = 0
    franchise: int = 0
    withheld: int = 0
    owed: int = 0
    to_member: int
    to_professional: int = 0
    cancelled_on: dt.date | None = None


class Shown(Value):
    """A payment of the member."""

    payment: Payment
    others: int
    """What of it concerns persons whose lines are not shown."""
    rows: tuple[Row, ...] = ()


class Totals(Value):
    """Over all that was found, not only the page."""

    rows: int
    paid: int
    reimbursed: int
    deductions: int
    to_member: int


class Beneficiary(Value):
    """Somebody whose lines the reader sees."""

    person_id: str
    given_name: str


class Search(Filters):
    """What to look for, and which page of it."""

    by_payment: bool = False
    page: Annotated[int, Field(ge=1, le=1000)] = 1
    everything: bool = False
    """All rows at once, for a file."""


class Found(Value):
    """One page."""

    rows: tuple[Row, ...] = ()
    payments: tuple[Shown, ...] = ()
    totals: Totals
    page: int
    pages: int
    beneficiaries: tuple[Beneficiary, ...]


class Detail(Value):
    """One line, with every step of its computation."""

    row: Row
    steps: tuple[Step, ...]
    code: str
    quantity: int
    parcours: str
    overrun: int
    ticket: int
    speciality: str | None
    transmission: Transmission | None
    payment: Payment | None
    """The member's own, where he was paid."""


def row_of(seen: Seen, cancelled: dict[str, dt.date]) -> Row:
    """An entry as a row."""
    entry = seen.entry
    if entry.settled:
        return _line(seen, entry.settled, cancelled.get(entry.id))
    origin = entry.cancelled.origin if entry.cancelled else entry.recovered and entry.recovered.origin
    return Row(
        id=entry.id,
        nature=Nature.CORRECTION if entry.cancelled else Nature.RECOVERY,
        person_id=seen.person_id,
        paid_on=entry.paid_on,
        number=entry.number,
        to_member=entry.to_member,
        **_of_origin(origin or None),
    )


def _of_origin(origin: Origin | None) -> dict[str, Any]:
    if origin is None:
        return {"given_name": "", "care_date": None, "kind": None, "label": "", "reference": ""}
    return origin.model_dump(exclude={"confidential"})


def _line(seen: Seen, line: Settled, cancelled_on: dt.date | None) -> Row:
    facts: LineFacts = line.facts
    return Row(
        id=seen.entry.id,
        nature=Nature.LINE,
        person_id=seen.person_id,
        given_name=facts.given_name,
        care_date=facts.care_date,
        paid_on=seen.entry.paid_on,
        number=seen.entry.number,
        kind=facts.kind,
        label=facts.label,
        reference=facts.reference,
        professional=facts.professional.name,
        payee=facts.payee,
        paid=facts.paid,
        base=facts.base,
        rate=line.rate,
        gross=line.gross,
        participation=line.participation,
        franchise=line.franchise,
        withheld=line.withheld,
        owed=line.owed,
        to_member=line.to_member,
        to_professional=line.to_professional,
        cancelled_on=cancelled_on,
    )


def search(history: History, wanted: Search) -> Found:
    """What was found, one page of it."""
    picked = wanted.pick(history.entries)
    rows = [row_of(seen, history.cancelled) for seen in picked]
    shown = _payments(history, wanted, rows) if wanted.by_payment else []
    size = LONGEST_EXPORT if wanted.everything else PAGE
    pages = max(1, -(-len(shown if wanted.by_payment else rows) // size))
    page = min(wanted.page, pages)
    part = slice((page - 1) * size, page * size)
    return Found(
        rows=() if wanted.by_payment else tuple(rows[part]),
        payments=tuple(shown[part]),
        totals=_totals(rows),
        page=page,
        pages=pages,
        beneficiaries=_beneficiaries(history),
    )


def _payments(history: History, wanted: Search, rows: Sequence[Row]) -> list[Shown]:
    """The payments in which something was found; without a filter, also those of which only the sum is seen."""
    numbers: dict[int, list[Row]] = {}
    for row in rows:
        numbers.setdefault(row.number, []).append(row)
    narrow = wanted.model_dump(exclude={"page", "by_payment", "everything"}, exclude_defaults=True)
    return [
        Shown(payment=one, others=history.others(one), rows=tuple(numbers.get(one.number, ())))
        for one in history.payments
        if one.number in numbers or (not narrow and one.to_member)
    ]


def _totals(rows: Sequence[Row]) -> Totals:
    """Spending and reimbursement count what still stands."""
    lines = [row for row in rows if row.nature is Nature.LINE and row.cancelled_on is None]
    return Totals(
        rows=len(rows),
        paid=sum(row.paid for row in lines),
        reimbursed=sum(row.gross for row in lines),
        deductions=sum(row.participation + row.franchise for row in lines),
        to_member=sum(row.to_member for row in rows),
    )


def _beneficiaries(history: History) -> tuple[Beneficiary, ...]:
    names: dict[str, str] = {}
    for seen in history.entries:
        if seen.entry.settled:
            names.setdefault(seen.person_id, seen.entry.settled.facts.given_name)
    ordered = sorted(names.items(), key=lambda one: (one[0] != history.reader, one[1]))
    return tuple(Beneficiary(person_id=person, given_name=name) for person, name in ordered)


def detail(history: History, line_id: str) -> Detail | None:
    """One line of those the reader sees."""
    for seen in history.entries:
        line = seen.entry.settled
        if line and seen.entry.id == line_id:
            payment = next((one for one in history.payments if one.number == seen.entry.number), None)
            return Detail(
                row=row_of(seen, history.cancelled),
                steps=line.steps,
                code=line.facts.code,
                quantity=line.facts.quantity,
                parcours=line.facts.parcours,
                overrun=line.overrun,
                ticket=line.ticket,
                speciality=line.facts.professional.speciality,
                transmission=line.facts.transmission,
                payment=payment if seen.household_id == history.reader else None,
            )
    return None
