"""« Recevez votre code provisoire sous 8 jours », and contesting an account that a letter has told of."""

from http import HTTPStatus
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Response

from services.gateway.drafts import Identity
from services.gateway.pages.asking import Counted, Posting, Visiting
from services.gateway.pages.enrolment import SHAPES, shown
from services.gateway.pages.enrolment_forms import IdentityForm, read_nir
from services.gateway.pages.enrolment_steps import BASE
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused
from shared.web.forms import Form, Refusal, Typed, asked

UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
CONTEST_REFUSED: Final = "Ce numéro et ce code ne vont pas ensemble. Vérifiez-les sur votre courrier."

router = APIRouter()


class ContestForm(Form):
    """What stands on the letter."""

    SECRET: ClassVar = frozenset({"code"})

    nir: Annotated[str, asked("Saisissez votre numéro de sécurité sociale.", read_nir)]
    code: Annotated[str, asked("Saisissez le code qui figure sur le courrier.")]


@router.get(f"{BASE}/code-provisoire")
async def provisional_form(visit: Visiting) -> Response:
    draft = visit.session.state.enrolment
    named = draft.identity if draft is not None else None
    return await _page(visit, Typed(shown(named) if named else {}))


@router.post(f"{BASE}/code-provisoire", dependencies=[Counted])
async def ask_provisional(visit: Visiting, posted: Posting) -> Response:
    form, typed = visit.read(IdentityForm, posted.fields)
    if form is None:
        return await _page(visit, typed, UNPROCESSABLE)
    facts = Identity(**form.model_dump())
    try:
        await visit.site.keys.ask_provisional_code(visit.who, posted.command_id, facts)
    except Refused as refused:
        if refused.code not in SHAPES:
            raise
        return await _page(visit, typed.refused(SHAPES[refused.code]), UNPROCESSABLE)
    return await visit.go(f"{BASE}/code-provisoire/demande")


@router.get(f"{BASE}/code-provisoire/demande")
async def asked_for(visit: Visiting) -> Response:
    return await visit.page("enrolment/provisional_asked.html")


@router.get("/contester")
async def contest_form(visit: Visiting) -> Response:
    return await visit.page("keys/contest.html")


@router.post("/contester", dependencies=[Counted])
async def contest(visit: Visiting, posted: Posting) -> Response:
    form, typed = visit.read(ContestForm, posted.fields)
    if form is not None:
        try:
            await visit.site.keys.contest(visit.who, posted.command_id, form.nir, form.code)
        except Refused as refused:
            if refused.code != "contest-refused" and not refused.code.startswith("nir-"):
                raise
            typed = typed.refused(Refusal("code", CONTEST_REFUSED))
        else:
            return await visit.go("/contester/fait")
    return await visit.page("keys/contest.html", status=UNPROCESSABLE, typed=typed)


@router.get("/contester/fait")
async def contested(visit: Visiting) -> Response:
    return await visit.page("keys/contested.html")


async def _page(visit: Visit, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    return await visit.page("enrolment/provisional.html", status=status, typed=typed, dates=IdentityForm.DATES)
