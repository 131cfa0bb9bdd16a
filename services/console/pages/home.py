"""« Accueil »: what waits for whoever is signed in."""

from fastapi import APIRouter, Response

from services.console.acts import two_persons
from services.console.domain.approvals import DECIDERS
from services.console.pages.asking import StaffVisit
from services.console.pages.words import ROLES

router = APIRouter()


@router.get("/accueil")
async def home(visit: StaffVisit) -> Response:
    waiting = await two_persons.waiting(visit.site.office)
    by = visit.by()
    mine = [
        one
        for one in waiting
        if one.given_by is None and one.asked_by != by.staff_id and by.role in DECIDERS[one.action]
    ]
    return await visit.page("home.html", role=ROLES[by.role], approvals=len(mine))
