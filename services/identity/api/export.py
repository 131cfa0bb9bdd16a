"""« Mes données » over HTTP: identity's part of the export, in three forms, after a confirmation of identity."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Depends, Response

from services.identity.access.attestations import PDF
from services.identity.access.export import Exports, Held
from services.identity.api.requests import AMember
from shared.security import stepped_up_caller


def export_router(exports: Exports, confirmed: Sequence[Any]) -> APIRouter:
    """The routes; `confirmed` are the dependencies that open a member's services."""
    routes = APIRouter(prefix="/export", dependencies=[*confirmed, Depends(stepped_up_caller)])

    @routes.get("")
    async def data(member_id: AMember) -> Held:
        return await exports.held(member_id)

    @routes.get("/fhir")
    async def bundle(member_id: AMember) -> dict[str, Any]:
        return await exports.bundle(member_id)

    @routes.get("/pdf", response_class=Response, responses={200: {"content": {PDF: {}}}})
    async def pdf(member_id: AMember) -> Response:
        return Response(await exports.pdf(member_id), media_type=PDF)

    return routes
