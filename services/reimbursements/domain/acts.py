"""One act computed: what the fund pays, what the insured person bears, and every step between."""

import datetime as dt
import uuid

from services.reimbursements.domain import coverage, deductions
from services.reimbursements.domain.facts import LineFacts, Payee
from services.reimbursements.domain.ids import HouseholdId, LineId
from services.reimbursements.domain.settled import Origin, Settled, Step


def compute(facts: LineFacts, paid_on: dt.date, household: HouseholdId, counters: deductions.Counters) -> Settled:
    """The act as it is settled on a day; the counters move on."""
    steps = [Step(rule="base", value=facts.base)]
    if refused := coverage.not_covered(facts):
        return _settled(facts, 0, 0, deductions.Due(0, []), [*steps, refused])
    rate, gross, shared = coverage.share(facts)
    due = deductions.due(facts, gross, paid_on, counters, household)
    return _settled(facts, rate, gross, due, [*steps, *shared, *due.steps])


def _settled(facts: LineFacts, rate: int, gross: int, due: deductions.Due, steps: list[Step]) -> Settled:
    """From a professional nothing can be withheld, and from a line no more than it brings: the rest is owed."""
    withheld = min(due.amount, gross) if facts.payee is Payee.MEMBER else 0
    participation = facts.kind in deductions.BEARS_PARTICIPATION
    if owed := due.amount - withheld:
        steps = [*steps, Step(rule="owed", value=owed, source="L160-13 II")]
    return Settled(
        facts=facts,
        rate=rate,
        gross=gross,
        ticket=facts.base - gross,
        participation=due.amount if participation else 0,
        franchise=0 if participation else due.amount,
        withheld=withheld,
        owed=owed,
        steps=tuple(steps),
    )


def line_id(household: HouseholdId, number: int, name: str) -> LineId:
    """The same for the same line of the same lot."""
    return LineId(str(uuid.uuid5(uuid.UUID(household), f"{number}|{name}")))


def origin_of(facts: LineFacts) -> Origin:
    """What a later deduction shows of the care it comes from."""
    return Origin(
        reference=facts.reference,
        care_date=facts.care_date,
        kind=facts.kind,
        label=facts.label,
        given_name=facts.given_name,
        confidential=facts.confidential,
    )
