"""« Je crée mon compte »: five steps, each a page and a form; nothing is created before the last."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Response

from services.gateway.clients.channel import Refused
from services.gateway.drafts import Enrolment, Identity
from services.gateway.pages.enrolment_forms import CodeForm, EmailForm, IdentityForm, ProofsForm, TermsForm
from services.gateway.pages.forms import Form, Refusal, Typed, date_parts
from services.gateway.pages.french import PARIS
from services.gateway.pages.visit import Counted, Posted, Posting, Visit, Visiting

BASE: Final = "/creer-mon-compte"
LOST: Final = f"{BASE}/identite?session=expiree"

UNPROVEN: Final = (
    "Ces informations ne correspondent pas à celles que la caisse connaît. Vérifiez-les, y compris celles de la "
    "première étape. Si elles sont justes, demandez un code provisoire."
)
CODE_REFUSED: Final = "Ce code ne peut pas être accepté : il est trop courant ou trop facile à deviner."
EMAIL_REFUSED: Final = "Cette adresse ne peut pas être utilisée. Vérifiez-la, ou donnez-en une autre."

router = APIRouter(prefix=BASE)


@router.get("")
async def start(visit: Visiting) -> Response:
    return await visit.page("enrolment/start.html")


@router.get("/code-provisoire")
async def provisional(visit: Visiting) -> Response:
    return await visit.page("enrolment/provisional.html")


@router.get("/identite")
async def identity_form(visit: Visiting, session: str = "") -> Response:
    draft = visit.session.state.enrolment
    notice = "draft-lost" if session == "expiree" and draft is None else None
    return await _identity(visit, Typed(_shown(draft.identity) if draft else {}), notice=notice)


@router.post("/identite", dependencies=[Counted])
async def identity(visit: Visiting, posted: Posting) -> Response:
    form, typed = _read(IdentityForm, visit, posted)
    if form is None:
        return await _identity(visit, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    visit.session.change(enrolment=Enrolment(identity=Identity(**form.model_dump())))
    return await visit.go(f"{BASE}/preuves")


@router.get("/preuves")
async def proofs_form(visit: Visiting) -> Response:
    if visit.session.state.enrolment is None:
        return await visit.go(LOST)
    return await visit.page("enrolment/proofs.html")


@router.post("/preuves", dependencies=[Counted])
async def proofs(visit: Visiting, posted: Posting) -> Response:
    draft = visit.session.state.enrolment
    if draft is None:
        return await visit.go(LOST)
    form, typed = _read(ProofsForm, visit, posted)
    if form is None:
        return await visit.page("enrolment/proofs.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, typed=typed)
    try:
        started = await visit.site.identity.enrol(
            visit.who, posted.command_id, draft.identity, iban_end=form.iban_end, serial=form.serial
        )
    except Refused as refused:
        _only_refusals(refused)
        typed = typed.refused(Refusal("iban_end", UNPROVEN))
        return await visit.page("enrolment/proofs.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, typed=typed)
    visit.session.change(enrolment=Enrolment(identity=draft.identity, enrolment_id=started.enrolment_id))
    return await visit.go(f"{BASE}/conditions")


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
    form, typed = _read(TermsForm, visit, posted)
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
    form, typed = _read(CodeForm, visit, posted)
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
    form, typed = _read(EmailForm, visit, posted)
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
    _only_refusals(refused)
    if refused.code.startswith("code-"):
        visit.session.change(enrolment=draft.model_copy(update={"code": None}))
        shown = Typed(refusals=(Refusal("code", CODE_REFUSED),))
        return await visit.page("enrolment/code.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, typed=shown)
    if refused.code.startswith("email-"):
        shown = typed.refused(Refusal("email", EMAIL_REFUSED))
        return await visit.page("enrolment/email.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, typed=shown)
    visit.session.change(enrolment=None)
    return await visit.go(LOST)


async def _identity(visit: Visit, typed: Typed, status: int = HTTPStatus.OK, notice: str | None = None) -> Response:
    return await visit.page(
        "enrolment/identity.html", status=status, typed=typed, dates=IdentityForm.DATES, notice=notice
    )


def _only_refusals(refused: Refused) -> None:
    """Let pass to the pages of errors what says nothing about the form."""
    if refused.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.UNAUTHORIZED}:
        raise refused


def _read(form: type[Any], visit: Visit, posted: Posted) -> tuple[Any, Typed]:
    assert issubclass(form, Form)
    return form.read(posted.fields, today=visit.site.clock.now().astimezone(PARIS).date())


def _proven(visit: Visit) -> Enrolment | None:
    draft = visit.session.state.enrolment
    return draft if draft is not None and draft.enrolment_id is not None else None


def _agreed(visit: Visit) -> Enrolment | None:
    draft = _proven(visit)
    return draft if draft is not None and draft.cgu_accepted else None


def _shown(identity: Identity) -> Mapping[str, str]:
    """A draft as it was typed: going back shows it."""
    day, month, year = date_parts("birth_date")
    date = identity.birth_date
    return {
        "surname": identity.surname,
        "nir": identity.nir,
        "postcode": identity.postcode,
        day: str(date.day),
        month: str(date.month),
        year: str(date.year),
    }
