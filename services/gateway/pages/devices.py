"""« Mes appareils et connexions »: where I am signed in, which browsers are known, what happened; and ending it."""

import asyncio
from typing import Final

from fastapi import APIRouter, Response

from services.gateway.pages.asking import MemberVisit, Posting
from services.gateway.pages.blocks import oldest

BASE: Final = "/ma-securite/appareils"

router = APIRouter(prefix=BASE)


@router.get("")
async def show(visit: MemberVisit) -> Response:
    keys, written = visit.site.keys, visit.written("identity")
    devices, history = await asyncio.gather(keys.devices(visit.who, written), keys.history(visit.who, written))
    return await visit.page(
        "keys/devices.html",
        devices=devices.value,
        history=history.value,
        own=visit.session.state.identity_session,
        device=visit.device,
        lag=max(devices.lag, history.lag),
        as_of=oldest(devices, history),
    )


@router.post("/session")
async def end_session(visit: MemberVisit, posted: Posting) -> Response:
    """Here and at identity: the other browser finds itself signed out at its next click."""
    session_id = posted.fields.get("session", "")
    written = await visit.site.keys.end_session(visit.who, posted.command_id, session_id)
    await visit.site.sessions.end_one(visit.session, session_id)
    visit.remember("identity", written)
    return await visit.go(BASE, notice="session-ended-there")


@router.post("/autres")
async def end_others(visit: MemberVisit, posted: Posting) -> Response:
    session_id = visit.session.state.identity_session
    if session_id is not None:
        visit.remember("identity", await visit.site.keys.end_others(visit.who, posted.command_id, session_id))
    await visit.site.sessions.end_others(visit.session)
    return await visit.go(BASE, notice="sessions-ended-there")


@router.post("/oubli")
async def forget(visit: MemberVisit, posted: Posting) -> Response:
    written = await visit.site.keys.forget_device(visit.who, posted.command_id, posted.fields.get("appareil", ""))
    visit.remember("identity", written)
    return await visit.go(BASE, notice="device-forgotten")
