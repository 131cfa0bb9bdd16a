"""« Contrôle »: what an auditor may look into, one page each."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Response

from services.console.pages.asking import AuditorVisit

router = APIRouter(prefix="/controle")
PAGES: Final[Sequence[tuple[str, str]]] = (
    ("/controle/preuves", "Preuves : points de contrôle, export d'un dossier, vérification"),
    ("/controle/consultations", "Qui a vu quoi : les consultations des dossiers"),
    ("/controle/conservation", "Conservation : durées, prochaines destructions, gels"),
    ("/controle/conservation/certificats", "Certificats d'effacement"),
    ("/controle/recherche", "Dossier d'une carte"),
    ("/controle/cycles", "Écarts et attentes"),
    ("/controle/echantillons", "Échantillons"),
)
"""Address and title of each."""


@router.get("")
async def overview(visit: AuditorVisit) -> Response:
    return await visit.page("audit/overview.html", pages=PAGES)
