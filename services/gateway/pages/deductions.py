"""« Participations forfaitaires et franchises »: ceilings, each deduction with its care, what is owed."""

from typing import Final

from fastapi import APIRouter, Response

from services.gateway.clients.reimbursement_answers import Deductions
from services.gateway.pages.asking import MemberVisit

SHOWN: Final = 100

router = APIRouter(prefix="/mes-remboursements/retenues")


@router.get("")
async def overview(visit: MemberVisit) -> Response:
    found = of_person(await visit.site.reimbursements.deductions(visit.who), visit.beneficiary)
    return await visit.page(
        "money/deductions.html",
        found=found,
        kept=found.kept[:SHOWN],
        more=max(0, len(found.kept) - SHOWN),
        as_of=await visit.site.reimbursements.as_of(visit.who),
    )


def of_person(found: Deductions, person_id: str | None) -> Deductions:
    """What concerns one person; with None all that the member sees."""
    if person_id is None:
        return found
    persons = tuple(one for one in found.persons if one.person_id == person_id)
    kept = tuple(row for row in found.kept if row.person_id == person_id)
    return Deductions(persons=persons, kept=kept, owed=sum(debt.remaining for one in persons for debt in one.owed))
