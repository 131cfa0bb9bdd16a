"""« Participations forfaitaires et franchises »: ceilings, each deduction with its care, what is owed."""

from fastapi import APIRouter, Response

from services.gateway.pages.asking import MemberVisit

SHOWN = 100

router = APIRouter(prefix="/mes-remboursements/retenues")


@router.get("")
async def overview(visit: MemberVisit) -> Response:
    found = (await visit.site.reimbursements.deductions(visit.who)).of(visit.beneficiary)
    return await visit.page(
        "money/deductions.html",
        found=found,
        kept=found.kept[:SHOWN],
        more=max(0, len(found.kept) - SHOWN),
        as_of=await visit.site.reimbursements.as_of(visit.who),
    )
