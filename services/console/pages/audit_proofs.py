"""« Preuves »: how far each log is signed, the file that an auditor takes away, and what he verifies it with."""

from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from services.console.acts import proofs
from services.console.acts.office import By
from services.console.domain.words import Role
from services.console.pages.asking import AuditorVisit, Posting, roles
from services.console.pages.person_forms import PersonForm
from services.console.pages.visit import Visit
from services.console.pages.words import refusing
from shared.kernel import Rejected
from shared.problems import Refused
from shared.proofs.export import new_file
from shared.web import channel
from shared.web.forms import Refusal, Typed

UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
WHOM: Final = "Indiquez le pseudonyme, ou le numéro et la date de naissance."
router = APIRouter(prefix="/controle/preuves")
ControllingVisit = Annotated[Visit, roles(Role.AUDITOR, Role.SUPERVISOR)]


class ExportForm(PersonForm):
    """Whose events, of which service."""

    service: str = ""


@router.get("")
async def show(visit: ControllingVisit) -> Response:
    return await _page(visit, Typed())


@router.get("/verify.py")
async def verifier(visit: ControllingVisit) -> Response:
    """One file of standard-library Python, as it lies in this repository."""
    del visit
    return FileResponse(proofs.VERIFIER, media_type="text/x-python", filename="verify.py")


@router.post("")
async def export(visit: AuditorVisit, posted: Posting) -> Response:
    form, typed = visit.read(ExportForm, posted.fields)
    if form is None:
        return await _page(visit, typed, UNPROCESSABLE)
    if not form.names_somebody:
        return await _page(visit, typed.refused(Refusal("personne", WHOM)), UNPROCESSABLE)
    path = new_file()
    try:
        await _write(visit, visit.by(), form, path)
    except (Rejected, Refused, channel.Refused) as refused:
        path.unlink()
        typed = refusing(typed, "personne", refused.code)
        return await _page(visit, typed, UNPROCESSABLE)
    except BaseException:
        path.unlink()
        raise
    name = f"preuve-{form.service}-{visit.site.clock.now():%Y-%m-%d}.zip"
    return FileResponse(path, media_type="application/zip", filename=name, background=BackgroundTask(path.unlink))


async def _write(visit: Visit, by: By, form: ExportForm, path: Path) -> None:
    office, lines = visit.site.office, visit.site.lines
    person_id, close = await form.person(lines, by)
    with path.open("wb") as file:
        await proofs.export(office, lines, by, person_id, form.service, form.why(), close, file.write)


async def _page(visit: Visit, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    found = await proofs.standings(visit.site.office, visit.site.lines, visit.by())
    return await visit.page("audit/proofs.html", status=status, typed=typed, dates=ExportForm.DATES, services=found)
