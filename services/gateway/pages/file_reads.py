"""« Qui a consulté mon dossier »: each look of the fund's staff, with its reason, and a file of them."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Response

from services.gateway.pages.asking import MemberVisit
from shared.web.french import PARIS
from shared.web.spreadsheet import as_csv

ROLES: Final[Mapping[str, str]] = {
    "agent": "Un agent, accueil des assurés",
    "supervisor": "Un responsable, accueil des assurés",
    "operations": "Un exploitant, informatique",
    "auditor": "Un auditeur, contrôle",
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
    "card-dossier": "l'historique de vos cartes, sans valeur lisible",
}

COLUMNS: Final = ("Quand", "Dossier", "Qui", "Pourquoi", "Ce qui a été vu")
NAME: Final = "consultations-de-mon-dossier"

router = APIRouter(prefix="/mon-profil/consultations")


@router.get("")
async def show(visit: MemberVisit) -> Response:
    found = await visit.site.persons.looks(visit.who)
    return await visit.page(
        "my_data/looks.html",
        looks=found.value.looks,
        roles=ROLES,
        purposes=PURPOSES,
        shown_parts=PARTS,
        as_of=found.as_of,
    )


@router.get("/fichier.csv")
async def table(visit: MemberVisit) -> Response:
    """In words, for who reads it."""
    looks = (await visit.site.persons.looks(visit.who)).value.looks
    lines = [
        (
            f"{one.at.astimezone(PARIS):%d/%m/%Y %H:%M}",
            one.given_names or "le vôtre",
            ROLES.get(one.role, one.role),
            PURPOSES.get(one.purpose, one.purpose),
            PARTS.get(one.part, one.part),
        )
        for one in looks
    ]
    return await visit.answer(attached(as_csv(COLUMNS, lines), "text/csv; charset=utf-8", f"{NAME}.csv"))


@router.get("/fichier.json")
async def codes(visit: MemberVisit) -> Response:
    """In codes, for a program."""
    found = (await visit.site.persons.looks(visit.who)).value
    return await visit.answer(attached(found.model_dump_json(indent=2).encode(), "application/json", f"{NAME}.json"))


def attached(content: bytes, media_type: str, name: str) -> Response:
    """A file that the browser keeps."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
