"""« Ma carte Vitale » and « Suivre la commande »: what I have, what happened, what comes next and when."""

from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from services.gateway.pages.asking import Posting
from services.gateway.pages.subject import CardsVisit
from services.gateway.pages.timeline import timeline
from shared.web.channel import Refused

ORDER: Final = "/ma-carte-vitale/commande"
DONE: Final = {"receipt": "card-received", "address": "address-checked", "cancellation": "order-cancelled"}
"""What a member can say of an order with one button, and the sentence that answers."""

router = APIRouter(prefix="/ma-carte-vitale")


@router.get("")
async def card(about: CardsVisit) -> Response:
    found = await about.visit.site.cards.all_of(about.who, about.written)
    return await about.page(
        "vitale/card.html",
        vitale=found.value.vitale,
        tracking=found.value.tracking,
        lag=found.lag,
        as_of=found.as_of,
    )


@router.get("/commande")
async def order(about: CardsVisit) -> Response:
    found = await about.visit.site.cards.tracking(about.who, about.written)
    returned = found.value is not None and found.value.stage == "returned_undelivered"
    return await about.page(
        "vitale/order.html",
        tracking=found.value,
        steps=timeline(found.value) if found.value else (),
        address=await about.visit.site.cards.address(about.who) if returned else (),
        lag=found.lag,
        as_of=found.as_of,
    )


@router.post("/commande/recue")
async def received(posted: Posting, about: CardsVisit) -> Response:
    return await _say(about, posted, "receipt")


@router.post("/commande/adresse")
async def address(posted: Posting, about: CardsVisit) -> Response:
    return await _say(about, posted, "address")


@router.post("/commande/annuler")
async def cancel(posted: Posting, about: CardsVisit) -> Response:
    return await _say(about, posted, "cancellation")


@router.post("/commande/nouvelle")
async def again(posted: Posting, about: CardsVisit) -> Response:
    """After a cancelled order; one that was placed meanwhile is just shown."""
    try:
        written = await about.visit.site.cards.order_again(about.who, posted.command_id)
    except Refused as refused:
        return await _moved_on(about, refused)
    about.visit.remember("cards", written)
    return await about.visit.go(ORDER)


@router.get("/a-jour")
async def up_to_date(about: CardsVisit) -> Response:
    """For the page that waits: whether the member's last write shows by now."""
    found = await about.visit.site.cards.all_of(about.who, about.written)
    return await about.visit.answer(JSONResponse({"pending": found.lag > 0}))


async def _say(about: CardsVisit, posted: Posting, what: str) -> Response:
    """A button of another day changes nothing: the page then shows where the order is."""
    cards = about.visit.site.cards
    try:
        written = await cards.order(about.who, posted.command_id, posted.fields.get("order", "-"), what)
    except Refused as refused:
        return await _moved_on(about, refused)
    about.visit.remember("cards", written)
    return await about.visit.go(ORDER, notice=DONE[what])


async def _moved_on(about: CardsVisit, refused: Refused) -> Response:
    if not refused.code.startswith("vitale-") and refused.code != "request-invalid":
        raise refused
    return await about.visit.go(ORDER, notice="order-moved-on")
