"""« Mes remboursements »: by payment and by act, what is looked for, a file of it, and where a claim is."""

import csv
import datetime as dt
import io
from calendar import monthrange
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from services.gateway.clients.reimbursement_answers import Found, Row
from services.gateway.drafts import Looking
from services.gateway.pages import reimbursement_words as words
from services.gateway.pages.asking import MemberVisit, Posting
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused
from shared.web.french import PARIS, month
from shared.web.spreadsheet import safe

BASE: Final = "/mes-remboursements"
MONTHS: Final = 27
NATURES: Final[Mapping[str, str]] = {"line": "Soin", "correction": "Annulation", "recovery": "Retenue"}
COLUMNS: Final = (
    "Nature", "Bénéficiaire", "Date du soin", "Soin", "Professionnel", "Dossier", "Payé", "Base", "Taux", "Remboursé",
    "Participation", "Franchise", "Versé à vous", "Versé au professionnel", "Date de paiement", "Annulé le",
)  # fmt: skip

router = APIRouter(prefix=BASE)


@router.get("")
async def listed(
    visit: MemberVisit, vue: str = "paiements", page: Annotated[int, Query(ge=1, le=1000)] = 1
) -> Response:
    by_payment = vue != "actes"
    looking = visit.session.state.looking or Looking()
    found = await _found(visit, looking, page=page, by_payment=by_payment)
    return await visit.page(
        "money/list.html",
        found=found,
        looking=looking,
        narrowed=looking != Looking(),
        by_payment=by_payment,
        months=[(value, month(value)) for value in months(today(visit))],
        kinds=words.KINDS,
        natures=NATURES,
        transfers=words.TRANSFERS,
        as_of=await visit.site.reimbursements.as_of(visit.who),
    )


@router.post("")
async def look(visit: MemberVisit, posted: Posting) -> Response:
    """What is looked for is kept in the session: words of care stand in no address."""
    typed = {name: posted.fields.get(name, "").strip()[:100] for name in Looking.model_fields}
    visit.session.change(looking=_sensible(Looking(**typed), months(today(visit))))
    view = "actes" if posted.fields.get("vue") == "actes" else "paiements"
    return await visit.go(f"{BASE}?vue={view}")


@router.post("/tout")
async def everything(visit: MemberVisit, posted: Posting) -> Response:
    visit.session.change(looking=None)
    view = "actes" if posted.fields.get("vue") == "actes" else "paiements"
    return await visit.go(f"{BASE}?vue={view}")


@router.get("/fichier.csv")
async def as_csv(visit: MemberVisit) -> Response:
    looking = visit.session.state.looking or Looking()
    found = await _found(visit, looking, everything=True)
    headers = {"Content-Disposition": 'attachment; filename="mes-remboursements.csv"'}
    return Response(table(found.rows), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/donnees-fhir.json")
async def as_fhir(visit: MemberVisit) -> Response:
    content = await visit.site.reimbursements.explanations(visit.who)
    headers = {"Content-Disposition": 'attachment; filename="mes-remboursements-fhir.json"'}
    return Response(content, media_type="application/fhir+json", headers=headers)


@router.get("/suivi")
async def where(visit: MemberVisit) -> Response:
    found = await visit.site.reimbursements.claims(visit.who)
    return await visit.page(
        "money/claims.html",
        claims=[one for one in found.claims if visit.beneficiary in {None, one.person_id}],
        stages=words.STAGES,
        reasons=words.REASONS,
        otherwise=words.ELSE,
        as_of=await visit.site.reimbursements.as_of(visit.who),
    )


async def _found(visit: Visit, looking: Looking, **more: Any) -> Found:
    """What fits; a person who is no longer shown to the member leaves the filter."""
    wanted = {name: value for name, value in looking.model_dump().items() if value}
    wanted |= {"beneficiary": visit.beneficiary} if visit.beneficiary else {}
    if "since" in wanted:
        wanted["since"] = f"{looking.since}-01"
    if "until" in wanted:
        year, number = map(int, looking.until.split("-"))
        wanted["until"] = dt.date(year, number, monthrange(year, number)[1]).isoformat()
    try:
        return await visit.site.reimbursements.search(visit.who, {**wanted, **more})
    except Refused as refused:
        if refused.code != "request-invalid" or not wanted:
            raise
        visit.session.change(looking=None)
        of_person = {"beneficiary": visit.beneficiary} if visit.beneficiary else {}
        return await visit.site.reimbursements.search(visit.who, {**of_person, **more})


def today(visit: Visit) -> dt.date:
    """The day in France."""
    return visit.site.clock.now().astimezone(PARIS).date()


def months(day: dt.date) -> Sequence[str]:
    """The months that a member sees, the newest first."""
    newest = day.year * 12 + day.month - 1
    return [f"{one // 12:04}-{one % 12 + 1:02}" for one in range(newest, newest - MONTHS, -1)]


def _sensible(looking: Looking, known: Sequence[str]) -> Looking:
    """Without what no form of ours can have sent, the two months in their order."""
    since = looking.since if looking.since in known else ""
    until = looking.until if looking.until in known else ""
    if since and until and since > until:
        since, until = until, since
    kind = looking.kind if looking.kind in words.KINDS else ""
    payee = looking.payee if looking.payee in ("member", "professional") else ""
    return looking.model_copy(update={"since": since, "until": until, "kind": kind, "payee": payee})


def table(rows: Sequence[Row]) -> bytes:
    """A file that a French spreadsheet opens: semicolons, decimal commas, UTF-8 with a mark, no formula."""
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            [NATURES[row.nature], safe(row.given_name), row.care_date or "", safe(row.label), safe(row.professional),
             row.reference, *map(_euros, (row.paid, row.base)), row.rate,
             *map(_euros, (row.gross, row.participation, row.franchise, row.to_member, row.to_professional)),
             row.paid_on, row.cancelled_on or ""]
        )  # fmt: skip
    return lines.getvalue().encode("utf-8-sig")


def _euros(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02}"
