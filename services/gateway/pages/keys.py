"""« Ma sécurité »: my code, my address, my account's end; what could take the account away asks for a step-up."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Response

from services.gateway.clients.who import Who
from services.gateway.pages.asking import MemberVisit, Posting, SignedInVisit, SteppedUpVisit, Visiting
from services.gateway.pages.enrolment_account import EMAIL_REFUSED
from services.gateway.pages.enrolment_forms import CodeForm, EmailForm
from services.gateway.pages.forgotten_code import code_refusal
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused, Written
from shared.web.forms import Form, Refusal, asked
from shared.web.visits import Posted

BASE: Final = "/ma-securite"
PENDING: Final = "/mon-compte/adresse-a-confirmer"
UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
EMAIL_REFUSALS: Final = {"email-unchanged": "C'est déjà votre adresse."}

GiveAddress = Callable[[Who, str, str], Awaitable[Written]]

router = APIRouter()


class ClosureForm(Form):
    """« J'ai compris »."""

    understood: Annotated[str, asked("Cochez la case pour fermer votre compte.")]


@router.get(BASE)
async def overview(visit: MemberVisit) -> Response:
    found = await visit.site.identity.account(visit.who, visit.written("identity"))
    totp = await visit.site.keys.has_totp(visit.who)
    return await visit.page("keys/overview.html", account=found.value, totp=totp, lag=found.lag, as_of=found.as_of)


@router.get(f"{BASE}/code")
async def code_form(visit: SteppedUpVisit) -> Response:
    return await visit.page("keys/code.html")


@router.post(f"{BASE}/code")
async def code(visit: SteppedUpVisit, posted: Posting) -> Response:
    form, typed = visit.read(CodeForm, posted.fields)
    if form is not None:
        session = visit.session.state.identity_session
        try:
            written = await visit.site.keys.change_code(visit.who, posted.command_id, form.code, session)
        except Refused as refused:
            typed = typed.refused(code_refusal(refused))
        else:
            await visit.site.sessions.end_others(visit.session)
            visit.remember("identity", written)
            return await visit.go(BASE, notice="code-changed")
    return await visit.page("keys/code.html", status=UNPROCESSABLE, typed=typed)


@router.get(f"{BASE}/adresse-electronique")
async def email_form(visit: SteppedUpVisit) -> Response:
    return await visit.page("keys/email.html", action=f"{BASE}/adresse-electronique", back=BASE)


@router.post(f"{BASE}/adresse-electronique")
async def email(visit: SteppedUpVisit, posted: Posting) -> Response:
    return await _another_address(visit, posted, visit.site.keys.change_email, BASE, "email-to-confirm")


@router.get(f"{PENDING}/correction")
async def correction_form(visit: SignedInVisit) -> Response:
    return await visit.page("keys/email.html", action=f"{PENDING}/correction", back=PENDING)


@router.post(f"{PENDING}/correction")
async def correct(visit: SignedInVisit, posted: Posting) -> Response:
    return await _another_address(visit, posted, visit.site.keys.correct_email, PENDING, "email-sent-again")


async def _another_address(visit: Visit, posted: Posted, give: GiveAddress, back: str, notice: str) -> Response:
    """The form again with what is wrong, or back where it came from with a notice."""
    form, typed = visit.read(EmailForm, posted.fields)
    if form is not None:
        try:
            written = await give(visit.who, posted.command_id, form.email)
        except Refused as refused:
            typed = typed.refused(_email_refusal(refused))
        else:
            visit.remember("identity", written)
            visit.session.change(mailbox=form.email)
            return await visit.go(back, notice=notice)
    return await visit.page(
        "keys/email.html", status=UNPROCESSABLE, typed=typed, action=visit.request.url.path, back=back
    )


@router.get(f"{BASE}/cloture")
async def closure_form(visit: SteppedUpVisit) -> Response:
    return await visit.page("keys/closure.html")


@router.post(f"{BASE}/cloture")
async def close(visit: SteppedUpVisit, posted: Posting) -> Response:
    form, typed = visit.read(ClosureForm, posted.fields)
    if form is None:
        return await visit.page("keys/closure.html", status=UNPROCESSABLE, typed=typed)
    await visit.site.keys.close(visit.who, posted.command_id)
    await visit.site.sessions.end_others(visit.session)
    return await visit.sign_out("/compte-ferme")


@router.get("/compte-ferme")
async def closed(visit: Visiting) -> Response:
    return await visit.page("keys/closed.html")


def _email_refusal(refused: Refused) -> Refusal:
    if not refused.code.startswith("email-"):
        raise refused
    return Refusal("email", EMAIL_REFUSALS.get(refused.code, EMAIL_REFUSED))
