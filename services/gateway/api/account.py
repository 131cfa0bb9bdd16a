"""The account itself: address, where it is open, what happened to it, and the member's own data as files."""

import uuid
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Response
from pydantic import Field

from services.gateway.api.calls import Calling, Key, SteppedUp, commanded
from services.gateway.clients.identity import Account
from services.gateway.clients.keys import CodeHints, Devices, SignInHistory
from shared.kernel import Value

NO_CONTENT: Final = HTTPStatus.NO_CONTENT
KINDS: Final = {
    "pdf": "application/pdf",
    "json": "application/json",
    "fhir": "application/fhir+json",
    "zip": "application/zip",
}

router = APIRouter(tags=["Account"])


class NewEmail(Value):
    """Where the member wants to be written to; confirmed by a link sent there."""

    email: Annotated[str, Field(max_length=254)]


class NewCode(Value):
    """The new personal code: 8 to 50 characters, with a letter, a digit and a special one."""

    code: Annotated[str, Field(max_length=200)]


@router.get("/account")
async def account(call: Calling, response: Response) -> Account:
    return call.shown(response, await call.site.identity.account(call.who, call.written("identity")))


@router.put("/account/email", status_code=NO_CONTENT)
async def email(call: SteppedUp, key: Key, wanted: NewEmail) -> None:
    await commanded(call, key, "identity", call.site.keys.change_email(call.who, key, wanted.email))


@router.put("/account/code", status_code=NO_CONTENT)
async def code(call: SteppedUp, key: Key, wanted: NewCode) -> None:
    """Every other session ends."""
    session = call.session.state.identity_session
    await commanded(call, key, "identity", call.site.keys.change_code(call.who, key, wanted.code, session))
    await call.site.tokens.end_others(call.session)


@router.post("/account/code/hints")
async def hints(call: SteppedUp, wanted: NewCode) -> CodeHints:
    """A query: what is wrong with a code that is thought of."""
    return await call.site.keys.code_hints(call.who, wanted.code, None)


@router.get("/account/devices")
async def devices(call: Calling, response: Response) -> Devices:
    return call.shown(response, await call.site.keys.devices(call.who, call.written("identity")))


@router.delete("/account/devices/{device_id}", status_code=NO_CONTENT)
async def forget(call: Calling, key: Key, device_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")]) -> None:
    """The next sign-in there asks for a one-time code."""
    await commanded(call, key, "identity", call.site.keys.forget_device(call.who, key, device_id))


@router.get("/account/sign-ins")
async def sign_ins(call: Calling, response: Response) -> SignInHistory:
    return call.shown(response, await call.site.keys.history(call.who, call.written("identity")))


@router.delete("/account/sessions/{session_id}", status_code=NO_CONTENT)
async def end_session(call: Calling, key: Key, session_id: uuid.UUID) -> None:
    named = str(session_id)
    await commanded(call, key, "identity", call.site.keys.end_session(call.who, key, named))
    await call.site.tokens.end_one(call.session, named)


@router.post("/account/sessions/end-others", status_code=NO_CONTENT)
async def end_others(call: Calling, key: Key) -> None:
    session = call.session.state.identity_session
    if session is not None:
        await commanded(call, key, "identity", call.site.keys.end_others(call.who, key, session))
    await call.site.tokens.end_others(call.session)


@router.get(
    "/account/data/{kind}",
    response_class=Response,
    responses={
        200: {"content": {media: {"schema": {"type": "string", "format": "binary"}} for media in KINDS.values()}}
    },
)
async def data(call: SteppedUp, kind: Literal["pdf", "json", "fhir", "zip"]) -> Any:
    """What the fund holds about the member: what identity knows in three forms, or all of it as a ZIP."""
    if kind == "zip":
        asked = call.site.exports.archive(call.who, call.site.clock.now())
    else:
        asked = call.site.exports.file(call.who, kind)
    return Response(await asked, media_type=KINDS[kind])
