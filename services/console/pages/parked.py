"""« En attente »: keys that wait behind a failed event, tried again with a preview and a cap, or passed over by two."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BeforeValidator

from services.console.acts import looking, two_persons
from services.console.acts import operations as acts
from services.console.clients import operations as ops
from services.console.domain.words import Action
from services.console.pages.asking import LookingVisit, OperatorVisit, Posting
from services.console.pages.replays import WhyForm, desk_of, known
from services.console.pages.visit import Visit
from shared.kernel import Rejected
from shared.web.forms import Form, Typed, wrong

router = APIRouter(prefix="/exploitation")
MOST = 1000


def _cap(text: str) -> int:
    if not text.strip().isdecimal() or not 1 <= int(text) <= MOST:
        raise wrong("Indiquez combien de clés au plus : de 1 à 1000.")
    return int(text)


class PreviewForm(Form):
    """Which class of failures, how many keys."""

    consumer: str = ""
    error: str = ""
    cap: Annotated[int, BeforeValidator(_cap)]


class RetryForm(PreviewForm, WhyForm):
    """The same, and why."""


class RowForm(WhyForm):
    """One key, and why."""

    row: str = ""


@router.get("/{service}/attente")
async def listed(visit: LookingVisit, service: str) -> Response:
    return await _page(visit, service, Typed())


@router.post("/{service}/attente/apercu")
async def preview(visit: OperatorVisit, posted: Posting, service: str) -> Response:
    form, typed = visit.read(PreviewForm, posted.fields)
    if form is None:
        return await _page(visit, service, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    desk = desk_of(visit, posted, service)
    found = await acts.preview(desk, form.consumer, form.error, form.cap)
    return await _page(visit, service, typed, shown=found, wanted=form)


@router.post("/{service}/attente/reprise")
async def retry(visit: OperatorVisit, posted: Posting, service: str) -> Response:
    form, typed = visit.read(RetryForm, posted.fields)
    if form is None:
        return await _page(visit, service, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    desk = desk_of(visit, posted, service)
    await acts.retry(desk, form.consumer, form.error, form.cap, form.why())
    return await visit.go(f"/exploitation/{service}/attente", notice="operation-ordered")


@router.post("/{service}/attente/cle/{what}")
async def one(visit: OperatorVisit, posted: Posting, service: str, what: str) -> Response:
    form, typed = visit.read(RowForm, posted.fields)
    if form is None:
        return await _page(visit, service, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    desk = desk_of(visit, posted, service)
    match what:
        case "reprise":
            await acts.retry_one(desk, form.row, form.why())
            notice = "operation-ordered"
        case "saut":
            await acts.ask_to_skip(desk, form.row, form.why())
            notice = "skip-asked"
        case _:
            raise Rejected("decision-unknown")
    return await visit.go(f"/exploitation/{service}/attente", notice=notice)


@router.get("/saut/{approval_id}")
async def about_to_skip(visit: OperatorVisit, approval_id: str) -> Response:
    return await _skip_page(visit, approval_id, Typed())


@router.post("/saut/{approval_id}")
async def skip(visit: OperatorVisit, posted: Posting, approval_id: str) -> Response:
    form, typed = visit.read(WhyForm, posted.fields)
    if form is None:
        return await _skip_page(visit, approval_id, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    await acts.skip(visit.site.office, visit.site.lines, visit.by(posted), approval_id, form.why())
    return await visit.go("/exploitation", notice="operation-ordered")


async def _skip_page(visit: Visit, approval_id: str, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    request = (await two_persons.given(visit.site.office, approval_id, Action.SKIP_PARKED)).request
    context = {"request": request, "approval_id": approval_id, "typed": typed}
    return await visit.page("operations/skip.html", status=status, **context)


async def _page(
    visit: Visit,
    service: str,
    typed: Typed,
    status: int = HTTPStatus.OK,
    shown: ops.Retried | None = None,
    wanted: PreviewForm | None = None,
) -> Response:
    known(visit, service)
    groups, rows = await looking.parked(visit.site.lines, visit.by(), service)
    context = {"service": service, "groups": groups, "rows": rows, "shown": shown, "wanted": wanted, "typed": typed}
    return await visit.page("operations/parked.html", status=status, **context)
