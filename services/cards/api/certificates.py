"""The provisional replacement certificate: made for a member, checked by whoever holds the paper."""

import uuid
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.cards.access.certificates import Certificates
from services.cards.access.claims import certificate_claim, finder
from services.cards.api.callers import Accepted, Key, carry_out, seeing
from services.cards.api.ceam import facts_of
from services.cards.domain.ceam_words import Trip
from services.cards.domain.ids import CertificateId, PersonId
from services.cards.read_models.my_ceam import my_ceam
from services.cards.settings import settings_of
from shared.kernel import Value
from shared.problems import Refused
from shared.security import Caller, gateway_caller
from shared.service import Service


class Standing(StrEnum):
    """Whether a document is still good, its dates aside."""

    STANDS = "stands"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class StatusOf(Value):
    """The answer to whoever holds the paper."""

    status: Standing


def router(service: Service) -> APIRouter:
    """Commands and queries about certificates."""
    routes = APIRouter()
    Seen = Annotated[Caller, Depends(seeing(service))]  # noqa: N806 - a type
    certificates, find = Certificates.of(service), finder(service)

    @routes.post("/persons/{person_id}/ceam/certificates")
    async def issue(person_id: str, caller: Seen, trip: Trip, request: Request, key: Key) -> Accepted:
        facts = {**await facts_of(service, person_id, caller), "rules": settings_of(service).ceam_rules, "trip": trip}
        certificate_id = CertificateId(str(uuid.uuid5(key, "certificate")))
        command = await certificates.prepared(PersonId(person_id), {**facts, "certificate_id": certificate_id})
        return await carry_out(service, f"ceam:{person_id}", command, key=key, caller=caller, request=request)

    @routes.get("/persons/{person_id}/ceam/certificate")
    async def document(person_id: str, _: Seen) -> Response:
        shown_one = await service.queries.get(my_ceam, person_id)
        file = shown_one.certificate if shown_one else None
        pdf = await certificates.get(PersonId(person_id), file) if isinstance(file, str) else None
        if pdf is None:
            raise Refused("not-found")
        return Response(pdf, media_type="application/pdf")

    @routes.get("/ceam/certificates/{certificate_id}/status", dependencies=[Depends(gateway_caller)])
    async def stands(certificate_id: uuid.UUID) -> StatusOf:
        stream = await find(certificate_claim(str(certificate_id)))
        if stream is None:
            return StatusOf(status=Standing.UNKNOWN)
        revoked = str(certificate_id) in (await service.state(stream))[0].revoked
        return StatusOf(status=Standing.REVOKED if revoked else Standing.STANDS)

    return routes
