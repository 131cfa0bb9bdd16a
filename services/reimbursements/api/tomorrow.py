"""« Si je consulte demain »: usual acts, computed by the very rules of the ledger on the counters as they stand."""

import datetime as dt
from typing import Final

from services.reimbursements.domain import parameters as p
from services.reimbursements.domain.acts import compute
from services.reimbursements.domain.deductions import Counters
from services.reimbursements.domain.facts import Cover, Kind, LineFacts, Parcours, Payee, Professional
from services.reimbursements.domain.ids import HouseholdId
from services.reimbursements.read_models.my_deductions import Deductions
from shared.kernel import Value

_NOBODY: Final = Professional(id="000000000", name="demain")
_EXAMPLES: Final = (
    ("general-practitioner", Kind.DOCTOR, 0, Parcours.COORDINATED),
    ("outside-parcours", Kind.DOCTOR, 0, Parcours.OUTSIDE),
    ("nurse", Kind.PARAMEDICAL, 1000, Parcours.NOT_CONCERNED),
    ("box", Kind.MEDICINE, 1000, Parcours.NOT_CONCERNED),
    ("trip", Kind.TRANSPORT, 6000, Parcours.NOT_CONCERNED),
)
"""Name, kind, price in cents (0: the tariff of the day), path."""
_LASTING: Final = frozenset({Cover.C2S, Cover.AME})
"""What a person has beyond one act; a long illness or a pension is judged act by act."""


class Case(Value):
    """One usual act, paid by the member himself. Cents."""

    name: str
    price: int
    rate: int
    gross: int
    deduction: int
    rule: str
    """Why it is so much: the last rule that had a say."""
    recovered: int
    """Of what is owed."""
    paid: int


def cases(last: LineFacts, content: Deductions, day: dt.date) -> tuple[Case, ...]:
    """What each would bring tomorrow; `last`, the person's newest line, says age and lasting exemptions."""
    owed = sum(debt.remaining for debt in content.debts.values())
    tomorrow = day + dt.timedelta(days=1)
    return tuple(_case(last, content, tomorrow, example, owed) for example in _EXAMPLES)


def _case(
    last: LineFacts, content: Deductions, day: dt.date, example: tuple[str, Kind, int, Parcours], owed: int
) -> Case:
    name, kind, price, parcours = example
    price = price or p.at(p.TARIFF_GENERAL_PRACTITIONER, day).value
    facts = LineFacts(
        reference="0000 000000000000",
        line=1,
        person_id=last.person_id,
        given_name=last.given_name,
        birth_date=last.birth_date,
        care_date=day,
        kind=kind,
        code="X",
        label="demain",
        professional=_NOBODY,
        paid=price,
        base=price,
        parcours=parcours,
        payee=Payee.MEMBER,
        covers=tuple(cover for cover in last.covers if cover in _LASTING),
        delivery_due=last.delivery_due,
    )
    line = compute(facts, day, HouseholdId(""), _counters(last, content))
    recovered = min(owed, line.to_member)
    rules = [step.rule for step in line.steps if step.rule.startswith(("participation", "franchise", "exempt"))]
    return Case(
        name=name,
        price=price,
        rate=line.rate,
        gross=line.gross,
        deduction=line.withheld,
        rule=rules[-1] if rules else "",
        recovered=recovered,
        paid=line.to_member - recovered,
    )


def _counters(last: LineFacts, content: Deductions) -> Counters:
    counters = Counters()
    for year, counted in content.years.items():
        counters.years[f"participation|{last.person_id}|{year}"] = counted.participation
        counters.years[f"franchise|{last.person_id}|{year}"] = counted.franchise
    return counters
