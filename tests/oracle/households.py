"""Any household, drawn by hypothesis: claims, corrections, late care, third-party payments, over every pivot date."""

import datetime as dt
import uuid
from typing import Any

from hypothesis import strategies as st

from services.reimbursements.domain import commands as c
from services.reimbursements.domain.facts import Cover, Kind, LineFacts, Parcours, Payee, Professional
from services.reimbursements.domain.ids import HouseholdId, PersonId

AT = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
LIMITATION = 2
PERSONS = [PersonId(str(uuid.UUID(int=number, version=4))) for number in (1, 2, 3)]
HOUSEHOLD = HouseholdId(PERSONS[0])
BORN = dict(zip(PERSONS, (dt.date(1980, 5, 1), dt.date(1984, 2, 29), dt.date(2006, 5, 15)), strict=True))
"""The third enters as an adult in 2024, the year that changes the amounts."""
DOCTORS = [Professional(id=f"1010120{number:04}", name="Dr") for number in (1, 2)]
DOCTORS.append(Professional(id="10101200003", name="Dr", military=True))
FIRST = dt.date(2024, 3, 25)

lines = st.fixed_dictionaries(
    {
        "person_id": st.sampled_from(PERSONS),
        "kind": st.sampled_from([Kind.DOCTOR, Kind.MEDICINE, Kind.MEDICINE, *Kind]),
        "professional": st.sampled_from(DOCTORS),
        "base": st.one_of(st.integers(1, 500), st.integers(500, 9000), st.integers(11_900, 30_000)),
        "overrun": st.sampled_from([0, 1, 1234]),
        "rate": st.sampled_from([None, None, 0, 15, 100]),
        "quantity": st.sampled_from([1, 1, 2, 9, 60]),
        "parcours": st.sampled_from(Parcours),
        "payee": st.sampled_from(Payee),
        "covers": st.sampled_from([(), (), (), *((one,) for one in Cover)]),
        "hospital_stay": st.sampled_from([False, False, False, True]),
        "urgent": st.booleans(),
        "days_ago": st.sampled_from([0, 0, 0, 1, 7, 40]),
    }
)
HEAVY = {"kind": Kind.MEDICINE, "quantity": 60, "base": 20_000, "rate": None, "covers": (), "person_id": PERSONS[0]}
heavy = lines.map(lambda line: line | HEAVY)
"""One alone reaches a year's ceiling."""
lots = st.fixed_dictionaries(
    {
        "days_later": st.sampled_from([0, 1, 7, 30, 280]),
        "lines": st.lists(st.one_of(lines, lines, heavy), min_size=1, max_size=4),
        "back": st.lists(st.integers(0, 7), max_size=3),
    }
)
"""`back`: which of the lines that stand are taken back."""
histories = st.lists(lots, min_size=2, max_size=8)


def commands(history: list[dict[str, Any]]) -> list[c.SettleLot]:
    """The lots, numbered, each naming lines that stand when its turn comes."""
    found: list[c.SettleLot] = []
    standing: list[str] = []
    paid_on, number = FIRST, 0
    for lot in history:
        paid_on += dt.timedelta(days=lot["days_later"])
        back = [standing.pop(one % len(standing)) for one in lot["back"] if standing]
        settled = []
        for line in lot["lines"]:
            number += 1
            settled.append(facts(line, number, paid_on))
        standing += [one.name for one in settled]
        if settled or back:
            found.append(_lot(len(found) + 1, paid_on, settled, back))
    return found


def facts(drawn: dict[str, Any], number: int, paid_on: dt.date) -> LineFacts:
    """A line of an act of some days before its payment."""
    line = dict(drawn)
    overrun, days_ago = line.pop("overrun"), line.pop("days_ago")
    more = {"paid": line["base"] + overrun, "care_date": paid_on - dt.timedelta(days=days_ago)}
    named = {"reference": f"0001 {number:012}", "line": 1, "given_name": "X", "code": "X", "label": "X"}
    return LineFacts(**line, **more, **named, birth_date=BORN[line["person_id"]])


def _lot(number: int, paid_on: dt.date, settled: list[LineFacts], back: list[str]) -> c.SettleLot:
    return c.SettleLot(
        at=AT,
        household_id=HOUSEHOLD,
        number=number,
        lot=str(number),
        paid_on=paid_on,
        lines=tuple(settled),
        cancels=tuple(back),
        limitation_years=LIMITATION,
    )
