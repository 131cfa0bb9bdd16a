"""What a member does about the keys of his account: code, address, sessions, devices, terms, its end."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from services.identity.access import accounts, code_resets, totp
from services.identity.access.desk import Call, Desk
from services.identity.api.doors import OneTimeCode, Secret
from services.identity.api.problems import broken_code, too_many
from services.identity.api.requests import ACall, Accepted, AMember, HasWritten, shown
from services.identity.domain.email import parse_email
from services.identity.domain.ids import DeviceId, MemberId, SessionId, TotpId
from services.identity.domain.personal_code import broken_rules
from services.identity.read_models.devices import DeviceLine, SessionLine, devices
from shared.command_handler import Answer
from shared.kernel import Erased, Value
from shared.problems import Refused
from shared.security import Caller, gateway_caller, stepped_up_caller
from shared.service import Service
from shared.sign_in.gates import TooMany


class NewCode(Value):
    """Another personal code; the session it is chosen in goes on."""

    code: Secret
    session_id: uuid.UUID | None = None


class NewEmail(Value):
    """Where to write to."""

    email: Annotated[str, Field(max_length=300)]


class SessionNamed(Value):
    """One session."""

    session_id: uuid.UUID


class DeviceNamed(Value):
    """One browser."""

    device_id: Annotated[str, Field(max_length=100)]


class Terms(Value):
    """A version of the general terms, and what proves its text."""

    cgu_version: Annotated[str, Field(max_length=100)]
    cgu_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class RecoveryCodes(Value):
    """Shown once: each opens the door once when the app is lost."""

    codes: tuple[str, ...]


class TotpState(Value):
    """Whether codes come from an app."""

    enabled: bool


class SessionState(Value):
    """Whether it still opens anything."""

    open: bool
    closing: bool
    """The member has asked to be forgotten: all that is left to do is to take it back."""


class DevicesShown(Value):
    """« Mes appareils »."""

    sessions: tuple[SessionLine, ...]
    devices: tuple[DeviceLine, ...]


async def just_confirmed(known: Annotated[Caller, Depends(stepped_up_caller)]) -> MemberId:
    """A member who has just confirmed that it is he."""
    return MemberId(known.member)


AConfirmed = Annotated[MemberId, Depends(just_confirmed)]


def security_router(desk: Desk) -> APIRouter:
    """The routes; what could take the account away from its member asks for a step-up."""
    routes = APIRouter()

    @routes.post("/code", response_model=Accepted)
    async def change_code(form: NewCode, request: Request, member_id: AConfirmed, call: ACall) -> Accepted | Response:
        code = form.code.get_secret_value()
        if broken := broken_rules(code):
            return broken_code(request, broken)
        session_id = SessionId(str(form.session_id)) if form.session_id else None
        return _accepted(await code_resets.change(desk, call, member_id, code, session_id))

    @routes.post("/email", response_model=Accepted)
    async def change_email(form: NewEmail, request: Request, member_id: AConfirmed, call: ACall) -> Accepted | Response:
        return await another_email(form, request, member_id, call)

    @routes.post("/email/correction", response_model=Accepted)
    async def correct_email(form: NewEmail, request: Request, member_id: AMember, call: ACall) -> Accepted | Response:
        account, _ = await desk.service.state(f"account:{member_id}")
        if account.validated:
            raise Refused("step-up-required")
        return await another_email(form, request, MemberId(member_id), call)

    async def another_email(form: NewEmail, request: Request, member_id: MemberId, call: Call) -> Accepted | Response:
        email = parse_email(form.email)
        try:
            async with desk.evenly():
                return _accepted(await accounts.change_email(desk, call, member_id, email))
        except TooMany as refused:
            return too_many(request, refused)

    @routes.post("/terms")
    async def accept_terms(form: Terms, member_id: AMember, call: ACall) -> Accepted:
        answer = await accounts.accept_terms(desk, call, MemberId(member_id), form.cgu_version, form.cgu_hash)
        return _accepted(answer)

    @routes.post("/closure")
    async def close(member_id: AConfirmed, call: ACall) -> Accepted:
        return _accepted(await accounts.close(desk, call, member_id))

    return routes


def totp_router(desk: Desk) -> APIRouter:
    """The member's code app."""
    routes = APIRouter()

    @routes.post("/totp")
    async def begin_totp(member_id: AConfirmed, call: ACall) -> totp.Begun:
        return await totp.begin(desk, call, member_id)

    @routes.post("/totp/{totp_id}")
    async def enable_totp(totp_id: uuid.UUID, form: OneTimeCode, member_id: AConfirmed, call: ACall) -> RecoveryCodes:
        typed = form.one_time_code.get_secret_value()
        return RecoveryCodes(codes=await totp.enable(desk, call, member_id, TotpId(str(totp_id)), typed))

    @routes.post("/totp-end")
    async def disable_totp(member_id: AConfirmed, call: ACall) -> Accepted:
        return _accepted(await totp.disable(desk, call, member_id))

    @routes.get("/totp")
    async def has_totp(member_id: AMember) -> TotpState:
        return TotpState(enabled=await totp.current(desk, member_id) is not None)

    return routes


def devices_router(service: Service, desk: Desk) -> APIRouter:
    """Where a member is signed in, and from where he may be."""
    routes = APIRouter()

    @routes.get("/devices")
    async def my_devices(member_id: AMember, response: Response, x_written: HasWritten = None) -> DevicesShown:
        found = await shown(service, devices, member_id, x_written, response)
        known = () if isinstance(found.devices, Erased) else found.devices
        until = desk.clock.now() - desk.settings.device_lifetime
        return DevicesShown(
            sessions=found.open_sessions(desk.clock.now()), devices=tuple(one for one in known if one.last_at > until)
        )

    @routes.get("/sessions/{session_id}", dependencies=[Depends(gateway_caller)])
    async def session_state(session_id: uuid.UUID, member_id: AMember) -> SessionState:
        is_open = await accounts.open_session(desk, MemberId(member_id), SessionId(str(session_id)))
        return SessionState(open=is_open, closing=await accounts.closing(desk, MemberId(member_id)))

    @routes.post("/sessions/end")
    async def end_session(form: SessionNamed, member_id: AMember, call: ACall) -> Accepted:
        session_id = SessionId(str(form.session_id))
        return _accepted(await accounts.end_session(desk, call, MemberId(member_id), session_id))

    @routes.post("/sessions/end-others")
    async def end_others(form: SessionNamed, member_id: AMember, call: ACall) -> Accepted:
        session_id = SessionId(str(form.session_id))
        return _accepted(await accounts.end_others(desk, call, MemberId(member_id), session_id))

    @routes.post("/devices/forget")
    async def forget_device(form: DeviceNamed, member_id: AMember, call: ACall) -> Accepted:
        device_id = DeviceId(form.device_id)
        return _accepted(await accounts.forget_device(desk, call, MemberId(member_id), device_id))

    return routes


def _accepted(answer: Answer) -> Accepted:
    return Accepted(stream=answer.stream, version=answer.version)
