"""« Écarts et attentes »: what has strayed from its declared lifecycle, and what stands in a state for too long."""

from fastapi import APIRouter, Response

from services.console.acts import auditing
from services.console.pages.asking import AuditorVisit

router = APIRouter(prefix="/controle/cycles")


@router.get("")
async def show(visit: AuditorVisit) -> Response:
    found = await auditing.findings(visit.site.lines, visit.by())
    return await visit.page("audit/findings.html", services=found)
