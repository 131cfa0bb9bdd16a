"""« À deux »: what another has asked for, and what one may decide about."""

from typing import Annotated

from fastapi import APIRouter, Response

from services.console.acts import holds, two_persons
from services.console.domain.approvals import DECIDERS
from services.console.domain.words import Role
from services.console.pages.accounts import ReasonForm
from services.console.pages.asking import Posting, SupervisorVisit, roles
from services.console.pages.visit import Visit
from shared.web.forms import Typed

router = APIRouter(prefix="/a-deux")
Deciding = Annotated[Visit, roles(Role.AGENT, Role.OPERATIONS, Role.SUPERVISOR)]


@router.get("")
async def listed(visit: Deciding) -> Response:
    return await _list(visit, Typed())


@router.post("/{approval_id}")
async def decide(visit: Deciding, posted: Posting, approval_id: str) -> Response:
    form, typed = visit.read(ReasonForm, posted.fields)
    if form is None:
        return await _list(visit, typed, 422)
    agreed = posted.fields.get("accord") == "oui"
    office, lines = visit.site.office, visit.site.lines
    await holds.decide(office, lines, visit.by(posted), approval_id, form.reason, agreed=agreed)
    return await visit.go("/a-deux", notice="approval-given" if agreed else "approval-refused")


@router.post("/{approval_id}/suite")
async def finish(visit: SupervisorVisit, posted: Posting, approval_id: str) -> Response:
    """What was agreed to and could not be carried out."""
    await holds.finish(visit.site.office, visit.site.lines, visit.by(posted), approval_id)
    return await visit.go("/a-deux", notice="approval-given")


async def _list(visit: Visit, typed: Typed, status: int = 200) -> Response:
    by = visit.by()
    found = await two_persons.waiting(visit.site.office)
    others = [one for one in found if one.asked_by != by.staff_id and by.role in DECIDERS[one.action]]
    deciding = [one for one in others if one.given_by is None]
    unfinished = [one for one in others if one.given_by == by.staff_id and one.action in holds.STEPS]
    asked = [one for one in found if one.asked_by == by.staff_id]
    return await visit.page(
        "two_persons.html", status=status, typed=typed, deciding=deciding, asked=asked, unfinished=unfinished
    )
