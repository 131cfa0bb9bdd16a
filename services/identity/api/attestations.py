"""« Mes attestations » over HTTP, and whether one still holds."""

import datetime as dt
import uuid
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from fastapi import APIRouter, Depends, Response

from services.identity.access.attestations import PDF, Asked, Attestations
from services.identity.api.requests import ACall, Accepted, AMember, HasWritten
from services.identity.domain.attestation_events import Scope
from services.identity.domain.ids import PersonId
from services.identity.read_models.attestations import AttestationShown, attestations
from shared.kernel import Value
from shared.projections.queries import tell_age
from shared.security import gateway_caller
from shared.service import Service


class AskedFor(Value):
    """The form. `day`: the rights of that day; None is today."""

    scope: Scope
    dependant_id: uuid.UUID | None = None
    day: dt.date | None = None
    with_exemptions: bool = False


class AttestationList(Value):
    """The newest first."""

    attestations: tuple[AttestationShown, ...]


class Status(StrEnum):
    """What whoever checks a code may learn; its dates stand in the code itself."""

    STANDS = "stands"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class StatusOf(Value):
    """The answer to a check."""

    status: Status


def attestations_router(service: Service, made: Attestations, confirmed: Sequence[Any]) -> APIRouter:
    """The routes of a member; `confirmed` are the dependencies that open his services."""
    routes = APIRouter(prefix="/attestations", dependencies=list(confirmed))

    @routes.get("")
    async def mine(member_id: AMember, response: Response, x_written: HasWritten = None) -> AttestationList:
        await tell_age(response.headers, service.queries, attestations, x_written)
        found = await service.queries.find(attestations, person_id=member_id)
        return AttestationList(attestations=tuple(sorted(found, key=lambda one: one.issued_at, reverse=True)))

    @routes.post("")
    async def ask(form: AskedFor, member_id: AMember, call: ACall) -> Accepted:
        dependant = PersonId(str(form.dependant_id)) if form.dependant_id else None
        asked = Asked(scope=form.scope, dependant=dependant, day=form.day, with_exemptions=form.with_exemptions)
        answer = await made.issue(call, member_id, asked)
        return Accepted(stream=answer.stream, version=answer.version)

    @routes.get("/{attestation_id}/pdf", response_class=Response, responses={200: {"content": {PDF: {}}}})
    async def file(attestation_id: uuid.UUID, member_id: AMember) -> Response:
        return Response(await made.pdf(member_id, str(attestation_id)), media_type=PDF)

    @routes.post("/{attestation_id}/revocation")
    async def revoke(attestation_id: uuid.UUID, member_id: AMember, call: ACall) -> Accepted:
        answer = await made.revoke(call, member_id, str(attestation_id))
        return Accepted(stream=answer.stream, version=answer.version)

    return routes


def checks_router(service: Service) -> APIRouter:
    """For whoever holds the paper."""
    routes = APIRouter()

    @routes.get("/attestations/{attestation_id}/status", dependencies=[Depends(gateway_caller)])
    async def status(attestation_id: uuid.UUID) -> StatusOf:
        state, version = await service.state(f"attestation:{attestation_id}")
        if not version:
            return StatusOf(status=Status.UNKNOWN)
        return StatusOf(status=Status.REVOKED if state.revoked else Status.STANDS)

    return routes
