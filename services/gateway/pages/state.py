"""« État du service »: what works and what does not, for everybody."""

from typing import Final

from fastapi import APIRouter, Response

from services.gateway.pages.asking import Visiting
from services.gateway.pages.works import works

PARTS: Final = (
    ("identity", "Connexion, profil, coordonnées bancaires, attestation"),
    ("reimbursements", "Remboursements, participations et franchises, relevés"),
    ("cards", "Carte Vitale et carte européenne (CEAM)"),
    ("notifications", "Messages"),
    ("geo", "Bornes Vitale, professionnels et établissements"),
)
"""In the order of what most come for."""
router = APIRouter()


@router.get("/etat-du-service")
async def state(visit: Visiting) -> Response:
    answering = await visit.site.health.answering()
    parts = [(words, answering.get(name, False)) for name, words in PARTS]
    return await visit.page(
        "public/state.html", shown=parts, works=works(visit.site.settings.works_file), as_of=visit.site.clock.now()
    )
