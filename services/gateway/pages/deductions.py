"""« Participations forfaitaires et franchises »: ceilings, each deduction with its care, what is owed."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Response

from services.gateway.clients.reimbursement_answers import Deductions
from services.gateway.pages.asking import MemberVisit
from services.gateway.pages.visit import Visit
from shared.web.french import PARIS

SHOWN: Final = 100
ADULT: Final = 18

router = APIRouter(prefix="/mes-remboursements/retenues")


@router.get("")
async def overview(visit: MemberVisit) -> Response:
    found = of_person(await visit.site.reimbursements.deductions(visit.who), visit.beneficiary)
    return await visit.page(
        "money/deductions.html",
        found=found,
        kept=found.kept[:SHOWN],
        more=max(0, len(found.kept) - SHOWN),
        exempt=exempt(visit),
        as_of=await visit.site.reimbursements.as_of(visit.who),
    )


def exempt(visit: Visit) -> Mapping[str, dt.date]:
    """The children of the family that bear no deduction today, and the last day of that."""
    family, today = visit.session.state.family, visit.site.clock.now().astimezone(PARIS).date()
    found = {
        one.person_id: exempt_until(one.birth_date) for one in (family.persons if family else ()) if one.birth_date
    }
    return {person_id: until for person_id, until in found.items() if today <= until}


def exempt_until(born: dt.date) -> dt.date:
    """The end of the last year that somebody begins before he is 18 (R160-20, D160-12)."""
    adult_at_once = (born.month, born.day) == (1, 1)
    return dt.date(born.year + ADULT - adult_at_once, 12, 31)


def of_person(found: Deductions, person_id: str | None) -> Deductions:
    """What concerns one person; with None all that the member sees."""
    if person_id is None:
        return found
    persons = tuple(one for one in found.persons if one.person_id == person_id)
    kept = tuple(row for row in found.kept if row.person_id == person_id)
    return Deductions(persons=persons, kept=kept, owed=sum(debt.remaining for one in persons for debt in one.owed))
