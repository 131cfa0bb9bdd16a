"""Invented facts of one household, and a ledger that remembers its events."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from services.reimbursements.domain import commands as c
from services.reimbursements.domain import events as e
from services.reimbursements.domain.facts import Kind, LineFacts, Payee, Professional
from services.reimbursements.domain.ids import HouseholdId, PersonId
from services.reimbursements.domain.ledger import household
from services.reimbursements.domain.settled import Settled

AT = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
PAID_ON = dt.date(2026, 3, 12)
CARE = dt.date(2026, 3, 2)
LIMITATION = 5


def made(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


MEMBER = PersonId(made("member"))
PARTNER = PersonId(made("partner"))
CHILD = PersonId(made("child"))
HOUSEHOLD = HouseholdId(MEMBER)
GP = Professional(id="10101201234", name="Dr Morvan", speciality="Médecine générale")
OTHER_GP = Professional(id="10101201235", name="Dr Rouvier", speciality="Médecine générale")
PHARMACY = Professional(id="830012345", name="Pharmacie du Port")
LAB = Professional(id="830054321", name="Laboratoire des Remparts")
BORN = dict.fromkeys((MEMBER, PARTNER), dt.date(1985, 1, 15)) | {CHILD: dt.date(2015, 6, 1)}
NAMES = {MEMBER: "Camille", PARTNER: "Loïc", CHILD: "Inès"}
CODES = {Kind.DOCTOR: "G", Kind.MEDICINE: "PH7", Kind.PARAMEDICAL: "AMI", Kind.TRANSPORT: "VSL", Kind.BIOLOGY: "B"}

_numbers = iter(range(1, 10**9))


def line(kind: Kind = Kind.DOCTOR, base: int = 3000, **facts: Any) -> LineFacts:
    """A line; a doctor's at 70 % for the member unless told otherwise. Cents."""
    person = facts.pop("person_id", MEMBER)
    known: dict[str, Any] = {
        "reference": f"0001 {next(_numbers):012d}",
        "line": 1,
        "person_id": person,
        "given_name": NAMES[person],
        "birth_date": BORN[person],
        "care_date": CARE,
        "kind": kind,
        "code": CODES.get(kind, "X"),
        "label": f"Soin {kind}",
        "professional": GP,
        "paid": base,
        "base": base,
    }
    return LineFacts(**{**known, **facts})


def third_party(kind: Kind = Kind.MEDICINE, base: int = 1000, **facts: Any) -> LineFacts:
    return line(kind, base, **{"payee": Payee.PROFESSIONAL, "professional": PHARMACY, **facts})


class Ledger:
    """One household's ledger: lots are numbered as they come."""

    def __init__(self, household_id: HouseholdId = HOUSEHOLD) -> None:
        self.household_id = household_id
        self.events: list[e.LedgerEvent] = []
        self.state = household.initial

    def lot(
        self, *lines: LineFacts, paid_on: dt.date = PAID_ON, number: int | None = None, cancels: Iterable[str] = ()
    ) -> list[e.LedgerEvent]:
        number = self.state.last + 1 if number is None else number
        return self.do(
            lot(*lines, household_id=self.household_id, paid_on=paid_on, number=number, cancels=tuple(cancels))
        )

    def do(self, command: c.LedgerCommand) -> list[e.LedgerEvent]:
        events = household.decide(self.state, command)
        self.state = household.fold(events, self.state)
        self.events += events
        return events

    @property
    def settled(self) -> list[Settled]:
        return [one.line for one in self.events if isinstance(one, e.LineSettled) and isinstance(one.line, Settled)]

    @property
    def payments(self) -> list[int]:
        """What the member was paid, lot by lot."""
        return [
            one.payment.to_member
            for one in self.events
            if isinstance(one, e.PaymentIssued) and isinstance(one.payment, e.Paid)
        ]

    @property
    def owed(self) -> int:
        return sum(debt.remaining for debt in self.state.debts.values())


def lot(
    *lines: LineFacts,
    number: int = 1,
    paid_on: dt.date = PAID_ON,
    cancels: tuple[str, ...] = (),
    household_id: HouseholdId = HOUSEHOLD,
) -> c.SettleLot:
    return c.SettleLot(
        at=AT,
        household_id=household_id,
        number=number,
        lot=f"2026{number:06d}",
        paid_on=paid_on,
        lines=lines,
        cancels=cancels,
        limitation_years=LIMITATION,
    )


def settle_one(facts: LineFacts, paid_on: dt.date = PAID_ON) -> Settled:
    """A line on an empty ledger."""
    ledger = Ledger()
    ledger.lot(facts, paid_on=paid_on)
    [settled] = ledger.settled
    return settled


def rules(settled: Settled) -> list[str]:
    return [step.rule for step in settled.steps]
