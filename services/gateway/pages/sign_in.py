"""In and out: NIR and personal code, and the button that forgets this browser."""

import contextlib
from http import HTTPStatus
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from services.gateway.clients.identity import CodeAsked, EnrolmentStarted
from services.gateway.drafts import Enrolment
from services.gateway.pages.asking import Counted, Posting, SignedInVisit, Visiting
from services.gateway.pages.enrolment_forms import read_nir
from services.gateway.pages.one_time_code import (
    ENDED,
    OneTimeCodeForm,
    code_page,
    draft_of,
    refusal_of,
    resend,
    start_again,
)
from shared.web.channel import Refused, ServiceDown
from shared.web.forms import Form, Refusal, Typed, asked
from shared.web.visits import local_path

BASE: Final = "/connexion"
HOME: Final = "/mon-compte"
WRONG: Final = "Le numéro de sécurité sociale ou le code n'est pas le bon. Vérifiez les deux, et la touche majuscule."

SESSIONS: Final = {"expiree": "session-ended", "fermee": "session-revoked"}
"""What is said of a session that is no longer there."""

router = APIRouter()


class SignInForm(Form):
    """The two things that open an account."""

    SECRET: ClassVar = frozenset({"code"})

    nir: Annotated[str, asked("Saisissez votre numéro de sécurité sociale.", read_nir)]
    code: Annotated[str, asked("Saisissez votre code personnel.", squeeze=False)]


@router.get("/connexion")
async def show(visit: Visiting, suite: str = "", session: str = "") -> Response:
    if visit.session.holder is not None:
        return await visit.go(HOME)
    following = local_path(suite)
    notice = SESSIONS.get(session, "sign-in-needed" if following else None)
    shown = visit.session.state.notice or notice
    return await visit.page("account/sign_in.html", next=following, notice=shown)


@router.post("/connexion", dependencies=[Counted])
async def sign_in(visit: Visiting, posted: Posting) -> Response:
    form, typed = visit.read(SignInForm, posted.fields)
    if form is None:
        return await _again(visit, posted, typed)
    try:
        found = await visit.site.identity.sign_in(visit.who_comes_in, posted.command_id, form.nir, form.code)
    except Refused as refused:
        if refused.code != "sign-in-refused" and not refused.code.startswith("nir-"):
            raise
        return await _again(visit, posted, typed.refused(Refusal("nir", WRONG)))
    if isinstance(found, CodeAsked):
        visit.session.change(code_asked=draft_of(found, posted.next))
        return await visit.go(f"{BASE}/code")
    if isinstance(found, EnrolmentStarted):
        visit.session.change(enrolment=Enrolment(enrolment_id=found.enrolment_id))
        return await visit.go("/creer-mon-compte/conditions")
    await visit.sign_in(found)
    return await visit.go(posted.next or HOME)


@router.get("/connexion/prolonger")
async def go_on(visit: SignedInVisit) -> Response:
    """Asked by a page whose reader wants to stay: having been asked, the session lasts anew."""
    return await visit.answer(JSONResponse({"lasts": visit.lasts}))


@router.get("/connexion/code")
async def show_code(visit: Visiting) -> Response:
    if visit.session.holder is not None:
        return await visit.go(HOME)
    return await code_page(visit, BASE, Typed())


@router.post("/connexion/code", dependencies=[Counted])
async def give_one_time_code(visit: Visiting, posted: Posting) -> Response:
    draft = visit.session.state.code_asked
    if draft is None:
        return await visit.go(BASE)
    form, typed = visit.read(OneTimeCodeForm, posted.fields)
    if form is None:
        return await code_page(visit, BASE, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    identity, who = visit.site.identity, visit.who_comes_in
    try:
        signed = await identity.complete_sign_in(who, posted.command_id, draft.challenge_id, form.one_time_code)
    except Refused as refused:
        if refused.code in ENDED or refused.code == "sign-in-refused":
            return await start_again(visit, BASE)
        return await code_page(
            visit, BASE, typed.refused(refusal_of(refused, draft.factor)), HTTPStatus.UNPROCESSABLE_ENTITY
        )
    await visit.sign_in(signed)
    return await visit.go(draft.next or HOME)


@router.post("/connexion/code/renvoi", dependencies=[Counted])
async def send_code_again(visit: Visiting, posted: Posting) -> Response:
    return await resend(visit, posted, BASE)


async def _again(visit: Visiting, posted: Posting, typed: Typed) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return await visit.page("account/sign_in.html", status=status, typed=typed, next=posted.next)


@router.post("/deconnexion")
async def sign_out(visit: SignedInVisit, posted: Posting) -> Response:
    with contextlib.suppress(ServiceDown, Refused):  # the browser forgets in any case
        if session_id := visit.session.state.identity_session:
            await visit.site.identity.sign_out(visit.who, posted.command_id, session_id)
    return await visit.sign_out("/au-revoir")


@router.get("/au-revoir")
async def goodbye(visit: Visiting) -> Response:
    return await visit.page("account/goodbye.html")
