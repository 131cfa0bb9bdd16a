"""What was paid back and what was kept, line by line; claims on their way; statements. Amounts in cents."""

import datetime as dt
import uuid
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from pydantic import Field

from services.gateway.api.calls import Calling, Key, commanded, part
from services.gateway.api.files import described, pdf
from services.gateway.clients.reimbursement_answers import (
    Age,
    Beneficiary,
    Claims,
    Deductions,
    Detail,
    Row,
    Spending,
    Statements,
    Tomorrow,
    Totals,
)
from shared.kernel import Value

Word = Annotated[str, Field(max_length=100)]
Month = Annotated[str, Path(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]

router = APIRouter(tags=["Reimbursements"])


class Search(Value):
    """What to look for; nothing said is everything. In a body: words of care stand in no address."""

    beneficiary: uuid.UUID | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    kind: Word | None = None
    payee: Literal["member", "professional"] | None = None
    words: Word | None = None
    cursor: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,80}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Rows(Value):
    """The newest first; totals over all that was found. `next`: the cursor of those that follow."""

    rows: tuple[Row, ...]
    totals: Totals
    beneficiaries: tuple[Beneficiary, ...]
    next: str | None = None


class Report(Value):
    """What is wrong with a line."""

    motive: Literal["care_not_received", "professional_unknown", "amount_wrong", "paid_twice"]
    account: Annotated[str, Field(max_length=1000)] = ""


class Act(Value):
    """An act of tomorrow. Cents; `base` where it is known."""

    beneficiary: uuid.UUID
    kind: Word
    price: Annotated[int, Field(ge=1, lt=10**7)]
    base: Annotated[int, Field(ge=1, lt=10**7)] | None = None
    quantity: Annotated[int, Field(ge=1, le=20)] = 1
    parcours: Literal["coordinated", "army", "outside", "not_concerned"] = "not_concerned"
    payee: Literal["member", "professional"] = "member"
    practitioner: Literal["civil", "army_hospital", "military"] = "civil"


@router.post("/reimbursements/search")
async def search(call: Calling, wanted: Search) -> Rows:
    """A query: it changes nothing and needs no Idempotency-Key."""
    filters = wanted.model_dump(mode="json", exclude={"cursor", "limit"}, exclude_none=True)
    found = await call.site.reimbursements.search(call.who, {**filters, "everything": True})
    rows, following = part(found.rows, [row.id for row in found.rows], wanted.cursor, wanted.limit)
    return Rows(rows=tuple(rows), totals=found.totals, beneficiaries=found.beneficiaries, next=following)


@router.get("/reimbursements/lines/{line_id}")
async def line(call: Calling, line_id: uuid.UUID) -> Detail:
    """One line, with each step of its computation and where the rule stands."""
    return await call.site.reimbursements.line(call.who, str(line_id))


@router.post("/reimbursements/lines/{line_id}/reports", status_code=HTTPStatus.NO_CONTENT)
async def report(call: Calling, key: Key, line_id: uuid.UUID, wanted: Report) -> None:
    """Tell the fund that something is wrong with it."""
    done = call.site.reimbursements.report(call.who, key, str(line_id), wanted.motive, wanted.account)
    await commanded(call, key, "reimbursements", done)


@router.get("/reimbursements/fhir", response_class=Response, responses=described("application/fhir+json"))
async def fhir(call: Calling) -> Any:
    """All lines as FHIR ExplanationOfBenefit."""
    return Response(await call.site.reimbursements.explanations(call.who), media_type="application/fhir+json")


@router.get("/deductions")
async def deductions(call: Calling) -> Deductions:
    return await call.site.reimbursements.deductions(call.who)


@router.post("/deductions/tomorrow")
async def tomorrow(call: Calling, act: Act) -> Tomorrow:
    """What an act would bring, by the counters as they stand. A query: nothing is kept of it."""
    return await call.site.reimbursements.tomorrow(call.who, act.model_dump(mode="json", exclude_none=True))


@router.get("/reimbursements/age")
async def age(call: Calling) -> Age:
    """Until when the fund's word reaches that is shown."""
    return Age(as_of=await call.site.reimbursements.as_of(call.who))


@router.get("/claims")
async def claims(call: Calling) -> Claims:
    return await call.site.reimbursements.claims(call.who)


@router.get("/spending")
async def spending(call: Calling) -> Spending:
    return await call.site.reimbursements.spending(call.who)


@router.get("/statements")
async def statements(call: Calling) -> Statements:
    return await call.site.reimbursements.statements(call.who)


@router.get("/statements/{month}/pdf", response_class=Response, responses=described())
async def statement(call: Calling, month: Month) -> Any:
    return pdf(await call.site.reimbursements.statement(call.who, month))
