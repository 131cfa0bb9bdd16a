"""« Déclarer ma carte Vitale perdue, volée ou détériorée »: reason, facts, recap on honour, and the answer."""

import uuid
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Response

from services.gateway.clients.cards import ReportFacts, Vitale
from services.gateway.drafts import Report, Reported
from services.gateway.pages.asking import Posting
from services.gateway.pages.report_forms import FactsForm, HonourForm, ReasonForm
from services.gateway.pages.subject import CardsVisit
from shared.web.channel import Refused
from shared.web.forms import Typed, date_parts

BASE: Final = "/ma-carte-vitale/declaration"
UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY

router = APIRouter(prefix=BASE)


@router.get("")
async def reason_form(about: CardsVisit) -> Response:
    vitale = await _vitale(about)
    if vitale is None or not vitale.reportable:
        return await about.page("vitale/nothing_to_report.html", vitale=vitale)
    draft = about.visit.session.state.report
    typed = Typed({"reason": draft.reason}) if draft else Typed()
    return await about.page("vitale/reason.html", typed=typed, vitale=vitale)


@router.post("")
async def reason(posted: Posting, about: CardsVisit) -> Response:
    vitale = await _vitale(about)
    if vitale is None or not vitale.reportable:
        return await about.visit.go(BASE)
    form, typed = about.visit.read(ReasonForm, posted.fields)
    if form is None:
        return await about.page("vitale/reason.html", status=UNPROCESSABLE, typed=typed, vitale=vitale)
    before = about.visit.session.state.report
    kept = before.model_dump(include={"happened_on", "place"}) if before else {}
    about.visit.session.change(
        report=Report(declaration_id=str(uuid.uuid4()), card_id=vitale.card_id, reason=form.reason, **kept)
    )
    return await about.visit.go(f"{BASE}/circonstances")


@router.get("/circonstances")
async def facts_form(about: CardsVisit) -> Response:
    draft = about.visit.session.state.report
    if draft is None:
        return await about.visit.go(BASE)
    return await about.page("vitale/facts.html", draft=draft, typed=Typed(_shown(draft)), dates=FactsForm.DATES)


@router.post("/circonstances")
async def facts(posted: Posting, about: CardsVisit) -> Response:
    draft = about.visit.session.state.report
    if draft is None:
        return await about.visit.go(BASE, notice="report-lost")
    form, typed = about.visit.read(FactsForm, posted.fields)
    if form is None:
        return await about.page(
            "vitale/facts.html", status=UNPROCESSABLE, draft=draft, typed=typed, dates=FactsForm.DATES
        )
    about.visit.session.change(report=draft.model_copy(update=form.model_dump()))
    return await about.visit.go(f"{BASE}/recapitulatif")


@router.get("/recapitulatif")
async def recap(about: CardsVisit) -> Response:
    draft = _complete(about)
    if draft is None:
        return await about.visit.go(BASE)
    return await _recap(about, draft, Typed())


@router.post("/recapitulatif")
async def send(posted: Posting, about: CardsVisit) -> Response:
    """The command's id is the declaration's own: this tab, the back button and a second tab send the same one."""
    draft = _complete(about)
    if draft is None:
        done = about.visit.session.state.reported
        sent = done is not None and done.declaration_id == posted.fields.get("declaration")
        return await about.visit.go(f"{BASE}/faite") if sent else await about.visit.go(BASE, notice="report-lost")
    form, typed = about.visit.read(HonourForm, posted.fields)
    if form is None:
        return await _recap(about, draft, typed, status=UNPROCESSABLE)
    facts = ReportFacts(**draft.model_dump())
    try:
        written = await about.visit.site.cards.report(about.who, draft.declaration_id, facts)
    except Refused as refused:
        return await _refused(about, draft, refused)
    about.visit.remember("cards", written)
    return await _done(about, draft)


async def _refused(about: CardsVisit, draft: Report, refused: Refused) -> Response:
    """A declaration that was stored, whose answer was lost and which was then changed, stays as it was first sent."""
    if refused.code == "command-reused":
        return await _done(about, draft)
    if not refused.code.startswith("vitale-"):
        raise refused
    about.visit.session.change(report=None)
    return await about.page("vitale/refused.html", status=HTTPStatus.CONFLICT, code=refused.code)


async def _done(about: CardsVisit, draft: Report) -> Response:
    about.visit.session.change(
        report=None, reported=Reported(declaration_id=draft.declaration_id, card_id=draft.card_id)
    )
    return await about.visit.go(f"{BASE}/faite")


@router.get("/faite")
async def done(about: CardsVisit) -> Response:
    reported = about.visit.session.state.reported
    vitale = await _vitale(about)
    if reported is None or vitale is None or vitale.card_id != reported.card_id:
        return await about.visit.go("/ma-carte-vitale")
    shows = vitale.declaration_id == reported.declaration_id
    return await about.page("vitale/done.html", vitale=vitale if shows else None)


@router.get("/document")
async def document(about: CardsVisit) -> Response:
    """The declaration as a PDF, as long as the session knows of it."""
    reported = about.visit.session.state.reported
    vitale = await _vitale(about)
    declaration = reported.declaration_id if reported else (vitale.declaration_id if vitale else None)
    if declaration is None:
        return await about.visit.go("/ma-carte-vitale")
    made = await about.visit.site.cards.declaration(about.who, declaration)
    headers = {"Content-Disposition": 'attachment; filename="declaration-carte-vitale.pdf"'}
    return await about.visit.answer(Response(made, media_type="application/pdf", headers=headers))


async def _recap(about: CardsVisit, draft: Report, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    vitale = await _vitale(about)
    if vitale is None or vitale.card_id != draft.card_id or not vitale.reportable:
        about.visit.session.change(report=None)
        return await about.visit.go(BASE)
    return await about.page("vitale/recap.html", status=status, draft=draft, vitale=vitale, typed=typed)


async def _vitale(about: CardsVisit) -> Vitale | None:
    return (await about.visit.site.cards.vitale(about.who, about.written)).value


def _complete(about: CardsVisit) -> Report | None:
    draft = about.visit.session.state.report
    return draft if draft is not None and draft.happened_on is not None and draft.place is not None else None


def _shown(draft: Report) -> dict[str, str]:
    shown: dict[str, Any] = {"place": draft.place or ""}
    if draft.happened_on is not None:
        day, month, year = date_parts("happened_on")
        date = draft.happened_on
        shown |= {day: str(date.day), month: str(date.month), year: str(date.year)}
    return shown
