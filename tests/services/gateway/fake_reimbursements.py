"""A reimbursements service that answers from memory."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.gateway.clients import reimbursement_answers as r
from services.gateway.clients.reimbursements import Summary
from services.gateway.clients.who import Who
from shared.web.channel import Fresh, Refused, Written
from tests.services.gateway.fake_base import Fake

LINE = "5b0c3b7e-2f0c-4c58-9f57-0d9a3f1b2c01"
CHILD = "2d1f6e0a-9d4e-4b7c-8c8a-6a0f0e1d2c03"
D = dt.date

ROW = r.Row.model_validate(
    {
        "id": LINE, "nature": "line", "person_id": "p", "given_name": "Camille", "care_date": "2026-10-02",
        "paid_on": "2026-10-08", "number": 7, "kind": "doctor", "label": "Consultation", "reference": "0001 000000000001",
        "professional": "Dr Morvan", "payee": "member", "paid": 3000, "base": 3000, "rate": 70, "gross": 2100,
        "participation": 200, "withheld": 200, "to_member": 1900,
    }
)  # fmt: skip
RECOVERY = r.Row.model_validate(
    {
        "id": "d.7", "nature": "recovery", "person_id": "p", "given_name": "Camille", "care_date": "2026-09-12",
        "paid_on": "2026-10-08", "number": 7, "kind": "medicine", "label": "Médicaments", "reference": "0001 000000000002",
        "to_member": -400,
    }
)  # fmt: skip
PAYMENT = r.Payment(
    number=7, lot="26281", paid_on=D(2026, 10, 8), to_member=1500, to_professionals=0, account="FR76 •••• 0189"
)
DETAIL = r.Detail(
    row=ROW,
    steps=(
        r.Step(rule="base", value=3000),
        r.Step(rule="rate", value=70, source="L160-13 I"),
        r.Step(rule="ticket", value=900, source="L160-13 I"),
        r.Step(rule="participation", value=200, source="R160-19", since=D(2024, 5, 15)),
    ),
    code="G",
    quantity=1,
    parcours="coordinated",
    overrun=0,
    ticket=900,
    payment=PAYMENT,
)


TOMORROW = r.Tomorrow(
    price=3000,
    base=3000,
    rate=70,
    gross=2100,
    deduction=200,
    owed=0,
    recovered=300,
    to_member=1600,
    to_professional=0,
    borne=1100,
    steps=DETAIL.steps,
)


@dataclass
class FakeReimbursements(Fake):
    """One payment of one line and one recovery."""

    name: str = "reimbursements"
    rows: tuple[r.Row, ...] = (ROW, RECOVERY)
    detail: r.Detail = DETAIL
    deducted: r.Deductions = field(default_factory=r.Deductions)
    known: tuple[r.Claim, ...] = ()
    months: tuple[r.MonthOfSpending, ...] = ()
    listed: tuple[r.Statement, ...] = ()
    pages: int = 1
    age: dt.datetime | None = dt.datetime(2026, 11, 24, 5, tzinfo=dt.UTC)

    async def search(self, who: Who, wanted: Mapping[str, Any]) -> r.Found:
        self.called("search", who=who, wanted=dict(wanted))
        by_payment = bool(wanted.get("by_payment"))
        shown = (r.Shown(payment=PAYMENT, others=0, rows=self.rows),) if self.rows else ()
        return r.Found(
            rows=() if by_payment else self.rows,
            payments=shown if by_payment else (),
            totals=r.Totals(rows=len(self.rows), paid=3000, reimbursed=2100, deductions=200, to_member=1500),
            page=wanted.get("page", 1),
            pages=self.pages,
            beneficiaries=(
                r.Beneficiary(person_id="p", given_name="Camille"),
                r.Beneficiary(person_id=CHILD, given_name="Inès"),
            ),
        )

    paid: r.Payment = PAYMENT

    async def summary(self, who: Who) -> Fresh[Summary]:
        self.called("summary", who=who)
        found = Summary(
            payment=self.paid if self.rows else None,
            claims=r.Claims(claims=self.known),
            deductions=self.deducted,
            as_of=self.age,
        )
        return Fresh(found, as_of=self.age)

    async def line(self, who: Who, line_id: str) -> r.Detail:
        self.called("line", who=who, line_id=line_id)
        if line_id != LINE:
            raise Refused("not-found", 404)
        return self.detail

    async def report(self, who: Who, command_id: str, line_id: str, motive: str, account: str) -> Written:
        self.called("report", who=who, command_id=command_id, line_id=line_id, motive=motive, account=account)
        return Written(stream="signal:1", version=1)

    async def deductions(self, who: Who) -> r.Deductions:
        self.called("deductions", who=who)
        return self.deducted

    async def tomorrow(self, who: Who, question: Mapping[str, Any]) -> r.Tomorrow:
        self.called("tomorrow", who=who, question=dict(question))
        if question["beneficiary"] not in {"p", CHILD, who.member}:
            raise Refused("not-found", 404)
        return TOMORROW

    async def claims(self, who: Who) -> r.Claims:
        self.called("claims", who=who)
        return r.Claims(claims=self.known)

    async def spending(self, who: Who) -> r.Spending:
        self.called("spending", who=who)
        return r.Spending(months=self.months)

    async def statements(self, who: Who) -> r.Statements:
        self.called("statements", who=who)
        return r.Statements(statements=self.listed)

    async def statement(self, who: Who, month: str) -> bytes:
        self.called("statement", who=who, month=month)
        if month != "2026-10":
            raise Refused("not-found", 404)
        return b"%PDF-1.7"

    async def explanations(self, who: Who) -> bytes:
        self.called("explanations", who=who)
        return b'{"resourceType": "Bundle"}'

    async def as_of(self, who: Who) -> dt.datetime | None:
        self.called("as_of", who=who)
        return self.age
