"""The link of the confirmation mail: opening it shows a button (mail scanners open links), pressing it confirms."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from services.gateway.pages.asking import Counted, Posting, Visiting, link_token
from shared.web.channel import Refused

router = APIRouter(prefix="/confirmer")


@router.get("/{token}")
async def show(visit: Visiting, token: str) -> Response:
    link_token(token)
    return await visit.page("account/confirm.html")


@router.post("/{token}", dependencies=[Counted])
async def confirm(visit: Visiting, posted: Posting, token: str) -> Response:
    link_token(token)
    try:
        written = await visit.site.identity.confirm_email(visit.who, posted.command_id, token)
    except Refused as refused:
        if refused.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise
        used = refused.code == "link-already-used"  # which is what he wanted
        return await visit.go("/adresse-confirmee" if used else "/lien-non-valable")
    visit.remember("identity", written)
    return await visit.go("/adresse-confirmee")


answers = APIRouter()


@answers.get("/adresse-confirmee")
async def confirmed(visit: Visiting) -> Response:
    return await visit.page("account/confirmed.html")


@answers.get("/lien-non-valable")
async def refused_link(visit: Visiting) -> Response:
    return await visit.page("account/link_refused.html")
