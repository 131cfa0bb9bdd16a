"""« Je crée mon compte », second half, once it is known who it is: terms, code, address, and the account is made."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response

from services.gateway.drafts import Enrolment
from services.gateway.pages.asking import Counted, Posting, Visiting, VisitorsOnly
from services.gateway.pages.enrolment_forms import CodeForm, EmailForm, TermsForm
from services.gateway.pages.enrolment_steps import BASE, LOST, unless_about_the_form
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused
from shared.web.forms import Refusal, Typed

CODE_REFUSED: Final = "Ce code ne peut pas être accepté. Choisissez-en un autre."
CODE_REFUSALS: Final = {
    "code-known": "Ce code est l'un des premiers que l'on essaie. Choisissez-en un autre, par exemple une phrase.",
    "code-personal": "Votre code contient une information qui vous concerne, comme votre nom ou votre date de "
    "naissance. Choisissez-en un autre.",
    "code-other-alphabet": "Votre code contient une lettre d'un autre alphabet : seules les latines sont acceptées.",
    "code-unprintable": "Votre code contient un caractère invisible. Saisissez-le au clavier.",
}
EMAIL_REFUSED: Final = "Cette adresse ne peut pas être utilisée. Vérifiez-la, ou donnez-en une autre."

router = APIRouter(prefix=BASE, dependencies=[VisitorsOnly])


@router.get("/conditions")
async def terms_form(visit: Visiting) -> Response:
    if _proven(visit) is None:
        return await visit.go(LOST)
    return await visit.page("enrolment/terms.html", cgu=visit.site.terms)


@router.post("/conditions", dependencies=[Counted])
async def terms(visit: Visiting, posted: Posting) -> Response:
    draft = _proven(visit)
    if draft is None:
        return await visit.go(LOST)
    form, typed = visit.read(TermsForm, posted.fields)
    if form is None:
        return await visit.page(
            "enrolment/terms.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, typed=typed, cgu=visit.site.terms
        )
    visit.session.change(enrolment=draft.model_copy(update={"cgu_accepted": True}))
    return await visit.go(f"{BASE}/code")


@router.get("/code")
async def code_form(visit: Visiting) -> Response:
    if _agreed(visit) is None:
        return await visit.go(LOST)
    return await visit.page("enrolment/code.html")


@router.post("/code", dependencies=[Counted])
async def code(visit: Visiting, posted: Posting) -> Response:
    draft = _agreed(visit)
    if draft is None:
        return await visit.go(LOST)
    form, typed = visit.read(CodeForm, posted.fields)
    if form is None:
        return await visit.page("enrolment/code.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, typed=typed)
    visit.session.change(enrolment=draft.model_copy(update={"code": form.code}))
    return await visit.go(f"{BASE}/adresse-electronique")


@router.get("/adresse-electronique")
async def email_form(visit: Visiting) -> Response:
    draft = _agreed(visit)
    if draft is None or draft.code is None:
        return await visit.go(LOST)
    return await visit.page("enrolment/email.html")


@router.post("/adresse-electronique", dependencies=[Counted])
async def email(visit: Visiting, posted: Posting) -> Response:
    draft = _agreed(visit)
    if draft is None or draft.code is None or draft.enrolment_id is None:
        return await visit.go(LOST)
    form, typed = visit.read(EmailForm, posted.fields)
    if form is None:
        return await visit.page("enrolment/email.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, typed=typed)
    terms = visit.site.terms
    try:
        await visit.site.identity.create_account(
            visit.who,
            posted.command_id,
            draft.enrolment_id,
            cgu=(terms.version, terms.digest),
            code=draft.code,
            email=form.email,
        )
    except Refused as refused:
        return await _not_created(visit, draft, typed, refused)
    visit.session.change(enrolment=None, mailbox=form.email)
    return await visit.go(f"{BASE}/messagerie")


@router.get("/messagerie")
async def mailbox(visit: Visiting) -> Response:
    address = visit.session.state.mailbox
    if address is None:
        return await visit.go("/connexion")
    return await visit.page("enrolment/mailbox.html", email=address)


async def _not_created(visit: Visit, draft: Enrolment, typed: Typed, refused: Refused) -> Response:
    """Back to the step whose answer was refused."""
    unless_about_the_form(refused)
    if refused.code.startswith("code-"):
        visit.session.change(enrolment=draft.model_copy(update={"code": None}))
        shown = Typed(refusals=(Refusal("code", CODE_REFUSALS.get(refused.code, CODE_REFUSED)),))
        return await visit.page("enrolment/code.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, typed=shown)
    if refused.code.startswith("email-"):
        shown = typed.refused(Refusal("email", EMAIL_REFUSED))
        return await visit.page("enrolment/email.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, typed=shown)
    visit.session.change(enrolment=None)
    return await visit.go(LOST)


def _proven(visit: Visit) -> Enrolment | None:
    draft = visit.session.state.enrolment
    return draft if draft is not None and draft.enrolment_id is not None else None


def _agreed(visit: Visit) -> Enrolment | None:
    draft = _proven(visit)
    return draft if draft is not None and draft.cgu_accepted else None
