"""« Où est mon remboursement ? »: each claim as a timeline, from its arrival to the payment."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from services.reimbursements.answers.history import History
from services.reimbursements.api.deductions import last_lines
from services.reimbursements.domain.claims import ClaimNews, Stage
from services.reimbursements.read_models.my_claims import MyClaims
from shared.kernel import Erased, Value

PAID: Final = "paid"
USUAL_DAYS: Final = 7
"""« En une semaine », says the fund."""
KEPT_DAYS: Final = 27 * 31


class Step(Value):
    """One thing that happened."""

    stage: str
    on: dt.date
    reason: str | None = None
    until: dt.date | None = None
    amount: int | None = None
    """Cents, once paid; to whomever."""


class Claim(Value):
    """One claim. `expected`: by when it is usually paid, as long as it is only on its way."""

    reference: str
    person_id: str
    given_name: str
    """Empty as long as no line says it."""
    care_date: dt.date
    stage: str
    steps: tuple[Step, ...]
    expected: dt.date | None = None


class Overview(Value):
    """The claims of the reader and of those he sees, the newest first."""

    claims: tuple[Claim, ...]


def overview(history: History, known: Sequence[MyClaims], day: dt.date) -> Overview:
    """The screen on a day."""
    paid, names = _paid(history), {one: line.facts.given_name for one, line in last_lines(history).items()}
    claims: list[Claim] = []
    for person in known:
        news = () if isinstance(person.news, Erased) else person.news
        seen = [one for one in news if person.person_id == history.reader or not one.confidential]
        by_reference: dict[str, list[ClaimNews]] = {}
        for one in seen:
            by_reference.setdefault(one.reference, []).append(one)
        name = names.get(person.person_id, "")
        claims += [_claim(person.person_id, name, own, paid) for own in by_reference.values()]
    recent = [one for one in claims if (day - one.steps[-1].on).days <= KEPT_DAYS]
    return Overview(claims=tuple(sorted(recent, key=lambda one: (one.steps[-1].on, one.reference), reverse=True)))


def _paid(history: History) -> dict[str, Step]:
    found: dict[str, Step] = {}
    for seen in history.entries:
        if line := seen.entry.settled:
            before = found.get(line.facts.reference)
            amount = line.net + (before.amount or 0 if before else 0)
            found[line.facts.reference] = Step(stage=PAID, on=seen.entry.paid_on, amount=amount)
    return found


def _claim(person_id: str, given_name: str, news: Sequence[ClaimNews], paid: dict[str, Step]) -> Claim:
    first, last = news[0], news[-1]
    steps = [Step(stage=one.stage, on=one.on, reason=one.reason, until=one.until) for one in news]
    if end := paid.get(first.reference):
        steps.append(end)
    waiting = steps[-1].stage == Stage.RECEIVED
    return Claim(
        reference=first.reference,
        person_id=person_id,
        given_name=given_name,
        care_date=first.care_date,
        stage=steps[-1].stage,
        steps=tuple(steps),
        expected=last.on + dt.timedelta(days=USUAL_DAYS) if waiting else None,
    )
