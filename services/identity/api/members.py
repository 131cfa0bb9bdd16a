"""What a member who is signed in can see and do about his account."""

import datetime as dt
import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime

from services.identity.access import confirmation
from services.identity.access.desk import Desk
from services.identity.api.requests import ACall, Accepted, AMember, HasWritten, shown
from services.identity.domain import commands as c
from services.identity.domain.ids import SessionId
from services.identity.domain.nir import masked
from services.identity.domain.register import Address, Doctor
from services.identity.read_models.account_overview import AccountOverview, account_overview
from services.identity.read_models.profile import Profile, profile
from services.identity.read_models.sign_in_history import SignInHistory, sign_in_history
from shared.kernel import Erased, Value
from shared.problems import Refused
from shared.service import Service


class Leaving(Value):
    """The session to close."""

    session_id: uuid.UUID


class ProfileShown(Value):
    """« Mon profil » as it is shown: of the number, sex and year only."""

    as_of: AwareDatetime
    nir_masked: str | Erased | None
    surname: str | Erased
    given_names: str | Erased
    birth_date: dt.date | Erased
    address: Address | Erased
    rights_from: dt.date | Erased | None
    rights_to: dt.date | Erased | None
    doctor: Doctor | Erased | None


def members_router(service: Service, desk: Desk) -> APIRouter:
    """The routes; all but the account's own state open once the address is confirmed."""
    routes = APIRouter()

    async def confirmed(member_id: AMember) -> str:
        overview = await service.queries.get(account_overview, member_id)
        if overview is None or not overview.email_validated:
            raise Refused("email-pending")
        return member_id

    AConfirmed = Annotated[str, Depends(confirmed)]  # noqa: N806 - a type

    @routes.get("/account")
    async def account(member_id: AMember, response: Response, x_written: HasWritten = None) -> AccountOverview:
        return await shown(service, account_overview, member_id, x_written, response)

    @routes.post("/email-validations/resend")
    async def send_again(member_id: AMember, call: ACall) -> Accepted:
        answer = await confirmation.send_again(desk, call, member_id)
        return Accepted(stream=answer.stream, version=answer.version)

    @routes.post("/sign-outs")
    async def sign_out(form: Leaving, member_id: AMember, call: ACall) -> Accepted:
        command = c.SignOut(at=desk.clock.now(), session_id=SessionId(str(form.session_id)))
        answer = await service.handle(f"account:{member_id}", command, cmd=call.cmd, meta=call.meta(member_id))
        return Accepted(stream=answer.stream, version=answer.version)

    @routes.get("/sign-ins")
    async def sign_ins(member_id: AConfirmed, response: Response, x_written: HasWritten = None) -> SignInHistory:
        return await shown(service, sign_in_history, member_id, x_written, response)

    @routes.get("/profile")
    async def own_profile(member_id: AConfirmed, response: Response, x_written: HasWritten = None) -> ProfileShown:
        return _shown(await shown(service, profile, member_id, x_written, response))

    return routes


def _shown(document: Profile) -> ProfileShown:
    nir = masked(document.nir) if isinstance(document.nir, str) else document.nir
    return ProfileShown(**document.model_dump(exclude={"person_id", "nir"}), nir_masked=nir)
