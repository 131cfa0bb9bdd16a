"""What a member who is signed in can see and do about his account."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.identity.access import confirmation
from services.identity.access.desk import Desk
from services.identity.api.requests import ACall, Accepted, AMember, HasWritten, confirmed_member, shown
from services.identity.domain import commands as c
from services.identity.domain.ids import MemberId, SessionId
from services.identity.read_models.account_overview import AccountOverview, account_overview
from services.identity.read_models.sign_in_history import SignInHistory, sign_in_history
from shared.kernel import Value
from shared.service import Service


class Leaving(Value):
    """The session to close."""

    session_id: uuid.UUID


def members_router(service: Service, desk: Desk) -> APIRouter:
    """The routes; all but the account's own state open once the address is confirmed."""
    routes = APIRouter()

    AConfirmed = Annotated[str, Depends(confirmed_member(service))]  # noqa: N806 - a type

    @routes.get("/account")
    async def account(member_id: AMember, response: Response, x_written: HasWritten = None) -> AccountOverview:
        return await shown(service, account_overview, member_id, x_written, response)

    @routes.post("/email-validations/resend")
    async def send_again(member_id: AMember, call: ACall) -> Accepted:
        async with desk.evenly():
            answer = await confirmation.send_again(desk, call, MemberId(member_id))
        return Accepted(stream=answer.stream, version=answer.version)

    @routes.post("/sign-outs")
    async def sign_out(form: Leaving, member_id: AMember, call: ACall) -> Accepted:
        command = c.SignOut(at=desk.clock.now(), session_id=SessionId(str(form.session_id)))
        answer = await service.handle(f"account:{member_id}", command, cmd=call.cmd, meta=call.meta(member_id))
        return Accepted(stream=answer.stream, version=answer.version)

    @routes.get("/sign-ins")
    async def sign_ins(member_id: AConfirmed, response: Response, x_written: HasWritten = None) -> SignInHistory:
        return await shown(service, sign_in_history, member_id, x_written, response)

    return routes
