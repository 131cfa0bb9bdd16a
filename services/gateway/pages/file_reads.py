"""« Qui a consulté mon dossier »: each look of the fund's staff, with its reason."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Response

from services.gateway.pages.asking import MemberVisit

ROLES: Final[Mapping[str, str]] = {
    "agent": "Un agent de la caisse",
    "supervisor": "Un responsable de la caisse",
    "operations": "L'exploitation informatique",
    "auditor": "Un auditeur",
}
PURPOSES: Final[Mapping[str, str]] = {
    "visit": "votre visite à l'accueil",
    "call": "un appel téléphonique",
    "letter": "un courrier",
    "request": "une demande en cours",
    "incident": "un incident informatique",
    "fraud": "une enquête, close depuis",
    "audit": "un contrôle",
}
PARTS: Final[Mapping[str, str]] = {
    "account": "l'état de votre compte",
    "profile": "votre identité et votre adresse",
    "cards": "vos cartes",
    "messages": "vos messages",
    "reimbursements": "vos remboursements",
    "documents": "les documents que vous avez envoyés",
    "events": "l'historique technique, sans valeur lisible",
    "access": "la liste de ceux qui ont consulté votre dossier",
    "values": "des valeurs de votre dossier, pendant 15 minutes",
}

router = APIRouter(prefix="/mon-profil/consultations")


@router.get("")
async def show(visit: MemberVisit) -> Response:
    found = await visit.site.persons.looks(visit.who)
    return await visit.page(
        "my_data/looks.html", looks=found.value.looks, roles=ROLES, purposes=PURPOSES, shown_parts=PARTS
    )
