"""« Ma carte Vitale » and « Suivre la commande »: what I have, what happened, what comes next and when."""

import asyncio

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from services.gateway.pages.asking import MemberVisit
from services.gateway.pages.timeline import timeline

router = APIRouter(prefix="/ma-carte-vitale")


@router.get("")
async def card(visit: MemberVisit) -> Response:
    cards, written = visit.site.cards, visit.written("cards")
    vitale, tracking = await asyncio.gather(cards.vitale(visit.who, written), cards.tracking(visit.who, written))
    return await visit.page(
        "vitale/card.html",
        vitale=vitale.value,
        tracking=tracking.value,
        lag=max(vitale.lag, tracking.lag),
        as_of=visit.site.clock.now(),
    )


@router.get("/commande")
async def order(visit: MemberVisit) -> Response:
    found = await visit.site.cards.tracking(visit.who, visit.written("cards"))
    return await visit.page(
        "vitale/order.html",
        tracking=found.value,
        steps=timeline(found.value) if found.value else (),
        lag=found.lag,
        as_of=visit.site.clock.now(),
    )


@router.get("/a-jour")
async def up_to_date(visit: MemberVisit) -> Response:
    """For the page that waits: whether the member's last write shows by now."""
    cards, written = visit.site.cards, visit.written("cards")
    found = await asyncio.gather(cards.vitale(visit.who, written), cards.tracking(visit.who, written))
    return await visit.answer(JSONResponse({"pending": any(one.lag > 0 for one in found)}))
