"""« Historique de mes actions »: what the member did himself, on every page, and a file of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import APIRouter, Response

from services.gateway.clients.own_acts import Act, Acts
from services.gateway.pages.asking import MemberVisit
from services.gateway.pages.file_reads import attached
from services.gateway.pages.own_acts_words import WHAT
from services.gateway.pages.visit import Visit
from shared.web.french import PARIS
from shared.web.spreadsheet import as_csv

SHOWN: Final = 200
PARTS: Final[Mapping[str, str]] = {
    "identity": "votre compte et votre profil",
    "cards": "vos cartes",
    "reimbursements": "vos remboursements",
    "notifications": "vos messages",
}
COLUMNS: Final = ("Quand", "Action", "Pour qui", "Par qui")
NAME: Final = "mes-actions"

router = APIRouter(prefix="/mon-profil/actions")


@router.get("")
async def show(visit: MemberVisit) -> Response:
    found = await visit.site.acts.of(visit.who)
    missing = [PARTS.get(name, name) for name in found.missing]
    return await visit.page("my_data/own_acts.html", lines=lines(visit, found)[:SHOWN], missing=missing)


@router.get("/fichier.csv")
async def table(visit: MemberVisit) -> Response:
    """In words, for who reads it."""
    rows = [
        (f"{one['at'].astimezone(PARIS):%d/%m/%Y %H:%M}", one["what"], one["for_whom"] or "vous", one["by"])
        for one in lines(visit, await visit.site.acts.of(visit.who))
    ]
    return await visit.answer(attached(as_csv(COLUMNS, rows), "text/csv; charset=utf-8", f"{NAME}.csv"))


@router.get("/fichier.json")
async def codes(visit: MemberVisit) -> Response:
    """In codes, for a program."""
    found = await visit.site.acts.of(visit.who)
    return await visit.answer(attached(found.model_dump_json(indent=2).encode(), "application/json", f"{NAME}.json"))


def lines(visit: Visit, found: Acts) -> Sequence[Mapping[str, Any]]:
    """Those that have words: what a service does by itself in the same breath is no act of the member's."""
    family = visit.session.state.family
    names = {one.person_id: one.given_names for one in family.persons} if family else {}
    return [
        {
            "what": WHAT[act.what],
            "at": act.at,
            "for_whom": names.get(act.acting_for, "une autre personne") if act.acting_for else None,
            "by": _by(act),
        }
        for act in found.acts
        if act.what in WHAT
    ]


def _by(act: Act) -> str:
    if act.by == "other":
        return "une personne qui agit pour vous"
    if act.by == "visitor":
        return "vous, sans être connecté"
    return "vous, avec une application" if act.by_program else "vous"
