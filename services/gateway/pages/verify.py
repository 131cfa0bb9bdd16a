"""« Vérifier un document »: for whoever holds the paper. His browser reads the code and compares; nothing is sent."""

import json
import re
import uuid
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from services.gateway.pages.asking import Counted, Posting, Visiting
from services.gateway.pages.visit import Visit
from shared.documents.qr import NotSigned, Proof
from shared.web.channel import Refused, ServiceDown
from shared.web.forms import Refusal, Typed
from shared.web.french import PARIS

BASE: Final = "/verifier"
KINDS: Final = {"attestation": "Attestation de droits", "ceam": "Certificat provisoire de remplacement de la CEAM"}
_BEFORE: Final = re.compile(r"^.*#")

router = APIRouter(prefix=BASE)


@router.get("")
async def show(visit: Visiting) -> Response:
    return await _page(visit, Typed())


@router.post("", dependencies=[Counted])
async def read(visit: Visiting, posted: Posting) -> Response:
    """The server reads it instead of the browser."""
    token = _BEFORE.sub("", posted.fields.get("code", "").strip())
    if not token:
        typed = Typed({}, (Refusal("code", "Collez l'adresse lue dans le code."),))
        return await _page(visit, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        proof = visit.site.codes.read(token)
    except NotSigned:
        return await _page(visit, Typed(), signed=False)
    today = visit.site.clock.now().astimezone(PARIS).date()
    status = await _status(visit, proof.k, proof.i)
    if status == "stands" and proof.x is not None and proof.x < today:
        status = "expired"
    return await _page(visit, Typed(), signed=True, proof=proof, answer=status)


@router.get("/etat/{kind}/{document_id}", dependencies=[Counted])
async def status(visit: Visiting, kind: str, document_id: uuid.UUID) -> Response:
    """For the page's own script: whether the document was revoked. The id alone is asked for."""
    if kind not in KINDS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return JSONResponse({"status": await _status(visit, kind, str(document_id))})


async def _status(visit: Visit, kind: str, document_id: str) -> str:
    """`unchecked` where nobody can say now."""
    if kind not in KINDS:
        return "unchecked"
    try:
        if kind == "ceam":
            return await visit.site.ceam.certificate_status(visit.who, document_id)
        return (await visit.site.attestations.status(visit.who, document_id)).status
    except (Refused, ServiceDown):
        return "unchecked"


async def _page(
    visit: Visit,
    typed: Typed,
    *,
    status: int = HTTPStatus.OK,
    signed: bool | None = None,
    proof: Proof | None = None,
    answer: str | None = None,
) -> Response:
    return await visit.page(
        "verify/verify.html",
        status=status,
        typed=typed,
        keys=json.dumps(visit.site.published_keys),
        kinds=KINDS,
        signed=signed,
        proof=proof,
        answer=answer,
    )
