"""« Mon compte », and one account as supervisors see it: until when an auditor may look, whose files are his own."""

import datetime as dt
from http import HTTPStatus
from typing import Annotated, Any, ClassVar, Final

from fastapi import APIRouter, Response

from services.console.acts import accounts
from services.console.domain.ids import StaffId
from services.console.pages.accounts import ReasonForm, Why, any_date, end_of
from services.console.pages.asking import Posting, StaffVisit, SupervisorVisit
from services.console.pages.desk_forms import OfPerson
from services.console.pages.visit import Visit
from services.console.pages.words import ROLES, refusing
from shared.kernel import Erased, Rejected
from shared.problems import Refused
from shared.web import channel
from shared.web.forms import Form, Typed, asked_date

UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
router = APIRouter()


class MandateForm(Form):
    """Until when, and why."""

    DATES: ClassVar = frozenset({"mandat"})

    mandat: Annotated[dt.date, asked_date("Saisissez la fin du mandat.", "Cette date n'existe pas.", any_date)]
    reason: Why


class OwnFileForm(OfPerson):
    """Whose file is his own, and why."""

    reason: Why


@router.get("/mon-compte")
async def own(visit: StaffVisit) -> Response:
    account = await visit.site.office.account(visit.by().staff_id)
    return await visit.page("accounts/own.html", account=account, role=ROLES[visit.by().role])


@router.get("/comptes/{staff_id}")
async def one(visit: SupervisorVisit, staff_id: str) -> Response:
    return await _page(visit, staff_id, Typed())


@router.post("/comptes/{staff_id}/mandat")
async def mandate(visit: SupervisorVisit, posted: Posting, staff_id: str) -> Response:
    form, typed = visit.read(MandateForm, posted.fields)
    if form is None:
        return await _page(visit, staff_id, typed, UNPROCESSABLE)
    office, by = visit.site.office, visit.by(posted)
    try:
        await accounts.set_mandate(office, by, StaffId(staff_id), end_of(form.mandat), form.reason)
    except Rejected as refused:
        return await _page(visit, staff_id, refusing(typed, "mandat", refused.code), UNPROCESSABLE)
    return await visit.go(f"/comptes/{staff_id}", notice="mandate-set")


@router.post("/comptes/{staff_id}/dossiers")
async def own_file(visit: SupervisorVisit, posted: Posting, staff_id: str) -> Response:
    form, typed = visit.read(OwnFileForm, posted.fields)
    if form is None:
        return await _page(visit, staff_id, typed, UNPROCESSABLE)
    office, lines, by = visit.site.office, visit.site.lines, visit.by(posted)
    try:
        await accounts.add_own_file(office, lines, by, StaffId(staff_id), form.nir, form.naissance, form.reason)
    except (Rejected, Refused, channel.Refused) as refused:
        return await _page(visit, staff_id, refusing(typed, "nir", refused.code), UNPROCESSABLE)
    return await visit.go(f"/comptes/{staff_id}", notice="own-files-named")


@router.post("/comptes/{staff_id}/aucun-dossier")
async def no_file(visit: SupervisorVisit, posted: Posting, staff_id: str) -> Response:
    form, typed = visit.read(ReasonForm, posted.fields)
    if form is None:
        return await _page(visit, staff_id, typed, UNPROCESSABLE)
    await accounts.name_own_files(visit.site.office, visit.by(posted), StaffId(staff_id), [], form.reason)
    return await visit.go(f"/comptes/{staff_id}", notice="account-changed")


async def _page(visit: Visit, staff_id: str, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    account = await visit.site.office.account(StaffId(staff_id))
    if account.role is None:
        raise Rejected("staff-unknown")
    context: dict[str, Any] = {
        "staff_id": staff_id,
        "account": account,
        "role": ROLES[account.role],
        "typed": typed,
        "dates": MandateForm.DATES | OwnFileForm.DATES,
        "files": 0 if isinstance(account.persons, Erased) else len(account.persons),
    }
    return await visit.page("accounts/one.html", status=status, **context)
