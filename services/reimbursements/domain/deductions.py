"""Participation forfaitaire and franchises of one act: what is due, under the ceilings of day, year and line."""

import datetime as dt
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from services.reimbursements.domain import parameters as p
from services.reimbursements.domain.coverage import in_maternity
from services.reimbursements.domain.facts import Cover, Kind, LineFacts
from services.reimbursements.domain.ids import HouseholdId
from services.reimbursements.domain.settled import Step

ADULT: Final = 18
BEARS_PARTICIPATION: Final = frozenset({Kind.DOCTOR, Kind.BIOLOGY, Kind.RADIOLOGY})
"""L160-13 II. A sampling never does: the analysis it is made for bears it (D160-8)."""
FRANCHISES: Final[Mapping[Kind, tuple[p.Table, p.Table | None]]] = {
    Kind.MEDICINE: (p.FRANCHISE_BOX, None),
    Kind.PARAMEDICAL: (p.FRANCHISE_PARAMEDICAL, p.PARAMEDICAL_PER_DAY),
    Kind.TRANSPORT: (p.FRANCHISE_TRIP, p.TRIPS_PER_DAY),
}
"""Amount, and ceiling of a day; none for medicines. What a pharmacist does bears none as long as no arrêté says so."""
EXEMPTING: Final[Mapping[Cover, str]] = {
    Cover.C2S: "L160-15",
    Cover.TERRORISM: "L169-2",
    Cover.MILITARY_PENSION: "L212-1 CPMIVG",
    Cover.AME: "AME",
    Cover.HEALTH_RISK: "L16-10-1",
}


@dataclass
class Counters:
    """Cents so far: by person and year of reimbursement, and by day of care. Moves while a lot is computed."""

    years: MutableMapping[str, int] = field(default_factory=dict)
    days: MutableMapping[str, int] = field(default_factory=dict)

    def add(self, keys: "Keys", amount: int) -> None:
        """Count an amount, or with a negative one take it back."""
        self.years[keys.year] = self.years.get(keys.year, 0) + amount
        if keys.day:
            self.days[keys.day] = self.days.get(keys.day, 0) + amount


class Keys(NamedTuple):
    """Under which names a deduction is counted."""

    year: str
    day: str | None


class Due(NamedTuple):
    """A deduction after all ceilings."""

    amount: int
    steps: list[Step]


def keys_of(facts: LineFacts, paid_on: dt.date) -> Keys:
    """Participations: a day's ceiling for each professional (D160-8). Franchises: for the patient alone (D160-11)."""
    person, day = facts.person_id, facts.care_date.isoformat()
    if facts.kind in BEARS_PARTICIPATION:
        return Keys(f"participation|{person}|{paid_on.year}", f"participation|{person}|{day}|{facts.professional.id}")
    capped = facts.kind in FRANCHISES and FRANCHISES[facts.kind][1]
    return Keys(f"franchise|{person}|{paid_on.year}", f"{facts.kind}|{person}|{day}" if capped else None)


def exemption(facts: LineFacts, household: HouseholdId) -> Step | None:
    """Who or what bears no deduction, and by which article. A long illness is none."""
    if facts.care_date <= young_until(facts, household):
        return Step(rule="exempt:minor", value=0, source="L160-15, R160-20")
    if in_maternity(facts):
        return Step(rule="exempt:maternity", value=0, source="L160-9")
    for cover in facts.covers:
        if cover in EXEMPTING:
            return Step(rule=f"exempt:{cover}", value=0, source=EXEMPTING[cover])
    if facts.hospital_stay:
        return Step(rule="exempt:hospital-stay", value=0, source="L160-13 II")
    if facts.kind is Kind.TRANSPORT and facts.urgent:
        return Step(rule="exempt:urgent-trip", value=0, source="D160-9")
    return None


def young_until(facts: LineFacts, household: HouseholdId) -> dt.date:
    """The last day on which age exempts: the eve of 18; of a dependant the end of the year (L160-15, R160-20, D160-12).

    Who is 18 on 1 January is no dependant of that kind any more on that day. Born on 29 February: 18 on 1 March.
    """
    born = facts.birth_date
    eve = dt.date(born.year + ADULT, born.month, 1) + dt.timedelta(days=born.day - 2)
    return eve if str(facts.person_id) == str(household) else dt.date(eve.year, 12, 31)


def due(facts: LineFacts, gross: int, paid_on: dt.date, counters: Counters, household: HouseholdId) -> Due:
    """What this act bears, in cents; counted at once."""
    participation = facts.kind in BEARS_PARTICIPATION
    if not gross or not (participation or facts.kind in FRANCHISES):
        return Due(0, [])
    if exempt := exemption(facts, household):
        return Due(0, [exempt])
    found = _participation(facts, paid_on, counters) if participation else _franchise(facts, gross, paid_on, counters)
    counters.add(keys_of(facts, paid_on), found.amount)
    return found


def _participation(facts: LineFacts, paid_on: dt.date, counters: Counters) -> Due:
    unit, most = p.at(p.PARTICIPATION, facts.care_date), p.at(p.PARTICIPATIONS_PER_DAY, facts.care_date)
    in_day = p.Dated(most.since, most.value * unit.value, most.source, most.sure)
    return _capped("participation", facts, unit, in_day, p.at(p.PARTICIPATION_PER_YEAR, paid_on), paid_on, counters)


def _franchise(facts: LineFacts, gross: int, paid_on: dt.date, counters: Counters) -> Due:
    amount, per_day = FRANCHISES[facts.kind]
    unit = p.at(amount, facts.care_date)
    in_day = p.at(per_day, facts.care_date) if per_day else None
    found = _capped("franchise", facts, unit, in_day, p.at(p.FRANCHISE_PER_YEAR, paid_on), paid_on, counters)
    if found.amount > gross:
        return Due(gross, [*found.steps, Step(rule="franchise-line-cap", value=gross, source="D160-9")])
    return found


def _capped(
    name: str,
    facts: LineFacts,
    unit: p.Dated,
    in_day: p.Dated | None,
    in_year: p.Dated,
    paid_on: dt.date,
    counters: Counters,
) -> Due:
    keys = keys_of(facts, paid_on)
    amount = unit.value * facts.quantity
    steps = [Step(rule=name, value=amount, source=unit.source, since=unit.told)]
    rooms = [("year", in_year, in_year.value - counters.years.get(keys.year, 0))]
    if in_day and keys.day:
        rooms.insert(0, ("day", in_day, in_day.value - counters.days.get(keys.day, 0)))
    for cap, limit, room in rooms:
        if amount > max(room, 0):
            amount = max(room, 0)
            steps.append(Step(rule=f"{name}-{cap}-cap", value=amount, source=limit.source, since=limit.told))
    return Due(amount, steps if unit.value else [])
