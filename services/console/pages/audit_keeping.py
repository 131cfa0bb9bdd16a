"""« Conservation »: the table of classes, legal holds by two, what was destroyed, and the certificates."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Response

from services.console.acts import holds, keeping
from services.console.pages import control_words
from services.console.pages.asking import Posting, SupervisorVisit
from services.console.pages.audit_proofs import ControllingVisit
from services.console.pages.desk_forms import OfPerson
from services.console.pages.replays import WhyForm
from services.console.pages.visit import Visit
from services.console.pages.words import refusing, sentence
from shared.kernel import Rejected
from shared.problems import Refused
from shared.web import channel
from shared.web.forms import Refusal, Typed, asked

UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
PDF: Final = "application/pdf"
router = APIRouter(prefix="/controle/conservation")


class _CaseForm(OfPerson):
    """Whose data, for which file of a court."""

    case: Annotated[str, asked("Saisissez le numéro du dossier de justice.")]


class HoldForm(WhyForm, _CaseForm):
    """The same, and why; asked for in this order."""


class LiftForm(WhyForm):
    """Which hold, why."""

    personne: str = ""
    hold: str = ""


@router.get("")
async def show(visit: ControllingVisit) -> Response:
    return await _page(visit, Typed())


@router.post("/gel")
async def ask(visit: SupervisorVisit, posted: Posting) -> Response:
    form, typed = visit.read(HoldForm, posted.fields)
    if form is None:
        return await _page(visit, typed, UNPROCESSABLE)
    office, lines = visit.site.office, visit.site.lines
    try:
        await holds.ask(office, lines, visit.by(posted), form.nir, form.naissance, form.case, form.why())
    except channel.Refused as refused:
        field = "case" if refused.code == "request-invalid" else "nir"
        said = "Un numéro de dossier a des lettres, chiffres, espaces, / ou -." if field == "case" else ""
        return await _page(visit, typed.refused(Refusal(field, said or sentence(refused.code))), UNPROCESSABLE)
    except (Rejected, Refused) as refused:
        return await _page(visit, refusing(typed, "nir", refused.code), UNPROCESSABLE)
    return await visit.go("/controle/conservation", notice="hold-asked")


@router.post("/levee")
async def ask_lift(visit: SupervisorVisit, posted: Posting) -> Response:
    form, typed = visit.read(LiftForm, posted.fields)
    if form is None:
        return await _page(visit, typed, UNPROCESSABLE)
    await holds.ask_lift(visit.site.office, visit.site.lines, visit.by(posted), form.personne, form.hold, form.why())
    return await visit.go("/controle/conservation", notice="hold-asked")


@router.post("/retrait")
async def withdraw(visit: SupervisorVisit, posted: Posting) -> Response:
    form, typed = visit.read(LiftForm, posted.fields)
    if form is None:
        return await _page(visit, typed, UNPROCESSABLE)
    office, lines = visit.site.office, visit.site.lines
    await holds.withdraw(office, lines, visit.by(posted), form.personne, form.hold, form.reason)
    return await visit.go("/controle/conservation", notice="hold-withdrawn")


@router.get("/certificats")
async def certificates(visit: ControllingVisit, apres: str = "") -> Response:
    found = await keeping.erasures(visit.site.lines, visit.by(), apres)
    return await visit.page("audit/certificates.html", found=found)


@router.get("/certificats/{person_id}/{reference}")
async def certificate(visit: ControllingVisit, person_id: str, reference: str) -> Response:
    """The address holds a pseudonym and a reference: neither opens anything outside the console."""
    found = await keeping.certificate(visit.site.lines, visit.by(), person_id, reference)
    return await visit.page("audit/certificate.html", found=found, person_id=person_id, reached=control_words.REACHED)


@router.get("/certificats/{person_id}/{reference}/pdf")
async def certificate_pdf(visit: ControllingVisit, person_id: str, reference: str) -> Response:
    content = await keeping.certificate_pdf(visit.site.lines, visit.by(), person_id, reference)
    headers = {"Content-Disposition": 'attachment; filename="certificat-effacement.pdf"'}
    return Response(content, media_type=PDF, headers=headers)


async def _page(visit: Visit, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    found = await keeping.table(visit.site.office, visit.site.lines, visit.by())
    context = {
        "found": found,
        "dates": HoldForm.DATES,
        "classes": control_words.CLASSES,
        "starts": control_words.STARTS,
    }
    return await visit.page("audit/keeping.html", status=status, typed=typed, **context)
