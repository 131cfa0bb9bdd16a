"""« Enquêtes »: a fraud is looked into, and the member learns of the looks at his file when that is over."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response

from services.console.acts import inquiries
from services.console.pages.asking import Posting, SupervisorVisit
from services.console.pages.desk_forms import OfPerson
from services.console.pages.open_file import lay_open
from services.console.pages.replays import WhyForm
from services.console.pages.visit import Visit
from services.console.pages.words import refusing
from services.console.read_models.open_inquiries import open_inquiries
from shared.kernel import Rejected
from shared.problems import Refused
from shared.web import channel
from shared.web.forms import Typed

UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
router = APIRouter(prefix="/enquetes")


class OpenForm(WhyForm, OfPerson):
    """About whom, why, and for which demand."""


@router.get("")
async def listed(visit: SupervisorVisit) -> Response:
    return await _list(visit, Typed())


@router.post("")
async def begin(visit: SupervisorVisit, posted: Posting) -> Response:
    form, typed = visit.read(OpenForm, posted.fields)
    if form is None:
        return await _list(visit, typed, UNPROCESSABLE)
    office, lines, by = visit.site.office, visit.site.lines, visit.by(posted)
    try:
        answer = await inquiries.open_by_number(
            office, lines, by, form.nir, form.naissance, form.reason, form.why().ticket
        )
    except (Rejected, Refused, channel.Refused) as refused:
        return await _list(visit, refusing(typed, "nir", refused.code), UNPROCESSABLE)
    visit.wrote(answer.stream, answer.version)
    return await visit.go("/enquetes", notice="inquiry-opened")


@router.post("/{inquiry_id}/fin")
async def close(visit: SupervisorVisit, posted: Posting, inquiry_id: str) -> Response:
    form, typed = visit.read(WhyForm, posted.fields)
    if form is None:
        return await _list(visit, typed, UNPROCESSABLE)
    why = form.why()
    answer = await inquiries.close(visit.site.office, visit.by(posted), inquiry_id, why.reason, why.ticket)
    visit.wrote(answer.stream, answer.version)
    return await visit.go("/enquetes", notice="inquiry-closed")


@router.post("/{inquiry_id}/dossier")
async def file(visit: SupervisorVisit, posted: Posting, inquiry_id: str) -> Response:
    person_id, why = await inquiries.open_file(visit.site.office, visit.site.lines, visit.by(posted), inquiry_id)
    lay_open(visit, person_id, why)
    return await visit.go("/guichet/dossier")


async def _list(visit: Visit, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    office = visit.site.office
    await visit.shows_own(open_inquiries)
    found = await inquiries.still_open(office)
    return await visit.page("inquiries.html", status=status, typed=typed, inquiries=found, dates=OpenForm.DATES)
