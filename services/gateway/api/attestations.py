"""Attestations de droits: asked for, fetched, revoked."""

import datetime as dt
import uuid
from http import HTTPStatus
from typing import Any, Literal

from fastapi import APIRouter, Response

from services.gateway.api.calls import Calling, Key, commanded
from services.gateway.api.files import described, pdf
from services.gateway.clients.attestations import AttestationList, Wanted
from shared.kernel import Value

router = APIRouter(prefix="/attestations", tags=["Attestations"])


class NewAttestation(Value):
    """For whom (`dependant_id` for one of them), of which day (none: today), whether it names exemptions."""

    scope: Literal["member", "family", "dependant"]
    dependant_id: uuid.UUID | None = None
    day: dt.date | None = None
    with_exemptions: bool = False


@router.get("")
async def listed(call: Calling, response: Response) -> AttestationList:
    return call.shown(response, await call.site.attestations.mine(call.who, call.written("identity")))


@router.post("", status_code=HTTPStatus.NO_CONTENT)
async def ask(call: Calling, key: Key, wanted: NewAttestation) -> None:
    """It stands in the list at once."""
    asked = Wanted.model_validate(wanted.model_dump(mode="json"))
    await commanded(call, key, "identity", call.site.attestations.ask(call.who, key, asked))


@router.get("/{attestation_id}/pdf", response_class=Response, responses=described())
async def file(call: Calling, attestation_id: uuid.UUID) -> Any:
    return pdf(await call.site.attestations.pdf(call.who, str(attestation_id)))


@router.post("/{attestation_id}/revocation", status_code=HTTPStatus.NO_CONTENT)
async def revoke(call: Calling, key: Key, attestation_id: uuid.UUID) -> None:
    await commanded(call, key, "identity", call.site.attestations.revoke(call.who, key, str(attestation_id)))
