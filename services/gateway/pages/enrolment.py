"""« Je crée mon compte », first half: who one is, and the proofs. Nothing is created yet."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response

from services.gateway.drafts import Enrolment, Identity
from services.gateway.pages.asking import Counted, Posting, Visiting, VisitorsOnly
from services.gateway.pages.enrolment_forms import IdentityForm, ProofsForm
from services.gateway.pages.enrolment_steps import BASE, LOST, unless_about_the_form
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused
from shared.web.forms import Refusal, Typed, date_parts

UNPROVEN: Final = (
    "Ces informations ne correspondent pas à celles que la caisse connaît. Vérifiez-les, y compris celles de la "
    "première étape. Si elles sont justes, demandez un code provisoire."
)

SHAPES: Final = {
    "nir-length": Refusal("nir", "Le numéro de sécurité sociale doit compter 13 ou 15 caractères."),
    "nir-format": Refusal("nir", "Ce numéro de sécurité sociale n'existe pas. Vérifiez-le."),
    "nir-key": Refusal("nir", "Le numéro de sécurité sociale contient une erreur. Vérifiez-le."),
    "postcode-unknown": Refusal("postcode", "Ce code postal n'existe pas. Reprenez celui de vos relevés."),
}
"""What can be said of one fact alone: its form is wrong, whoever it belongs to."""

router = APIRouter(prefix=BASE, dependencies=[VisitorsOnly])


@router.get("")
async def start(visit: Visiting) -> Response:
    return await visit.page("enrolment/start.html")


@router.get("/identite")
async def identity_form(visit: Visiting, session: str = "") -> Response:
    draft = visit.session.state.enrolment
    notice = "draft-lost" if session == "expiree" and draft is None else None
    known = draft.identity if draft else None
    return await _identity(visit, Typed(shown(known) if known else {}), notice=notice)


@router.post("/identite", dependencies=[Counted])
async def identity(visit: Visiting, posted: Posting) -> Response:
    form, typed = visit.read(IdentityForm, posted.fields)
    if form is None:
        return await _identity(visit, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    visit.session.change(enrolment=Enrolment(identity=Identity(**form.model_dump())))
    return await visit.go(f"{BASE}/preuves")


@router.get("/preuves")
async def proofs_form(visit: Visiting) -> Response:
    if _named(visit) is None:
        return await visit.go(LOST)
    return await visit.page("enrolment/proofs.html")


@router.post("/preuves", dependencies=[Counted])
async def proofs(visit: Visiting, posted: Posting) -> Response:
    named = _named(visit)
    if named is None:
        return await visit.go(LOST)
    form, typed = visit.read(ProofsForm, posted.fields)
    if form is None:
        return await visit.page("enrolment/proofs.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, typed=typed)
    try:
        started = await visit.site.identity.enrol(
            visit.who, posted.command_id, named, iban_end=form.iban_end, serial=form.serial
        )
    except Refused as refused:
        unless_about_the_form(refused)
        if refused.code in SHAPES:
            again = Typed(shown(named), (SHAPES[refused.code],))
            return await _identity(visit, again, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        typed = typed.refused(Refusal("iban_end", UNPROVEN))
        return await visit.page("enrolment/proofs.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, typed=typed)
    visit.session.change(enrolment=Enrolment(identity=named, enrolment_id=started.enrolment_id))
    return await visit.go(f"{BASE}/conditions")


async def _identity(visit: Visit, typed: Typed, status: int = HTTPStatus.OK, notice: str | None = None) -> Response:
    return await visit.page(
        "enrolment/identity.html", status=status, typed=typed, dates=IdentityForm.DATES, notice=notice
    )


def _named(visit: Visit) -> Identity | None:
    draft = visit.session.state.enrolment
    return draft.identity if draft is not None else None


def shown(identity: Identity) -> Mapping[str, str]:
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
