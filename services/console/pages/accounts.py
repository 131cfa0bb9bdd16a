"""« Comptes »: supervisors invite, lock, unlock, end sessions, and say until when an auditor may look."""

import datetime as dt
from http import HTTPStatus
from typing import Annotated, Any, ClassVar, Final

from fastapi import APIRouter, Response
from pydantic import BeforeValidator

from services.console.acts import accounts
from services.console.domain.ids import StaffId
from services.console.domain.words import Role
from services.console.pages.asking import Posting, SupervisorVisit
from services.console.pages.visit import Visit
from services.console.pages.words import ROLES, refusing
from services.console.read_models.staff_list import staff_list
from shared.event_store import ClaimTaken
from shared.kernel import Rejected
from shared.web.forms import Form, Typed, asked, maybe_date, wrong
from shared.web.french import PARIS

UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
WHY: Final = "Dites pourquoi : trois caractères au moins."
SHORTEST_REASON: Final = 3
router = APIRouter(prefix="/comptes")


def reason(text: str) -> str:
    """Why, in words."""
    if len(text) < SHORTEST_REASON:
        raise wrong(WHY)
    return text


Why = Annotated[str, asked(WHY, reason)]


def any_date(date: dt.date, today: dt.date) -> None:
    """Before today or after."""
    del date, today


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise wrong("Choisissez un rôle.") from None


class InviteForm(Form):
    """Whom, as what, until when, why."""

    DATES: ClassVar = frozenset({"mandat"})

    login: Annotated[str, asked("Saisissez un identifiant.")]
    role: Annotated[Role, BeforeValidator(_role)]
    mandat: Annotated[dt.date | None, maybe_date("Cette date n'existe pas.", any_date)]
    reason: Why


class ReasonForm(Form):
    """Why."""

    reason: Why


@router.get("")
async def listed(visit: SupervisorVisit) -> Response:
    return await _list(visit, Typed())


@router.post("")
async def invite(visit: SupervisorVisit, posted: Posting) -> Response:
    form, typed = visit.read(InviteForm, posted.fields)
    if form is None:
        return await _list(visit, typed, UNPROCESSABLE)
    until = end_of(form.mandat) if form.mandat else None
    try:
        invited = await accounts.invite(visit.site.office, visit.by(posted), form.login, form.role, form.reason, until)
    except (Rejected, ClaimTaken) as refused:
        code = refused.code if isinstance(refused, Rejected) else f"{refused.kind}-taken"
        field = "mandat" if code.startswith("mandate") else "login"
        return await _list(visit, refusing(typed, field, code), UNPROCESSABLE)
    link = f"{visit.site.settings.origin}/invitation?jeton={invited.token}"
    return await visit.page("accounts/invited.html", link=link, expires_at=invited.expires_at, role=ROLES[form.role])


@router.post("/{staff_id}/{what}")
async def change(visit: SupervisorVisit, posted: Posting, staff_id: str, what: str) -> Response:
    form, typed = visit.read(ReasonForm, posted.fields)
    if form is None:
        return await _list(visit, typed, UNPROCESSABLE)
    acts: dict[str, Any] = {
        "fermeture": accounts.lock,
        "ouverture": accounts.unlock,
        "sessions": accounts.end_sessions,
    }
    if what not in acts:
        return await visit.page("message.html", status=404, title="Page introuvable", text="Cette page n'existe pas.")
    answer = await acts[what](visit.site.office, visit.by(posted), StaffId(staff_id), form.reason)
    visit.wrote(answer.stream, answer.version)
    return await visit.go("/comptes", notice="account-changed")


async def _list(visit: Visit, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    queries = visit.site.office.queries
    await visit.shows_own(staff_list)
    found = await queries.find(staff_list)
    order = sorted(found, key=lambda one: (one.standing, one.role, one.invited_at))
    return await visit.page(
        "accounts/list.html", status=status, typed=typed, accounts=order, roles=ROLES, dates=InviteForm.DATES
    )


def end_of(day: dt.date) -> dt.datetime:
    """The last second of a day in Paris."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), PARIS).astimezone(dt.UTC)
