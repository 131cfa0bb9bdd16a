"""« Déclarer ma carte Vitale perdue, volée ou détériorée »: reason, facts, recap on honour, and the answer."""

import uuid
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Response

from services.gateway.clients.cards import ReportFacts, Vitale
from services.gateway.clients.channel import Refused
from services.gateway.drafts import Report, Reported
from services.gateway.pages.asking import MemberVisit, Posting
from services.gateway.pages.forms import Typed, date_parts
from services.gateway.pages.report_forms import FactsForm, HonourForm, ReasonForm

BASE: Final = "/ma-carte-vitale/declaration"
UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY

router = APIRouter(prefix=BASE)


@router.get("")
async def reason_form(visit: MemberVisit) -> Response:
    vitale = await _vitale(visit)
    if vitale is None or not vitale.reportable:
        return await visit.page("vitale/nothing_to_report.html", vitale=vitale)
    draft = visit.session.state.report
    typed = Typed({"reason": draft.reason}) if draft else Typed()
    return await visit.page("vitale/reason.html", typed=typed, vitale=vitale)


@router.post("")
async def reason(visit: MemberVisit, posted: Posting) -> Response:
    vitale = await _vitale(visit)
    if vitale is None or not vitale.reportable:
        return await visit.go(BASE)
    form, typed = visit.read(ReasonForm, posted.fields)
    if form is None:
        return await visit.page("vitale/reason.html", status=UNPROCESSABLE, typed=typed, vitale=vitale)
    before = visit.session.state.report
    kept = before.model_dump(include={"happened_on", "place"}) if before else {}
    visit.session.change(
        report=Report(declaration_id=str(uuid.uuid4()), card_id=vitale.card_id, reason=form.reason, **kept)
    )
    return await visit.go(f"{BASE}/circonstances")


@router.get("/circonstances")
async def facts_form(visit: MemberVisit) -> Response:
    draft = visit.session.state.report
    if draft is None:
        return await visit.go(BASE)
    return await visit.page("vitale/facts.html", draft=draft, typed=Typed(_shown(draft)), dates=FactsForm.DATES)


@router.post("/circonstances")
async def facts(visit: MemberVisit, posted: Posting) -> Response:
    draft = visit.session.state.report
    if draft is None:
        return await visit.go(BASE, notice="report-lost")
    form, typed = visit.read(FactsForm, posted.fields)
    if form is None:
        return await visit.page(
            "vitale/facts.html", status=UNPROCESSABLE, draft=draft, typed=typed, dates=FactsForm.DATES
        )
    visit.session.change(report=draft.model_copy(update=form.model_dump()))
    return await visit.go(f"{BASE}/recapitulatif")


@router.get("/recapitulatif")
async def recap(visit: MemberVisit) -> Response:
    draft = _complete(visit)
    if draft is None:
        return await visit.go(BASE)
    return await _recap(visit, draft, Typed())


@router.post("/recapitulatif")
async def send(visit: MemberVisit, posted: Posting) -> Response:
    """The command's id is the declaration's own: this tab, the back button and a second tab send the same one."""
    draft = _complete(visit)
    if draft is None:
        done = visit.session.state.reported
        sent = done is not None and done.declaration_id == posted.fields.get("declaration")
        return await visit.go(f"{BASE}/faite") if sent else await visit.go(BASE, notice="report-lost")
    form, typed = visit.read(HonourForm, posted.fields)
    if form is None:
        return await _recap(visit, draft, typed, status=UNPROCESSABLE)
    facts = ReportFacts(**draft.model_dump())
    try:
        written = await visit.site.cards.report(visit.who, draft.declaration_id, facts)
    except Refused as refused:
        return await _refused(visit, draft, refused)
    visit.remember("cards", written)
    return await _done(visit, draft)


async def _refused(visit: MemberVisit, draft: Report, refused: Refused) -> Response:
    """A declaration that was stored, whose answer was lost and which was then changed, stays as it was first sent."""
    if refused.code == "command-reused":
        return await _done(visit, draft)
    if not refused.code.startswith("vitale-"):
        raise refused
    visit.session.change(report=None)
    return await visit.page("vitale/refused.html", status=HTTPStatus.CONFLICT, code=refused.code)


async def _done(visit: MemberVisit, draft: Report) -> Response:
    visit.session.change(report=None, reported=Reported(declaration_id=draft.declaration_id, card_id=draft.card_id))
    return await visit.go(f"{BASE}/faite")


@router.get("/faite")
async def done(visit: MemberVisit) -> Response:
    reported = visit.session.state.reported
    vitale = await _vitale(visit)
    if reported is None or vitale is None or vitale.card_id != reported.card_id:
        return await visit.go("/ma-carte-vitale")
    shows = vitale.declaration_id == reported.declaration_id
    return await visit.page("vitale/done.html", vitale=vitale if shows else None)


async def _recap(visit: MemberVisit, draft: Report, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    vitale = await _vitale(visit)
    if vitale is None or vitale.card_id != draft.card_id or not vitale.reportable:
        visit.session.change(report=None)
        return await visit.go(BASE)
    return await visit.page("vitale/recap.html", status=status, draft=draft, vitale=vitale, typed=typed)


async def _vitale(visit: MemberVisit) -> Vitale | None:
    return (await visit.site.cards.vitale(visit.who, visit.written("cards"))).value


def _complete(visit: MemberVisit) -> Report | None:
    draft = visit.session.state.report
    return draft if draft is not None and draft.happened_on is not None and draft.place is not None else None


def _shown(draft: Report) -> dict[str, str]:
    shown: dict[str, Any] = {"place": draft.place or ""}
    if draft.happened_on is not None:
        day, month, year = date_parts("happened_on")
        date = draft.happened_on
        shown |= {day: str(date.day), month: str(date.month), year: str(date.year)}
    return shown
