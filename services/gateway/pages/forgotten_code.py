"""« Code oublié »: number and birth date bring a link by mail, the link brings another code. A shut door, too.

Opening a link shows a form or a button (mail scanners open links); sending it does something.
"""

import datetime as dt
from http import HTTPStatus
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Response

from services.gateway.pages.asking import Counted, Posting, Visiting, link_token
from services.gateway.pages.enrolment_account import CODE_REFUSALS, CODE_REFUSED
from services.gateway.pages.enrolment_forms import CodeForm, past_date, read_nir
from shared.web.channel import Refused
from shared.web.forms import Form, Refusal, asked, asked_date

UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
NIR_WRONG: Final = "Ce numéro de sécurité sociale n'existe pas. Vérifiez-le."
LINK_REFUSED: Final = "/lien-non-valable"

router = APIRouter()


class ForgottenForm(Form):
    """Who has forgotten his code."""

    DATES: ClassVar = frozenset({"birth_date"})

    nir: Annotated[str, asked("Saisissez votre numéro de sécurité sociale.", read_nir)]
    birth_date: Annotated[
        dt.date,
        asked_date(
            "Saisissez votre date de naissance.",
            "La date de naissance n'existe pas. Saisissez le jour, le mois et les quatre chiffres de l'année.",
            past_date,
        ),
    ]


@router.get("/code-oublie")
async def forgotten(visit: Visiting) -> Response:
    return await visit.page("keys/forgotten.html", dates=ForgottenForm.DATES)


@router.post("/code-oublie", dependencies=[Counted])
async def send_link(visit: Visiting, posted: Posting) -> Response:
    form, typed = visit.read(ForgottenForm, posted.fields)
    if form is not None:
        try:
            await visit.site.keys.forgot_code(visit.who, posted.command_id, form.nir, form.birth_date)
        except Refused as refused:
            if not refused.code.startswith("nir-"):
                raise
            typed = typed.refused(Refusal("nir", NIR_WRONG))
        else:
            return await visit.go("/code-oublie/envoye")
    return await visit.page("keys/forgotten.html", status=UNPROCESSABLE, typed=typed, dates=ForgottenForm.DATES)


@router.get("/code-oublie/envoye")
async def sent(visit: Visiting) -> Response:
    return await visit.page("keys/forgotten_sent.html")


@router.get("/nouveau-code/{token}")
async def new_code_form(visit: Visiting, token: str) -> Response:
    link_token(token)
    return await visit.page("keys/new_code.html")


@router.post("/nouveau-code/{token}", dependencies=[Counted])
async def new_code(visit: Visiting, posted: Posting, token: str) -> Response:
    link_token(token)
    form, typed = visit.read(CodeForm, posted.fields)
    if form is not None:
        try:
            await visit.site.keys.reset_code(visit.who, posted.command_id, token, form.code)
        except Refused as refused:
            if refused.code.startswith("link-"):
                return await visit.go(LINK_REFUSED)
            typed = typed.refused(code_refusal(refused))
        else:
            return await visit.go("/connexion", notice="code-reset")
    return await visit.page("keys/new_code.html", status=UNPROCESSABLE, typed=typed)


@router.get("/autoriser-les-essais/{token}")
async def reopening(visit: Visiting, token: str) -> Response:
    link_token(token)
    return await visit.page("keys/reopen.html")


@router.post("/autoriser-les-essais/{token}", dependencies=[Counted])
async def reopen(visit: Visiting, posted: Posting, token: str) -> Response:
    link_token(token)
    try:
        await visit.site.keys.reopen(visit.who, posted.command_id, token)
    except Refused as refused:
        if not refused.code.startswith("link-"):
            raise
        return await visit.go(LINK_REFUSED)
    return await visit.go("/connexion", notice="tries-reopened")


def code_refusal(refused: Refused) -> Refusal:
    """What is said beside the code.

    Raises:
        Refused: it has nothing to do with the code.
    """
    if not refused.code.startswith("code-"):
        raise refused
    return Refusal("code", CODE_REFUSALS.get(refused.code, CODE_REFUSED))
