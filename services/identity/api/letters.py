"""What a visitor does with paper: ask for a provisional code, contest an account that a letter told him of."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from services.identity.access import provisional_codes
from services.identity.access.desk import Desk
from services.identity.api.doors import Short
from services.identity.api.lost_keys import Taken
from services.identity.api.problems import too_many
from services.identity.api.requests import ACall, Origin
from services.identity.domain.nir import parse_nir
from services.identity.domain.postcode import parse_postcode
from services.identity.domain.proofs import Named
from shared.kernel import Value
from shared.sign_in.gates import TooMany


class Facts(Value):
    """Who asks for a code: the first step of the wizard, and nothing that proves it."""

    surname: Short
    nir: Short
    birth_date: dt.date
    postcode: Short


class Contested(Value):
    """The number that an account was opened with, and the code of the letter."""

    nir: Short
    code: Annotated[str, Field(max_length=40)]


def letters_router(desk: Desk) -> APIRouter:
    """The routes; each takes the same time for every number."""
    routes = APIRouter()

    @routes.post("/provisional-codes", status_code=202, response_model=Taken)
    async def ask(form: Facts, request: Request, call: ACall, x_origin: Origin = "") -> Taken | Response:
        named = Named(
            nir=parse_nir(form.nir, refuse_zero_parts=desk.settings.nir_refuse_zero_parts),
            surname=form.surname,
            birth_date=form.birth_date,
            postcode=parse_postcode(form.postcode),
        )
        try:
            async with desk.evenly():
                await provisional_codes.request(desk, call, named, x_origin)
        except TooMany as refused:
            return too_many(request, refused)
        return Taken()

    @routes.post("/contests", response_model=Taken)
    async def contest(form: Contested, request: Request, call: ACall, x_origin: Origin = "") -> Taken | Response:
        nir = parse_nir(form.nir, refuse_zero_parts=desk.settings.nir_refuse_zero_parts)
        try:
            async with desk.evenly():
                await provisional_codes.contest(desk, call, nir, form.code, x_origin)
        except TooMany as refused:
            return too_many(request, refused)
        return Taken()

    return routes
