"""What a member who is signed in can see and do about his account."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime

from services.identity.access import confirmation
from services.identity.access.desk import Desk
from services.identity.api.requests import ACall, Accepted, AMember, HasWritten, confirmed_account, shown
from services.identity.domain import commands as c
from services.identity.domain.ids import MemberId, SessionId
from services.identity.read_models.account_overview import AccountOverview, account_overview
from services.identity.read_models.bank_details import bank_details_shown
from services.identity.read_models.sign_in_history import SignInHistory, sign_in_history
from shared.kernel import Value
from shared.projections.queries import tell_ages
from shared.service import Service


class Leaving(Value):
    """The session to close."""

    session_id: uuid.UUID


class Home(AccountOverview):
    """What the member's home shows: his account, and when a change of bank details takes effect that he may cancel."""

    bank_change_due_at: AwareDatetime | None


def members_router(service: Service, desk: Desk) -> APIRouter:
    """The routes; all but the account's own state open once the address is confirmed."""
    routes = APIRouter()

    AConfirmed = Annotated[AccountOverview, Depends(confirmed_account(service))]  # noqa: N806 - a type

    @routes.get("/account")
    async def account(member_id: AMember, response: Response, x_written: HasWritten = None) -> AccountOverview:
        return await shown(service, account_overview, member_id, x_written, response)

    @routes.get("/home")
    async def home(own: AConfirmed, response: Response, x_written: HasWritten = None) -> Home:
        await tell_ages(response.headers, service.queries, [account_overview, bank_details_shown], x_written)
        bank = await service.queries.get(bank_details_shown, own.person_id)
        return Home(**dict(own), bank_change_due_at=bank.due_at if bank else None)

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
    async def sign_ins(own: AConfirmed, response: Response, x_written: HasWritten = None) -> SignInHistory:
        return await shown(service, sign_in_history, own.member_id, x_written, response)

    return routes
