"""« Application de codes »: its secret as a picture, a first code, then eight recovery codes, shown once."""

import io
from http import HTTPStatus
from typing import Final

import segno
from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from services.gateway.drafts import App
from services.gateway.pages.asking import Posting, SteppedUpVisit
from services.gateway.pages.one_time_code import ACTIVATION, OneTimeCodeForm, refusal_of
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused
from shared.web.forms import Typed

BASE: Final = "/ma-securite/application-de-codes"

router = APIRouter(prefix=BASE)


@router.get("")
async def show(visit: SteppedUpVisit) -> Response:
    return await visit.page("keys/totp.html", totp=await visit.site.keys.has_totp(visit.who))


@router.post("")
async def begin(visit: SteppedUpVisit, posted: Posting) -> Response:
    begun = await visit.site.keys.begin_totp(visit.who, posted.command_id)
    visit.session.change(app=App(**begun.model_dump()))
    return await visit.go(f"{BASE}/activation")


@router.get("/activation")
async def activation(visit: SteppedUpVisit) -> Response:
    return await _activation(visit, Typed())


@router.get("/image")
async def picture(visit: SteppedUpVisit) -> Response:
    """A file of its own: the policy lets no picture stand in a page."""
    app = visit.session.state.app
    if app is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    drawn = io.BytesIO()
    segno.make(app.uri, error="m").save(drawn, kind="svg", scale=5, border=4, xmldecl=False, light="#fff")
    return await visit.answer(Response(drawn.getvalue(), media_type="image/svg+xml"))


@router.post("/activation")
async def enable(visit: SteppedUpVisit, posted: Posting) -> Response:
    app = visit.session.state.app
    if app is None:
        return await visit.go(BASE)
    form, typed = visit.read(OneTimeCodeForm, posted.fields)
    if form is None:
        return await _activation(visit, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        recovery = await visit.site.keys.enable_totp(visit.who, posted.command_id, app.totp_id, form.one_time_code)
    except Refused as refused:
        return await _activation(visit, typed.refused(refusal_of(refused, ACTIVATION)), HTTPStatus.UNPROCESSABLE_ENTITY)
    visit.session.change(app=None)
    return await visit.page("keys/totp_codes.html", codes=recovery.codes)


@router.post("/fin")
async def disable(visit: SteppedUpVisit, posted: Posting) -> Response:
    visit.remember("identity", await visit.site.keys.disable_totp(visit.who, posted.command_id))
    return await visit.go("/ma-securite", notice="app-ended")


async def _activation(visit: Visit, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    app = visit.session.state.app
    if app is None:
        return await visit.go(BASE)
    return await visit.page("keys/totp_activation.html", status=status, typed=typed, app=app)
