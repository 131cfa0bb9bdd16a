"""What a visitor can do: prove who he is, open an account, confirm an address."""

import datetime as dt
import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, SecretStr

from services.identity.access import confirmation, enrolment
from services.identity.access.desk import Desk
from services.identity.api.problems import broken_code, too_many
from services.identity.api.requests import ACall, Accepted, Origin
from services.identity.domain.email import parse_email
from services.identity.domain.iban import parse_last_7
from services.identity.domain.ids import EnrolmentId
from services.identity.domain.nir import parse_nir
from services.identity.domain.personal_code import broken_rules
from services.identity.domain.postcode import parse_postcode
from services.identity.domain.serial import parse_serial
from shared.kernel import Value
from shared.security import gateway_caller
from shared.sign_in.gates import TooMany

Short = Annotated[str, Field(max_length=100)]
Secret = Annotated[SecretStr, Field(max_length=200)]


class Proofs(Value):
    """The two first forms of the creation of an account."""

    surname: Short
    nir: Short
    birth_date: dt.date
    postcode: Short
    iban_last_7: Short
    serial: Short


class Choices(Value):
    """The last three."""

    cgu_version: Short
    cgu_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    code: Secret
    email: Annotated[str, Field(max_length=300)]


class Token(Value):
    """The last part of a link."""

    token: Annotated[str, Field(max_length=400)]


class Enrolled(Value):
    """Where an account may be opened now. It says nothing else."""

    enrolment_id: str


def visitors_router(desk: Desk) -> APIRouter:
    """The routes; every answer that must not tell who is known takes the same time."""
    routes = APIRouter()

    @routes.post("/enrolments", response_model=Enrolled, dependencies=[Depends(gateway_caller)])
    async def enrol(form: Proofs, request: Request, x_origin: Origin = "") -> Enrolled | Response:
        typed = _typed(form, desk)
        try:
            async with desk.evenly():
                proved = await enrolment.prove(desk, typed, x_origin)
        except TooMany as refused:
            return too_many(request, refused)
        return Enrolled(enrolment_id=proved.id)

    @routes.post("/enrolments/{enrolment_id}/account", status_code=202, response_model=Enrolled)
    async def create_account(
        enrolment_id: uuid.UUID, form: Choices, request: Request, call: ACall
    ) -> Enrolled | Response:
        code = form.code.get_secret_value()
        if broken := broken_rules(code):
            return broken_code(request, broken)
        chosen = enrolment.Chosen(email=parse_email(form.email), cgu_version=form.cgu_version, cgu_hash=form.cgu_hash)
        enrolled = EnrolmentId(str(enrolment_id))
        try:
            async with desk.evenly():
                await enrolment.create_account(desk, call, enrolled, chosen, code)
        except TooMany as refused:
            return too_many(request, refused)
        return Enrolled(enrolment_id=enrolled)

    @routes.post("/email-validations")
    async def confirm(form: Token, call: ACall) -> Accepted:
        answer = await confirmation.confirm(desk, call, form.token)
        return Accepted(stream=answer.stream, version=answer.version)

    return routes


def _typed(form: Proofs, desk: Desk) -> enrolment.Typed:
    """In normal form; what has no form at all is refused before anything is looked up."""
    return enrolment.Typed(
        nir=parse_nir(form.nir, refuse_zero_parts=desk.settings.nir_refuse_zero_parts),
        surname=form.surname,
        birth_date=form.birth_date,
        postcode=parse_postcode(form.postcode),
        iban_last7=parse_last_7(form.iban_last_7),
        serial=parse_serial(form.serial),
    )
