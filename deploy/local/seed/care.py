"""Two years and more of care for every invented household: lots of the settlement feed, and claims on their way."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from random import Random
from typing import Any

from deploy.local.seed import acts
from deploy.local.seed.acts import Act
from deploy.local.seed.files import Line
from deploy.local.seed.people import Person

DAYS = 900
"""A little more than the 27 months that a member sees."""
THURSDAY = dt.date(2024, 1, 4)
SURELY_PAID = 48  # euros: more than what is still owed
REASONS = ("prescription_missing", "signature_missing", "rights_unknown")


def settlement_lines(people: Sequence[Person], seed: int, today: dt.date) -> Iterator[Line]:
    """The lines of the feed, household by household."""
    for household, members in groupby(people, lambda one: one.insured_person_id):
        yield from _Household(household, list(members), Random(f"{seed}{household}"), today).lines()  # noqa: S311


class _Household:
    def __init__(self, household: str, members: list[Person], random: Random, today: dt.date) -> None:
        self._id = household
        self._members = members
        self._random = random
        self._today = today
        self._reference = random.randint(10**8, 10**9)
        self._care = today

    def lines(self) -> Iterator[Line]:
        acts_by_day: dict[dt.date, list[dict[str, Any]]] = {}
        for person in self._members:
            for line in self._of_person(person):
                care = dt.date.fromisoformat(line["care_date"])
                acts_by_day.setdefault(self._paid_on(care), []).append(line)
        wrong = ""
        for number, (day, lines) in enumerate(sorted(acts_by_day.items()), 1):
            lot = self._lot(number, day, lines)
            if wrong:
                lot, wrong = {**lot, "cancels": [wrong]}, ""
            elif number > 5 and self._random.random() < 0.01:  # noqa: PLR2004 - now and then the fund corrects itself
                wrong = f"{lines[0]['reference']}/1"
            yield lot
            if any(line["payee"] == "member" and float(line["base"]) >= SURELY_PAID for line in lines):
                yield from self._bank(number, day)
        yield from self._claims()

    def _lot(self, number: int, day: dt.date, lines: list[dict[str, Any]]) -> Line:
        return {
            "kind": "lot",
            "household_id": self._id,
            "number": number,
            "lot": f"{day:%y%j}{number:04}",
            "paid_on": day.isoformat(),
            "lines": lines,
        }

    def _paid_on(self, care: dt.date) -> dt.date:
        """Every second Thursday; what would be paid later than today is paid today."""
        ahead = 4 + (THURSDAY - care - dt.timedelta(days=4)).days % 14
        return min(care + dt.timedelta(days=ahead), self._today)

    def _bank(self, number: int, day: dt.date) -> Iterator[Line]:
        if self._random.random() < 0.003:  # noqa: PLR2004 - a transfer in three hundred comes back
            back = {"household_id": self._id, "number": number}
            yield {"kind": "returned", **back, "on": (day + dt.timedelta(days=3)).isoformat()}
            yield {"kind": "reissued", **back, "on": (day + dt.timedelta(days=12)).isoformat()}

    def _of_person(self, person: Person) -> Iterator[dict[str, Any]]:
        age = (self._today - person.birth_date).days // 365
        visits = self._random.randint(4, 9) + max(0, age - 30) // 5
        for _ in range(visits):
            day = self._today - dt.timedelta(days=self._random.randint(4, DAYS))
            if (person.died_on and day >= person.died_on) or day < person.birth_date:
                continue
            yield from self._visit(person, day)

    def _visit(self, person: Person, day: dt.date) -> Iterator[dict[str, Any]]:
        """The family doctor and what he prescribes, or something else."""
        if self._random.random() < 0.6:  # noqa: PLR2004 - said above
            yield self._line(person, acts.GENERAL, day, line=1)
            if self._random.random() < 0.7:  # noqa: PLR2004 - most prescriptions are for the pharmacy
                yield self._line(person, acts.MEDICINES, day, line=1)
            return
        act = acts.another(self._random)
        for _ in range(self._random.randint(2, 5) if act.kind == "paramedical" else 1):
            yield self._line(person, act, day, line=1)
            day = min(day + dt.timedelta(days=2), self._today - dt.timedelta(days=3))

    def _line(self, person: Person, act: Act, day: dt.date, *, line: int) -> dict[str, Any]:
        self._reference += 1
        paid, base = acts.price(act, day, self._random)
        parcours = self._parcours(person, act)
        doctor = person.doctor if act is acts.GENERAL and parcours == "coordinated" else None
        name = doctor["name"] if doctor else self._random.choice(act.who or ("Dr Rouvier",))
        facts: dict[str, Any] = {
            "reference": f"0{self._random.randint(100, 999)} {self._reference:012d}",
            "line": line,
            "person_id": person.person_id,
            "given_name": person.given_names.split()[0],
            "birth_date": person.birth_date.isoformat(),
            "care_date": day.isoformat(),
            "kind": act.kind,
            "code": act.code,
            "label": act.label,
            "professional": {
                "id": doctor["rpps"] if doctor else f"83{abs(sum(map(ord, name))) % 10**7:07d}",
                "name": name,
                "speciality": act.speciality or None,
            },
            "paid": _euros(paid),
            "base": _euros(base),
            "quantity": self._random.randint(1, act.most),
            "payee": act.payee,
            "parcours": parcours,
            **self._covers(person, act),
        }
        if self._random.random() < 0.8:  # noqa: PLR2004 - most have a mutuelle
            facts["transmission"] = {"insurer": "Mutuelle des Remparts", "sent_on": self._paid_on(day).isoformat()}
        return facts

    def _parcours(self, person: Person, act: Act) -> str:
        if act.kind != "doctor":
            return "not_concerned"
        return "coordinated" if person.doctor and self._random.random() < 0.95 else "outside"  # noqa: PLR2004 - rarely

    def _covers(self, person: Person, act: Act) -> dict[str, Any]:
        if "ald" in person.exemptions and act.kind in ("doctor", "medicine", "biology"):
            return {"covers": ["long_illness"], "rate": 100}
        confidential = bool(person.confidential) and self._random.random() < 0.2  # noqa: PLR2004 - some of such a child's
        return {"confidential": confidential} | ({"rate": act.rate} if act.rate else {})

    def _claims(self) -> Iterator[Line]:
        """One that has just arrived, and in some households one that waits or was rejected."""
        yield from self._claim("received", 2)
        if self._random.random() < 0.3:  # noqa: PLR2004 - said above
            yield from self._claim("received", 30)
            until = (self._today + dt.timedelta(days=30)).isoformat()
            yield self._news("pending", 25, reason=self._random.choice(REASONS), until=until)
        if self._random.random() < 0.15:  # noqa: PLR2004 - said above
            yield from self._claim("received", 60)
            yield self._news("rejected", 50, reason="already_paid")

    def _claim(self, stage: str, days: int) -> Iterable[Line]:
        self._reference += 1
        self._care = self._today - dt.timedelta(days=days + 5)
        return [self._news(stage, days)]

    def _news(self, stage: str, days: int, **more: str) -> Line:
        on = self._today - dt.timedelta(days=days)
        return {
            "kind": "claim",
            "household_id": self._id,
            "person_id": self._members[0].person_id,
            "reference": f"0999 {self._reference:012d}",
            "care_date": self._care.isoformat(),
            "stage": stage,
            "on": on.isoformat(),
            **more,
        }


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
