"""New general terms: they are accepted at the next sign-in, before anything else opens."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from services.gateway.pages.asking import Posting, SignedInVisit
from services.gateway.pages.enrolment_forms import TermsForm
from services.gateway.pages.visit import Visit
from shared.web.forms import Typed

router = APIRouter(prefix="/nouvelles-conditions")


@router.get("")
async def show(visit: SignedInVisit) -> Response:
    return await _page(visit, Typed())


@router.post("")
async def accept(visit: SignedInVisit, posted: Posting) -> Response:
    form, typed = visit.read(TermsForm, posted.fields)
    if form is None:
        return await _page(visit, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
    terms = visit.site.terms
    written = await visit.site.keys.accept_terms(visit.who, posted.command_id, terms.version, terms.digest)
    visit.remember("identity", written)
    visit.session.change(cgu_version=terms.version)
    return await visit.go("/mon-compte")


async def _page(visit: Visit, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    return await visit.page("keys/terms.html", status=status, typed=typed, cgu=visit.site.terms)
