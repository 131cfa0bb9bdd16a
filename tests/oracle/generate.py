"""Households with years of claims, invented from a seed: every rule meets every limit sooner or later."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

KINDS = (
    "doctor", "biology", "sampling", "radiology", "dental", "midwife", "paramedical", "medicine", "pharmacist",
    "transport", "hospital", "device",
)  # fmt: skip
WEIGHTS = (30, 12, 3, 6, 4, 2, 14, 24, 1, 6, 2, 2)
COVERS = ("c2s", "ame", "military_pension", "terrorism", "health_risk", "long_illness")
PIVOTS = (dt.date(2024, 5, 14), dt.date(2024, 5, 15), dt.date(2024, 5, 16), dt.date(2024, 3, 30), dt.date(2024, 3, 31))


@dataclass
class Lot:
    """One payment run."""

    number: int
    paid_on: dt.date
    rows: list[dict[str, Any]]
    taken_back: list[str] = field(default_factory=list)


@dataclass
class Household:
    """Its lots, in the order of their numbers."""

    id: str
    lots: list[Lot]


class Care:
    """Invents one household after another."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - the same claims for the same seed
        self._number = 0

    def households(self, claims: int) -> Iterator[Household]:
        """At least so many claims."""
        made = 0
        while made < claims:
            household = self._household()
            made += sum(len(lot.rows) for lot in household.lots)
            yield household

    def _household(self) -> Household:
        random = self._random
        member = str(uuid.UUID(int=random.getrandbits(128), version=4))
        persons = [(member, dt.date(random.randint(1940, 2002), random.randint(1, 12), random.randint(1, 28)))]
        for _ in range(random.randint(0, 3)):
            born = dt.date(random.randint(1990, 2024), random.randint(1, 12), random.randint(1, 28))
            persons.append((str(uuid.UUID(int=random.getrandbits(128), version=4)), born))
        day = dt.date(random.choice((2016, 2023, 2024)), random.randint(1, 12), random.randint(1, 28))
        known: list[str] = []
        lots = [self._lot(number, day, persons, known) for number, day in self._days(day)]
        return Household(member, lots)

    def _days(self, day: dt.date) -> Iterator[tuple[int, dt.date]]:
        for number in range(1, self._random.randint(6, 30)):
            yield number, day
            day += dt.timedelta(days=self._random.choice((0, 3, 7, 14, 30, 30, 200)))

    def _lot(self, number: int, paid_on: dt.date, persons: list[tuple[str, dt.date]], known: list[str]) -> Lot:
        random = self._random
        care = paid_on - dt.timedelta(days=random.randint(0, 40))
        rows = [self._row(care, paid_on, persons) for _ in range(random.choice((1, 2, 3, 5, 8)))]
        back = [known.pop(random.randrange(len(known)))] if known and random.random() < 0.1 else []
        known += [row["name"] for row in rows]
        return Lot(number, paid_on, rows, back)

    def _row(self, care: dt.date, paid_on: dt.date, persons: list[tuple[str, dt.date]]) -> dict[str, Any]:
        random = self._random
        self._number += 1
        person, born = random.choice(persons)
        if random.random() < 0.3:
            care -= dt.timedelta(days=random.randint(0, 20))
        if random.random() < 0.1 and paid_on >= PIVOTS[2]:
            care = random.choice(PIVOTS)
        kind = random.choices(KINDS, WEIGHTS)[0]
        base = (
            Decimal(random.choice((random.randint(1, 500), random.randint(500, 8000), random.randint(11000, 13000))))
            / 100
        )
        reference = f"{random.randint(0, 9999):04} {self._number:012}"
        return {
            "name": f"{reference}/1",
            "reference": reference,
            "line": 1,
            "person": person,
            "insured": person == persons[0][0],
            "born": born,
            "care": min(max(care, born), paid_on),
            "kind": kind,
            "who": f"1010120{random.randint(1, 3):04}",
            "military": random.random() < 0.02,
            "army_hospital": random.random() < 0.5,
            "base": base,
            "paid": base + random.choice((Decimal(0), Decimal("12.34"))),
            "rate": random.choice((None, None, None, 15, 30, 65, 100)) if kind == "medicine" else random.choice((None, None, None, 100)),
            "quantity": random.choice((1, 1, 1, 2, 4, 7)),
            "parcours": random.choice(("coordinated", "coordinated", "outside", "army", "not_concerned")),
            "payee": random.choice(("member", "member", "professional")),
            "covers": (random.choice(COVERS),) if random.random() < 0.1 else (),
            "stay": random.random() < 0.05,
            "urgent": random.random() < 0.3,
            "due": care + dt.timedelta(days=random.randint(-20, 140)) if random.random() < 0.03 else None,
            "territory": random.choice(("975", "976", "988", "988")) if random.random() < 0.03 else None,
            "months": random.choice((None, 3, 6, 7)),
        }  # fmt: skip
