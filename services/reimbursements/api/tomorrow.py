"""« Si je consulte demain »: any act, computed by the rules of the ledger on the counters as they stand.

Nothing is stored: neither the question nor the answer.
"""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from services.reimbursements.answers.history import History
from services.reimbursements.api.deductions import last_lines, owed
from services.reimbursements.domain import parameters as p
from services.reimbursements.domain.acts import compute
from services.reimbursements.domain.deductions import Counters
from services.reimbursements.domain.facts import Cover, Kind, LineFacts, Parcours, Payee, Professional
from services.reimbursements.domain.ids import HouseholdId, PersonId
from services.reimbursements.domain.settled import Settled, Step
from services.reimbursements.read_models.my_deductions import Deductions, MyDeductions
from shared.kernel import Value

Price = Annotated[int, Field(ge=1, lt=10**7)]
"""Cents."""
_LASTING: Final = frozenset({Cover.C2S, Cover.AME})
"""What a person has beyond one act; a long illness or a pension is judged act by act."""
_ADULT: Final = dt.date(1970, 1, 1)
"""Of a reader of whom no line says when he was born: whoever has an account bears what an adult bears (decision)."""


class Practitioner(StrEnum):
    """As far as a rule depends on who gives the care."""

    CIVIL = "civil"
    ARMY_HOSPITAL = "army_hospital"
    MILITARY = "military"


class Question(Value):
    """An act of tomorrow. `base`: the tariff, where the member knows it; a doctor's is otherwise a GP's at most."""

    beneficiary: PersonId
    kind: Kind
    price: Price
    base: Price | None = None
    quantity: Annotated[int, Field(ge=1, le=20)] = 1
    parcours: Parcours = Parcours.NOT_CONCERNED
    payee: Payee = Payee.MEMBER
    practitioner: Practitioner = Practitioner.CIVIL


class Answer(Value):
    """What the act would bring. Cents."""

    price: int
    base: int
    rate: int
    gross: int
    deduction: int
    owed: int
    """Of the deduction, what could only be kept later."""
    recovered: int
    """Kept from it for care of before."""
    to_member: int
    to_professional: int
    borne: int
    """What is left to the member or his complementary insurer: price and deduction less the fund's share."""
    steps: tuple[Step, ...]


def answer(history: History, counters: Sequence[MyDeductions], question: Question, today: dt.date) -> Answer:
    """The act as it would be settled tomorrow.

    Raises:
        KeyError: the reader sees no such beneficiary.
    """
    day = today + dt.timedelta(days=1)
    known = {one.person_id: one.content for one in counters if isinstance(one.content, Deductions)}
    lines = last_lines(history)
    if question.beneficiary not in {history.reader, *lines}:
        raise KeyError(question.beneficiary)
    facts = _facts(question, lines.get(question.beneficiary), day)
    line = compute(facts, day, HouseholdId(history.reader), _counters(facts.person_id, known.get(facts.person_id)))
    open_ = sum(debt.remaining for one in known for debt in owed(history.reader, one, known[one]) if debt.until > day)
    recovered = min(open_, line.to_member)
    return Answer(
        price=facts.paid,
        base=facts.base,
        rate=line.rate,
        gross=line.gross,
        deduction=line.deductions,
        owed=line.owed,
        recovered=recovered,
        to_member=line.to_member - recovered,
        to_professional=line.to_professional,
        borne=facts.paid - line.gross + line.deductions,
        steps=line.steps,
    )


def _facts(question: Question, last: Settled | None, day: dt.date) -> LineFacts:
    """`last`, the person's newest line, says age and lasting exemptions."""
    who = last.facts if last else None
    most = p.at(p.TARIFF_GENERAL_PRACTITIONER, day).value if question.kind is Kind.DOCTOR else question.price
    return LineFacts(
        reference="0000 000000000000",
        line=1,
        person_id=question.beneficiary,
        given_name=who.given_name if who else "-",
        birth_date=who.birth_date if who else _ADULT,
        care_date=day,
        kind=question.kind,
        code="X",
        label="demain",
        professional=Professional(
            id="000000000",
            name="demain",
            military=question.practitioner is not Practitioner.CIVIL,
            army_hospital=question.practitioner is Practitioner.ARMY_HOSPITAL,
        ),
        paid=question.price,
        base=min(question.price, question.base or most),
        quantity=question.quantity,
        parcours=question.parcours,
        payee=question.payee,
        covers=tuple(cover for cover in who.covers if cover in _LASTING) if who else (),
        delivery_due=who.delivery_due if who else None,
    )


def _counters(person: PersonId, content: Deductions | None) -> Counters:
    """Those of the years; of tomorrow's day nothing is counted yet."""
    counters = Counters()
    for year, counted in content.years.items() if content else ():
        counters.years[f"participation|{person}|{year}"] = counted.participation
        counters.years[f"franchise|{person}|{year}"] = counted.franchise
    return counters
