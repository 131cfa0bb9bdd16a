"""« Tâches »: what waits for the desk over all services; taken, looked at, decided with a reason."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response

from services.console.acts import work
from services.console.pages.accounts import SHORTEST_REASON, WHY
from services.console.pages.asking import AgentVisit, DeskVisit, Posting
from services.console.pages.visit import Visit
from services.console.pages.words import refusing
from shared.kernel import Rejected
from shared.problems import Refused as NotAllowed
from shared.web.channel import Refused
from shared.web.forms import Refusal, Typed

UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
SHOWN: Final = {
    b"\xff\xd8": "image/jpeg",
    b"\x89P": "image/png",
    b"%P": "application/pdf",
    b'{"': "application/json",
}
"""How a file begins → how a browser shows it."""
router = APIRouter(prefix="/taches")


@router.get("")
async def listed(visit: DeskVisit) -> Response:
    found = await work.listed(visit.site.office, visit.site.lines, visit.by())
    return await visit.page("work/list.html", work=found, now=visit.site.clock.now())


@router.get("/{service}/{kind}/{item_id}")
async def item(visit: DeskVisit, service: str, kind: str, item_id: str) -> Response:
    return await _item(visit, service, kind, item_id, Typed())


@router.post("/{service}/{kind}/{item_id}/prise")
async def take(visit: AgentVisit, posted: Posting, service: str, kind: str, item_id: str) -> Response:
    await work.take(visit.site.office, visit.site.lines, visit.by(posted), service, kind, item_id)
    return await visit.go(f"/taches/{service}/{kind}/{item_id}")


@router.post("/{service}/{kind}/{item_id}/retour")
async def release(visit: AgentVisit, posted: Posting, service: str, kind: str, item_id: str) -> Response:
    await work.release(visit.site.office, visit.by(posted), service, kind, item_id)
    return await visit.go("/taches", notice="work-released")


@router.get("/{service}/{kind}/{item_id}/fichiers/{name}")
async def file(visit: AgentVisit, service: str, kind: str, item_id: str, name: str) -> Response:
    content = await work.file(visit.site.office, visit.site.lines, visit.by(), service, kind, item_id, name)
    media_type = SHOWN.get(content[:2], "application/octet-stream")
    return Response(content, media_type=media_type, headers={"Content-Disposition": "inline"})


@router.post("/{service}/{kind}/{item_id}")
async def decide(visit: AgentVisit, posted: Posting, service: str, kind: str, item_id: str) -> Response:
    decision, reason = posted.fields.get("decision", ""), posted.fields.get("reason", "").strip()
    typed = Typed({"reason": reason[:500]})
    if len(reason) < SHORTEST_REASON:
        return await _item(visit, service, kind, item_id, typed.refused(Refusal("reason", WHY)), UNPROCESSABLE)
    prefix = f"{decision}."
    fields = {name.removeprefix(prefix): text for name, text in posted.fields.items() if name.startswith(prefix)}
    office, lines = visit.site.office, visit.site.lines
    try:
        await work.decide(
            office, lines, visit.by(posted), service, kind, item_id, decision, reason[:500], fields=fields
        )
    except (Rejected, Refused, NotAllowed) as refused:
        again = refusing(typed, "reason", refused.code)
        return await _item(visit, service, kind, item_id, again, UNPROCESSABLE)
    return await visit.go("/taches", notice="work-decided")


async def _item(
    visit: Visit, service: str, kind: str, item_id: str, typed: Typed, status: int = HTTPStatus.OK
) -> Response:
    by = visit.by()
    found = await work.one(visit.site.lines, by, service, kind, item_id)
    owner = await work.owner(visit.site.office, service, kind, item_id)
    return await visit.page(
        "work/item.html",
        status=status,
        typed=typed,
        item=found,
        service=service,
        owner=owner,
        mine=owner == by.staff_id,
    )
