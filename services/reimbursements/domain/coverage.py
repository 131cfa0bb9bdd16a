"""Whether the fund pays for an act at all, and at which rate."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from services.reimbursements.domain import parameters as p
from services.reimbursements.domain.facts import Cover, Kind, LineFacts, Parcours
from services.reimbursements.domain.money import half_up
from services.reimbursements.domain.settled import Step

RATES: Final[Mapping[Kind, p.Table]] = {
    Kind.DOCTOR: p.RATE_DOCTOR,
    Kind.RADIOLOGY: p.RATE_DOCTOR,
    Kind.MIDWIFE: p.RATE_DOCTOR,
    Kind.BIOLOGY: p.RATE_BIOLOGY,
    Kind.SAMPLING: p.RATE_BIOLOGY,
    Kind.DENTAL: p.RATE_DENTAL,
    Kind.PARAMEDICAL: p.RATE_PARAMEDICAL,
    Kind.DEVICE: p.RATE_PARAMEDICAL,
    Kind.MEDICINE: p.RATE_MEDICINE,
    Kind.PHARMACIST: p.RATE_DOCTOR,
    Kind.TRANSPORT: p.RATE_TRANSPORT,
    Kind.HOSPITAL: p.RATE_HOSPITAL,
}
NEW_CALEDONIA: Final = "988"
LONGEST_POSTING: Final = 6
"""Months in New Caledonia beyond which the local regime pays."""


def not_covered(facts: LineFacts) -> Step | None:
    """Why the fund pays nothing for it: military practitioners outside army hospitals (D713-4 1°), local regimes."""
    professional = facts.professional
    if professional.military and not professional.army_hospital:
        return Step(rule="not-covered:military-practitioner", value=0, source="D713-4 1°")
    if facts.territory and not _stays_ours(facts):
        return Step(rule="not-covered:local-regime", value=0, source="régime local")
    return None


def _stays_ours(facts: LineFacts) -> bool:
    return facts.territory == NEW_CALEDONIA and (facts.posted_months or 0) <= LONGEST_POSTING


def share(facts: LineFacts) -> tuple[int, int, list[Step]]:
    """Percent, cents that the fund pays before deductions, and how that came about."""
    if full := _full(facts):
        return p.FULL, facts.base, [full]
    rate, steps = _rate(facts)
    gross = half_up(facts.base, rate)
    steps.append(Step(rule="ticket", value=facts.base - gross, source="L160-13 I"))
    return rate, *_flat(facts, rate, gross, steps)


def _full(facts: LineFacts) -> Step | None:
    if Cover.MILITARY_PENSION in facts.covers:
        return Step(rule="full:military-pension", value=p.FULL, source="D713-7")
    if in_maternity(facts):
        return Step(rule="full:maternity", value=p.FULL, source="L160-9")
    return None


def _rate(facts: LineFacts) -> tuple[int, list[Step]]:
    table = p.at(RATES[facts.kind], facts.care_date)
    if facts.rate is None:
        rate, steps = table.value, [Step(rule="rate", value=table.value, source=table.source, since=table.told)]
    else:
        rate, steps = facts.rate, [Step(rule="rate-of-act", value=facts.rate, source=table.source)]
    less = p.at(p.OUTSIDE_PARCOURS, facts.care_date)
    if facts.kind is Kind.DOCTOR and facts.parcours is Parcours.OUTSIDE and less.value:
        rate = max(rate - less.value, 0)
        steps.append(Step(rule="outside-parcours", value=rate, source=less.source, since=less.told))
    if facts.parcours is Parcours.ARMY:
        steps.append(Step(rule="sent-by-army-doctor", value=rate, source="D162-1-6, 7°"))
    return rate, steps


def _flat(facts: LineFacts, rate: int, gross: int, steps: list[Step]) -> tuple[int, list[Step]]:
    """A heavy act within the path: a flat sum instead of the ticket modérateur, never more than it (decision)."""
    least, flat = p.at(p.HEAVY_FROM, facts.care_date), p.at(p.HEAVY_FLAT, facts.care_date)
    heavy = facts.kind is Kind.DOCTOR and facts.parcours is not Parcours.OUTSIDE and rate < p.FULL
    if heavy and least.value and facts.base >= least.value and facts.base - gross > flat.value:
        gross = facts.base - flat.value
        steps.append(Step(rule="heavy-act", value=flat.value, source=flat.source, since=flat.told))
    return gross, steps


def in_maternity(facts: LineFacts) -> bool:
    """From 4 months before the presumed delivery to 12 days after it (L160-9, D160-3): all costs."""
    if facts.delivery_due is None:
        return False
    until = facts.delivery_due + dt.timedelta(days=12)
    return _months_before(facts.delivery_due, 4) <= facts.care_date <= until


def _months_before(day: dt.date, months: int) -> dt.date:
    month = day.year * 12 + day.month - 1 - months
    for number in _downwards(day.day):
        try:
            return dt.date(month // 12, month % 12 + 1, number)
        except ValueError:
            continue
    raise AssertionError


def _downwards(number: int) -> Iterator[int]:
    yield from range(number, 27, -1)
    yield min(number, 28)
