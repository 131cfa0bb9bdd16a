"""« Mes données »: what the fund holds about a member, whole or in parts, after a confirmation of identity."""

import json
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from services.gateway.pages.asking import MemberVisit, SteppedUpVisit

BASE: Final = "/mes-donnees"
KINDS: Final = {
    "pdf": ("application/pdf", "mes-donnees.pdf"),
    "json": ("application/json", "mes-donnees.json"),
    "fhir": ("application/fhir+json", "mes-donnees.fhir.json"),
    "zip": ("application/zip", "mes-donnees.zip"),
}

router = APIRouter(prefix=BASE)


@router.get("")
async def show(visit: MemberVisit) -> Response:
    return await visit.page("my_data/my_data.html")


@router.get("/telecharger")
async def choose(visit: SteppedUpVisit) -> Response:
    return await visit.page("my_data/download.html")


@router.get("/fichier/{kind}")
async def file(visit: SteppedUpVisit, kind: str) -> Response:
    """Each service's part under its name; identity's is the first."""
    if kind not in KINDS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    media_type, name = KINDS[kind]
    if kind == "zip":
        content = await visit.site.exports.archive(visit.who, visit.site.clock.now())
    else:
        content = await visit.site.exports.file(visit.who, kind)
    if kind == "json":
        content = json.dumps({"identity": json.loads(content)}, ensure_ascii=False, indent=2).encode()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return await visit.answer(Response(content, media_type=media_type, headers=headers))
