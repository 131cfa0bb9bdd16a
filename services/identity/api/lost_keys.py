"""What a visitor does who can't come in: a forgotten code, a door that has shut."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from services.identity.access import code_resets, locks
from services.identity.access.desk import Desk
from services.identity.api.doors import Secret, Short
from services.identity.api.problems import broken_code, too_many
from services.identity.api.requests import ACall, Accepted, Origin
from services.identity.domain.nir import parse_nir
from services.identity.domain.personal_code import broken_rules
from shared.kernel import Value
from shared.sign_in.gates import TooMany


class Forgotten(Value):
    """Who has forgotten his code."""

    nir: Short
    birth_date: dt.date


class Token(Value):
    """The last part of a link."""

    token: Annotated[str, Field(max_length=400)]


class Reset(Token):
    """Another code, by a link."""

    code: Secret


class Taken(Value):
    """The request was taken. What came of it the mailbox alone learns."""


def lost_keys_router(desk: Desk) -> APIRouter:
    """The routes; what is asked with a number takes the same time for every number."""
    routes = APIRouter()

    @routes.post("/code-resets", status_code=202, response_model=Taken)
    async def forgot(form: Forgotten, request: Request, call: ACall, x_origin: Origin = "") -> Taken | Response:
        nir = parse_nir(form.nir, refuse_zero_parts=desk.settings.nir_refuse_zero_parts)
        try:
            async with desk.evenly():
                await code_resets.request(desk, call, nir, form.birth_date, x_origin)
        except TooMany as refused:
            return too_many(request, refused)
        return Taken()

    @routes.post("/code-resets/use", response_model=Accepted)
    async def reset(form: Reset, request: Request, call: ACall) -> Accepted | Response:
        code = form.code.get_secret_value()
        if broken := broken_rules(code):
            return broken_code(request, broken)
        answer = await code_resets.complete(desk, call, form.token, code)
        return Accepted(stream=answer.stream, version=answer.version)

    @routes.post("/sign-in-reopenings")
    async def reopen(form: Token, call: ACall) -> Accepted:
        answer = await locks.reopen(desk, call, form.token)
        return Accepted(stream=answer.stream, version=answer.version)

    return routes
