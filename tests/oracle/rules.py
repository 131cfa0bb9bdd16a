"""An independent second computation of the rules, from the articles and in Decimal euros; it imports nothing of ours.

Rows are plain dictionaries. Amounts come from one table of text, read by date; ceilings are found by walking over all
earlier rows again, not by counters. Slow and obvious on purpose: it is what the engine is judged by.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Row = dict[str, Any]
D = Decimal
CENT, NOTHING = D("0.01"), D(0)

# from | participation | box | paramedical act | trip | paramedical per day | trips per day     (R160-19, D160-9, D160-11)
TABLE = """
0001-01-01 | 0 | 0    | 0    | 0 | 0 | 0
2005-01-01 | 1 | 0    | 0    | 0 | 0 | 0
2008-01-01 | 1 | 0.50 | 0.50 | 2 | 2 | 4
2024-03-31 | 1 | 1    | 1    | 4 | 4 | 8
2024-05-15 | 2 | 1    | 1    | 4 | 4 | 8
"""
AMOUNTS = [
    (dt.date.fromisoformat(cells[0]), [D(cell) for cell in cells[1:]])
    for cells in ([cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines())
]
PARTICIPATION, BOX, ACT, TRIP, ACTS_A_DAY, TRIPS_A_DAY = range(6)
A_YEAR = D(50)  # D160-6 and D160-10: each of the two
OF_DOCTORS = {"doctor", "biology", "radiology"}  # L160-13 II; D160-8: a sampling leaves it to the analysis
EXEMPT = {"c2s", "ame", "military_pension", "terrorism", "health_risk"}  # not the long illness
RATES = {
    "doctor": 70, "radiology": 70, "midwife": 70, "pharmacist": 70, "biology": 60, "sampling": 60, "paramedical": 60,
    "device": 60, "medicine": 65, "hospital": 80,
}  # fmt: skip


def in_force(day: dt.date, what: int) -> Decimal:
    return [amounts for since, amounts in AMOUNTS if since <= day][-1][what]


def rate_of(row: Row) -> int:
    if row["rate"] is not None:
        return int(row["rate"])
    if row["kind"] == "dental":
        return 60 if row["care"] >= dt.date(2023, 10, 15) else 70
    if row["kind"] == "transport":
        return 55 if row["care"] >= dt.date(2023, 8, 1) else 65
    return RATES[row["kind"]]


def in_maternity(row: Row) -> bool:
    """L160-9, D160-3: 4 months before the presumed day, 12 days after."""
    due = row["due"]
    if due is None:
        return False
    year, month = (due.year, due.month - 4) if due.month > 4 else (due.year - 1, due.month + 8)
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    last_of_month = (following - dt.timedelta(days=1)).day
    begins = dt.date(year, month, min(due.day, last_of_month))
    return bool(begins <= row["care"] <= due + dt.timedelta(days=12))


def reimbursed(row: Row) -> Decimal:
    """Before deductions."""
    if row["military"] and not row["army_hospital"]:  # D713-4 1°
        return NOTHING
    if row["territory"] in ("975", "976") or (row["territory"] == "988" and (row["months"] or 0) > 6):
        return NOTHING
    if "military_pension" in row["covers"] or in_maternity(row):
        return D(row["base"])
    rate = rate_of(row)
    outside = row["kind"] == "doctor" and row["parcours"] == "outside"
    if outside and row["care"] >= dt.date(2009, 1, 31):
        rate = max(0, rate - 40)
    paid = (row["base"] * rate / 100).quantize(CENT, ROUND_HALF_UP)
    heavy = row["kind"] == "doctor" and not outside and rate < 100 and row["care"] >= dt.date(2019, 1, 1)
    if heavy and row["base"] >= 120:
        paid = max(paid, row["base"] - 24)
    return D(paid)


def is_exempt(row: Row) -> bool:
    born, care = row["born"], row["care"]
    eighteen = care.year - born.year - ((care.month, care.day) < (born.month, born.day)) >= 18
    # R160-20: a dependant bears them from the year on which he enters as an adult
    adult = eighteen if row["insured"] else (born.year + 18, born.month, born.day) <= (care.year, 1, 1)
    urgent = row["kind"] == "transport" and row["urgent"]
    return not adult or in_maternity(row) or bool(EXEMPT & set(row["covers"])) or row["stay"] or urgent


def deduction(row: Row, before: Sequence[Row]) -> Decimal:
    """Of one row, `before` being all rows computed earlier that still stand, each with its `kept`."""
    gross, day, kind = reimbursed(row), row["care"], row["kind"]
    if gross == 0 or is_exempt(row):
        return NOTHING
    mine = [one for one in before if one["person"] == row["person"]]
    same_day = [one for one in mine if one["care"] == day]
    if kind in OF_DOCTORS:
        unit = in_force(day, PARTICIPATION)
        that_day = sum(
            (one["kept"] for one in same_day if one["kind"] in OF_DOCTORS and one["who"] == row["who"]), NOTHING
        )
        that_year = sum(
            (one["kept"] for one in mine if one["kind"] in OF_DOCTORS and one["paid_on"].year == row["paid_on"].year),
            NOTHING,
        )
        return max(NOTHING, min(unit * row["quantity"], 4 * unit - that_day, A_YEAR - that_year))
    if kind not in ("medicine", "paramedical", "transport"):
        return NOTHING
    unit = in_force(day, {"medicine": BOX, "paramedical": ACT, "transport": TRIP}[kind])
    due = unit * row["quantity"]
    if kind != "medicine":
        cap = in_force(day, ACTS_A_DAY if kind == "paramedical" else TRIPS_A_DAY)
        due = min(due, cap - sum((one["kept"] for one in same_day if one["kind"] == kind), NOTHING))
    others = ("medicine", "paramedical", "transport")
    that_year = sum(
        (one["kept"] for one in mine if one["kind"] in others and one["paid_on"].year == row["paid_on"].year), NOTHING
    )
    return max(NOTHING, min(due, A_YEAR - that_year, gross))


class Book:
    """One household. `lot` is told rows and the names of rows taken back; it answers what the member is paid."""

    def __init__(self, limitation: int) -> None:
        self.limitation = limitation
        self.rows: dict[str, Row] = {}
        self.debts: list[Row] = []
        self.due = self.recovered = self.cancelled = self.annulled = self.withheld = NOTHING

    def lot(self, rows: Sequence[Row], paid_on: dt.date, taken_back: Sequence[str] = ()) -> Decimal:
        balance = sum((self._take_back(name) for name in taken_back), NOTHING)
        for row in sorted(rows, key=lambda one: (one["care"], one["reference"], one["line"])):
            balance += self._settle({**row, "paid_on": paid_on})
        if balance < 0:
            self._owe(f"overpaid {paid_on} {len(self.debts)}", -balance, paid_on, deduction_=False)
            balance = NOTHING
        self._end_debts(paid_on)
        for debt in self.debts:
            part = min(debt["left"], balance)
            balance -= part
            debt["left"] -= part
            debt["back"] += part
            self.recovered += part if debt["deduction"] else NOTHING
        return balance

    def _settle(self, row: Row) -> Decimal:
        gross, kept = reimbursed(row), deduction(row, list(self.rows.values()))
        to_member = row["payee"] == "member"
        withheld = min(gross, kept) if to_member else NOTHING
        self.due += kept
        self.withheld += withheld
        self.rows[row["name"]] = {
            **row,
            "gross": gross,
            "kept": kept,
            "net": gross - withheld if to_member else NOTHING,
        }
        if kept > withheld:
            self._owe(row["name"], kept - withheld, row["paid_on"], deduction_=True)
        return self.rows[row["name"]]["net"]  # type: ignore[no-any-return]

    def _owe(self, name: str, amount: Decimal, day: dt.date, *, deduction_: bool) -> None:
        leap = (day.month, day.day) == (2, 29)
        ends = dt.date(day.year + self.limitation, day.month, 28 if leap else day.day)
        self.debts.append({"name": name, "left": amount, "back": NOTHING, "ends": ends, "deduction": deduction_})

    def _take_back(self, name: str) -> Decimal:
        row = self.rows.pop(name)
        debts = [debt for debt in self.debts if debt["name"] == name]
        self.debts = [debt for debt in self.debts if debt["name"] != name]
        back = sum((debt["back"] for debt in debts), NOTHING)
        self.annulled += sum((debt["left"] for debt in debts), NOTHING)
        return D(back - row["net"])

    def _end_debts(self, day: dt.date) -> None:
        for debt in self.debts:
            if debt["ends"] <= day:
                self.cancelled += debt["left"] if debt["deduction"] else NOTHING
                debt["left"] = NOTHING

    @property
    def owed(self) -> Decimal:
        return sum((debt["left"] for debt in self.debts), NOTHING)


def totals(rows: Mapping[str, Row]) -> dict[str, Decimal]:
    """What was kept, by person, kind of deduction and year of reimbursement."""
    found: dict[str, Decimal] = {}
    for row in rows.values():
        name = "participation" if row["kind"] in OF_DOCTORS else "franchise"
        key = f"{name}|{row['person']}|{row['paid_on'].year}"
        found[key] = found.get(key, NOTHING) + row["kept"]
    return {key: amount for key, amount in found.items() if amount}
