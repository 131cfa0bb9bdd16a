"""« Fermer mon compte et effacer mes données » over HTTP: for the member, for whoever holds a link or a certificate."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AwareDatetime, Field

from services.identity.access.attestations import PDF
from services.identity.access.erasure_certificate import Certificate, certificate, printed
from services.identity.access.erasure_words import CLASSES, KeptLine, kept_lines
from services.identity.access.erasures import Erasures
from services.identity.api.problems import too_many
from services.identity.api.requests import ACall, Accepted, AMember, Origin
from services.identity.domain import erasure_events as e
from services.identity.domain.erasure_state import Erasure, Status
from services.identity.domain.ids import MemberId
from services.identity.domain.register import RegisterFacts
from services.identity.domain.retention import ERASED_CLASSES, cover_end, kept_from
from shared.kernel import Value
from shared.security import gateway_caller, stepped_up_caller
from shared.sign_in.gates import TooMany


class ErasureShown(Value):
    """What the page shows, before a request and while it can be taken back."""

    requested: bool
    held: bool
    """A legal hold: nothing will be erased as long as it stands."""
    requested_at: AwareDatetime | None
    due_at: AwareDatetime | None
    days: int
    reference: str | None
    code: str | None
    """Opens the certificate, besides its reference."""
    erased: tuple[str, ...]
    kept: tuple[KeptLine, ...]


class CancelToken(Value):
    """The last part of the link."""

    token: Annotated[str, Field(max_length=400)]


class CertificateAsked(Value):
    """What was given at the request."""

    reference: Annotated[str, Field(max_length=40)]
    code: Annotated[str, Field(max_length=40)]


def erasure_router(erasures: Erasures) -> APIRouter:
    """The member's own routes: they go on while his services are closed, so that he can take it back."""
    routes = APIRouter(prefix="/erasure")

    @routes.get("")
    async def state(member_id: AMember) -> ErasureShown:
        known = await erasures.state(member_id)
        person, _ = await erasures.desk.service.state(f"person:{member_id}")
        covered_until = cover_end(person.facts) if isinstance(person.facts, RegisterFacts) else None
        kept = kept_lines(kept_from(erasures.desk.today(), covered_until))
        return shown(erasures, known, kept)

    @routes.post("", dependencies=[Depends(stepped_up_caller)])
    async def request(member_id: AMember, call: ACall) -> Accepted:
        answer = await erasures.request(call, MemberId(member_id))
        return Accepted(stream=answer.stream, version=answer.version)

    @routes.post("/cancellation")
    async def cancel(member_id: AMember, call: ACall) -> Accepted:
        answer = await erasures.cancel(call, member_id, e.CancelledBy.ACCOUNT)
        return Accepted(stream=answer.stream, version=answer.version)

    return routes


def shown(erasures: Erasures, known: Erasure, kept: tuple[KeptLine, ...]) -> ErasureShown:
    """The code goes to the member alone, and only while he has an account to read it in."""
    waiting = known.status is Status.REQUESTED
    return ErasureShown(
        requested=waiting,
        held=known.held,
        requested_at=known.requested_at if waiting else None,
        due_at=known.due_at if waiting else None,
        days=erasures.desk.settings.erasure_days,
        reference=known.reference if waiting else None,
        code=erasures.code(known.erasure_id) if waiting and known.erasure_id else None,
        erased=tuple(CLASSES[one] for one in ERASED_CLASSES),
        kept=kept,
    )


def erasure_open_router(erasures: Erasures) -> APIRouter:
    """What needs no account: the link of the notice, and the certificate."""
    routes = APIRouter(prefix="/erasures", dependencies=[Depends(gateway_caller)])

    @routes.post("/cancellations")
    async def cancel_by_link(form: CancelToken, call: ACall) -> Accepted:
        answer = await erasures.cancel_by_link(call, form.token)
        return Accepted(stream=answer.stream, version=answer.version)

    @routes.post("/certificates", response_model=Certificate)
    async def as_data(form: CertificateAsked, request: Request, x_origin: Origin = "") -> Certificate | Response:
        try:
            return certificate(await erasures.opened(form.reference, form.code, x_origin))
        except TooMany as refused:
            return too_many(request, refused)

    @routes.post("/certificates/pdf", response_class=Response, responses={200: {"content": {PDF: {}}}})
    async def as_pdf(form: CertificateAsked, request: Request, x_origin: Origin = "") -> Response:
        try:
            case = await erasures.opened(form.reference, form.code, x_origin)
        except TooMany as refused:
            return too_many(request, refused)
        return Response(printed(certificate(case)), media_type=PDF)

    return routes
