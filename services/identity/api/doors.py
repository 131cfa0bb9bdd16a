"""Coming in, and confirming who one still is: personal code, then a second factor where it is asked for."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field, SecretStr

from services.identity.access import one_time_codes, sign_in, step_up
from services.identity.access.desk import Desk
from services.identity.access.one_time_codes import Asked
from services.identity.api.problems import too_many
from services.identity.api.requests import ACall, Accepted, AMember, Origin
from services.identity.domain.ids import ChallengeId, MemberId
from services.identity.domain.nir import parse_nir
from shared.kernel import Value
from shared.sign_in.gates import TooMany

Short = Annotated[str, Field(max_length=100)]
Secret = Annotated[SecretStr, Field(max_length=200)]


class Credentials(Value):
    """What opens an account."""

    nir: Short
    code: Secret


class Code(Value):
    """The personal code once more."""

    code: Secret


class OneTimeCode(Value):
    """What came by mail."""

    one_time_code: Secret


def doors_router(desk: Desk) -> APIRouter:
    """The routes; where a number might be tried out, every answer takes the same time."""
    routes = APIRouter()

    @routes.post("/sign-ins", response_model=sign_in.Opened, responses={202: {"model": Asked | sign_in.Enrolling}})
    async def open_session(
        form: Credentials, request: Request, call: ACall, x_origin: Origin = ""
    ) -> sign_in.Opened | Response:
        nir = parse_nir(form.nir, refuse_zero_parts=desk.settings.nir_refuse_zero_parts)
        try:
            async with desk.evenly():
                outcome = await sign_in.sign_in(desk, call, nir, form.code.get_secret_value(), x_origin)
        except TooMany as refused:
            return too_many(request, refused)
        return outcome if isinstance(outcome, sign_in.Opened) else _asked(outcome)

    @routes.post("/sign-ins/{challenge_id}")
    async def complete_sign_in(challenge_id: uuid.UUID, form: OneTimeCode, call: ACall) -> sign_in.Opened:
        return await sign_in.complete(desk, call, _id(challenge_id), form.one_time_code.get_secret_value())

    @routes.post("/step-ups", status_code=202, response_model=Asked)
    async def ask_step_up(form: Code, request: Request, member_id: AMember, call: ACall) -> Asked | Response:
        try:
            return await step_up.ask(desk, call, MemberId(member_id), form.code.get_secret_value())
        except TooMany as refused:
            return too_many(request, refused)

    @routes.post("/step-ups/{challenge_id}")
    async def complete_step_up(challenge_id: uuid.UUID, form: OneTimeCode, member_id: AMember, call: ACall) -> Accepted:
        typed = form.one_time_code.get_secret_value()
        answer = await step_up.complete(desk, call, MemberId(member_id), _id(challenge_id), typed)
        return Accepted(stream=answer.stream, version=answer.version)

    @routes.post("/one-time-codes/{challenge_id}/resend")
    async def send_again(challenge_id: uuid.UUID, call: ACall) -> Accepted:
        answer = await one_time_codes.send_again(desk, call, _id(challenge_id))
        return Accepted(stream=answer.stream, version=answer.version)

    return routes


def _id(challenge_id: uuid.UUID) -> ChallengeId:
    return ChallengeId(str(challenge_id))


def _asked(outcome: Asked | sign_in.Enrolling) -> Response:
    return Response(outcome.model_dump_json(), status_code=202, media_type="application/json")
