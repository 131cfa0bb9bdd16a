"""« Mes données » over HTTP: identity's part of the export, in three forms, after a confirmation of identity."""

import uuid
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from services.identity.access.attestations import PDF
from services.identity.access.desk import Call
from services.identity.access.export import Exports, Held
from services.identity.api.requests import AMember
from shared.security import Caller, stepped_up_caller


def export_router(exports: Exports, confirmed: Sequence[Any]) -> APIRouter:
    """The routes; `confirmed` are the dependencies that open a member's services."""

    async def recorded(request: Request, caller: Annotated[Caller, Depends(stepped_up_caller)]) -> None:
        """Before anything is handed over; an archive asks for three forms in one conversation, and is one export."""
        conversation = request.state.correlation_id
        cmd = str(uuid.uuid5(uuid.NAMESPACE_OID, f"export|{conversation}"))
        await exports.record(
            Call(cmd, caller.actor, caller.actor_kind, conversation, channel=caller.channel), caller.member
        )

    routes = APIRouter(prefix="/export", dependencies=[*confirmed, Depends(recorded)])

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
