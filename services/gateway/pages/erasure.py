"""« Fermer mon compte et effacer mes données »: what goes and what stays, the days to think again, the link."""

import uuid
from collections.abc import Awaitable
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Response

from services.gateway.pages.asking import MemberVisit, Posting, SignedInVisit, SteppedUpVisit
from services.gateway.pages.cancel_links import cancel_link
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused, Written
from shared.web.forms import Form, Typed, asked

BASE: Final = "/mes-donnees/effacement"
WAITING: Final = "/effacement"
_LATE: Final = {"erasure-done": "done", "link-expired": "done"}

router = APIRouter()


class ErasureForm(Form):
    """« J'ai compris »."""

    understood: Annotated[str, asked("Cochez la case pour demander l'effacement.")]


@router.get(BASE)
async def explain(visit: MemberVisit) -> Response:
    return await visit.page("erasure/explained.html", erasure=await visit.site.erasures.state(visit.who))


@router.get(f"{BASE}/demande")
async def form_page(visit: SteppedUpVisit) -> Response:
    return await _form(visit, Typed())


@router.post(f"{BASE}/demande")
async def ask(visit: SteppedUpVisit, posted: Posting) -> Response:
    form, typed = visit.read(ErasureForm, posted.fields)
    if form is None:
        return await _form(visit, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        visit.remember("identity", await visit.site.erasures.request(visit.who, posted.command_id))
    except Refused as refused:
        if refused.code != "erasure-already-requested":
            raise
    await _end_others(visit, posted.command_id)
    visit.session.change(closing=True)
    return await visit.go(WAITING)


async def _end_others(visit: Visit, command_id: str) -> None:
    """Here and at identity: what an application was allowed from another session ends with that one."""
    await visit.site.sessions.end_others(visit.session)
    if (session := visit.session.state.identity_session) is not None:
        await visit.site.keys.end_others(visit.who, str(uuid.uuid5(uuid.UUID(command_id), "others")), session)


@router.get(WAITING)
async def waiting(visit: SignedInVisit) -> Response:
    """All that a member can still reach; taken back elsewhere, it leads back to his account."""
    erasure = await visit.site.erasures.state(visit.who)
    visit.session.change(closing=erasure.requested)
    if not erasure.requested:
        return await visit.go("/mon-compte")
    return await visit.page("erasure/waiting.html", erasure=erasure)


@router.post(f"{WAITING}/annuler")
async def cancel(visit: SignedInVisit, posted: Posting) -> Response:
    try:
        visit.remember("identity", await visit.site.erasures.cancel(visit.who, posted.command_id))
    except Refused as refused:
        if refused.code not in {"erasure-unknown", "erasure-done"}:
            raise
        return await visit.go(WAITING)
    visit.session.change(closing=False)
    return await visit.go("/mon-compte", notice="erasure-cancelled")


def _cancel(visit: Visit, command_id: str, token: str) -> Awaitable[Written]:
    return visit.site.erasures.cancel_by_link(visit.who, command_id, token)


cancelling = cancel_link("/annuler-effacement", "erasure", _LATE, _cancel)


async def _form(visit: Visit, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    erasure = await visit.site.erasures.state(visit.who)
    return await visit.page("erasure/form.html", status=status, typed=typed, erasure=erasure)
