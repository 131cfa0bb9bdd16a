"""« Dossier d'une carte »: found by person, number or day, recorded, then one timeline over all services."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Response

from services.console.acts import auditing
from services.console.acts.reading import Why
from services.console.pages.asking import AuditorVisit, Posting
from services.console.pages.audit_forms import DayForm, NumberForm, OpenForm, PersonForm
from services.console.pages.open_file import lay_open, opened_by, why_of
from services.console.pages.visit import Visit
from services.console.pages.words import refusing
from shared.kernel import Rejected
from shared.problems import Refused
from shared.web import channel
from shared.web.forms import Typed

UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
DOSSIER: Final = "/controle/dossier"
router = APIRouter(prefix="/controle")


@router.get("/recherche")
async def ask(visit: AuditorVisit) -> Response:
    return await _ask(visit, "", Typed())


@router.post("/recherche/personne")
async def by_person(visit: AuditorVisit, posted: Posting) -> Response:
    form, typed = visit.read(PersonForm, posted.fields)
    if form is None:
        return await _ask(visit, "personne", typed, UNPROCESSABLE)
    office, lines = visit.site.office, visit.site.lines
    try:
        found = await auditing.by_person(office, lines, visit.by(posted), form.nir, form.naissance)
    except (Rejected, Refused, channel.Refused) as refused:
        return await _ask(visit, "personne", refusing(typed, "nir", refused.code), UNPROCESSABLE)
    return await _open(visit, found, form.why())


@router.post("/recherche/numero")
async def by_number(visit: AuditorVisit, posted: Posting) -> Response:
    form, typed = visit.read(NumberForm, posted.fields)
    if form is None:
        return await _ask(visit, "numero", typed, UNPROCESSABLE)
    try:
        found = await auditing.by_number(visit.site.office, visit.site.lines, visit.by(posted), form.numero)
    except (Rejected, Refused, channel.Refused) as refused:
        return await _ask(visit, "numero", refusing(typed, "numero", refused.code), UNPROCESSABLE)
    return await _open(visit, found, form.why())


@router.post("/recherche/jour")
async def by_day(visit: AuditorVisit, posted: Posting) -> Response:
    """What moved on a day: pseudonyms and codes; each dossier is opened, and recorded, by itself."""
    form, typed = visit.read(DayForm, posted.fields)
    if form is None:
        return await _ask(visit, "jour", typed, UNPROCESSABLE)
    found = await auditing.lives(visit.site.lines, visit.by(posted), form.wanted())
    return await visit.page("audit/day.html", day=form.jour, services=found, reason=form.reason, ticket=form.ticket)


@router.post("/dossier")
async def open_one(visit: AuditorVisit, posted: Posting) -> Response:
    """A person of a list."""
    form, typed = visit.read(OpenForm, posted.fields)
    if form is None:
        return await _ask(visit, "dossier", typed, UNPROCESSABLE)
    return await _open(visit, form.person, form.why())


@router.get("/dossier")
async def show(visit: AuditorVisit) -> Response:
    """The open dossier; each time that it is shown is recorded."""
    opened = opened_by(visit)
    found = await auditing.dossier(visit.site.office, visit.site.lines, visit.by(), opened.person_id, why_of(opened))
    return await visit.page("audit/dossier.html", opened=opened, dossier=found, person_id=opened.person_id)


@router.post("/dossier/fermeture")
async def close(visit: AuditorVisit, posted: Posting) -> Response:
    del posted
    visit.session.change(open_file=None)
    return await visit.go("/controle/recherche", notice="file-closed")


async def _open(visit: Visit, person_id: str, why: Why) -> Response:
    lay_open(visit, person_id, why)
    return await visit.go(DOSSIER)


async def _ask(visit: Visit, which: str, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    """`which` of its forms was sent."""
    context: dict[str, Any] = {"typed": typed, "which": which, "dates": PersonForm.DATES | DayForm.DATES}
    return await visit.page("audit/search.html", status=status, **context)
