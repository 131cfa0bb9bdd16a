"""« Contrôle »: what an auditor may look into, one page each."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Response

from services.console.pages.asking import AuditorVisit

router = APIRouter(prefix="/controle")
PAGES: Final[Sequence[tuple[str, str]]] = ()
"""Address and title of each."""


@router.get("")
async def overview(visit: AuditorVisit) -> Response:
    return await visit.page("audit/overview.html", pages=PAGES)
