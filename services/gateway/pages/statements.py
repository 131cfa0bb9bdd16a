"""« Mes relevés »: the months that are over, and the PDF of one."""

import re
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from services.gateway.pages.asking import MemberVisit

_MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")

router = APIRouter(prefix="/mes-remboursements/releves")


@router.get("")
async def listed(visit: MemberVisit) -> Response:
    found = await visit.site.reimbursements.statements(visit.who)
    return await visit.page(
        "money/statements.html", statements=found.statements, as_of=await visit.site.reimbursements.as_of(visit.who)
    )


@router.get("/{month}.pdf")
async def file(visit: MemberVisit, month: str) -> Response:
    if not _MONTH.fullmatch(month):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    content = await visit.site.reimbursements.statement(visit.who, month)
    headers = {"Content-Disposition": f'attachment; filename="releve-{month}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)
