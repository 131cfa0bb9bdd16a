"""« Confirmez que c'est vous »: personal code, then a one-time code; afterwards back to the page that asked."""

from http import HTTPStatus
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Response

from services.gateway.pages.asking import MemberVisit, Posting
from services.gateway.pages.one_time_code import (
    ENDED,
    OneTimeCodeForm,
    code_page,
    draft_of,
    refusal_of,
    resend,
    start_again,
)
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused
from shared.web.forms import Form, Refusal, Typed, asked
from shared.web.visits import local_path

BASE: Final = "/confirmation-identite"
HOME: Final = "/mon-compte"
WRONG: Final = "Ce n'est pas votre code personnel. Vérifiez-le, et la touche majuscule."
UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY

router = APIRouter(prefix=BASE)


class CodeForm(Form):
    """The personal code."""

    SECRET: ClassVar = frozenset({"code"})

    code: Annotated[str, asked("Saisissez votre code personnel.", squeeze=False)]


@router.get("")
async def show(visit: MemberVisit, suite: str = "") -> Response:
    following = local_path(suite)
    if visit.stepped_up:
        return await visit.go(following or HOME)
    return await visit.page("account/step_up.html", next=following)


@router.post("")
async def give_code(visit: MemberVisit, posted: Posting) -> Response:
    form, typed = visit.read(CodeForm, posted.fields)
    if form is None:
        return await _again(visit, posted.next, typed)
    try:
        code_asked = await visit.site.identity.ask_step_up(visit.who, posted.command_id, form.code)
    except Refused as refused:
        if refused.code != "code-wrong":
            raise
        return await _again(visit, posted.next, typed.refused(Refusal("code", WRONG)))
    visit.session.change(code_asked=draft_of(code_asked, posted.next))
    return await visit.go(f"{BASE}/code")


@router.get("/code")
async def show_code(visit: MemberVisit) -> Response:
    return await code_page(visit, BASE, Typed())


@router.post("/code")
async def give_one_time_code(visit: MemberVisit, posted: Posting) -> Response:
    draft = visit.session.state.code_asked
    if draft is None:
        return await visit.go(HOME if visit.stepped_up else BASE)
    form, typed = visit.read(OneTimeCodeForm, posted.fields)
    if form is None:
        return await code_page(visit, BASE, typed, UNPROCESSABLE)
    challenge = draft.challenge_id
    try:
        await visit.site.identity.complete_step_up(visit.who, posted.command_id, challenge, form.one_time_code)
    except Refused as refused:
        if refused.code in ENDED:
            return await start_again(visit, BASE)
        return await code_page(visit, BASE, typed.refused(refusal_of(refused, draft.factor)), UNPROCESSABLE)
    await visit.step_up()
    return await visit.go(draft.next or HOME)


@router.post("/code/renvoi")
async def send_again(visit: MemberVisit, posted: Posting) -> Response:
    return await resend(visit, posted, BASE)


async def _again(visit: Visit, following: str | None, typed: Typed) -> Response:
    return await visit.page("account/step_up.html", status=UNPROCESSABLE, typed=typed, next=following)
