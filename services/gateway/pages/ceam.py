"""« Ma CEAM »: the European card, its order, its loss."""

import asyncio
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from services.gateway.clients.ceam import Trip, trip_of
from services.gateway.pages.asking import Posting
from services.gateway.pages.ceam_forms import LossForm, TripForm
from services.gateway.pages.countries import NAMES, in_order
from services.gateway.pages.subject import About, CardsVisit
from shared.web.channel import Refused
from shared.web.forms import Refusal, Typed
from shared.web.french import PARIS

HOME: Final = "/ma-ceam"
UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
BESIDE: Final = {
    "ceam-country-not-covered": ("country", "La carte européenne n'est pas valable dans ce pays."),
    "ceam-departure-past": ("departure_on", "La date de départ est passée."),
    "ceam-date-in-future": ("happened_on", "La date ne peut pas être dans l'avenir."),
}
TOLD: Final = {
    "ceam-posted-there",
    "ceam-no-rights",
    "ceam-order-open",
    "ceam-card-live",
    "ceam-already-ended",
    "ceam-unknown",
    "ceam-certificate-not-needed",
    "ceam-departure-past",
    "not-found",
}
"""Refusals that a page explains."""

router = APIRouter(prefix=HOME)


@router.get("")
async def card(about: CardsVisit) -> Response:
    cards = about.visit.site.ceam
    found, options = await asyncio.gather(cards.ceam(about.who, about.written), cards.options(about.who))
    today = about.visit.site.clock.now().astimezone(PARIS).date()
    ceam = found.value
    return await about.page(
        "ceam/card.html",
        ceam=ceam,
        lag=found.lag,
        as_of=found.as_of,
        address=await about.visit.site.cards.address(about.who) if ceam and ceam.step == "returned" else (),
        countries=NAMES,
        nationals_only=[name for _, name in in_order(options.nationals_only)],
        eu_national=options.eu_national,
        orderable=ceam is None or ceam.orderable(today, options.renewal_window_days),
        certificate=ceam is not None and ceam.certificate_holds(today),
        certificate_due=ceam is not None and ceam.certificate_due(today, options.days_before_departure),
    )


@router.get("/commande")
async def order_form(about: CardsVisit) -> Response:
    return await _form(about, Typed())


@router.post("/commande")
async def order(posted: Posting, about: CardsVisit) -> Response:
    form, typed = about.visit.read(TripForm, posted.fields)
    if form is None:
        return await _form(about, typed, UNPROCESSABLE)
    posted_to = form.country if form.posted == "oui" else None
    trip = Trip(country=form.country, departure_on=form.departure_on, posted_to=posted_to)
    try:
        written = await about.visit.site.ceam.order(about.who, posted.command_id, trip)
    except Refused as refused:
        if refused.code in BESIDE:
            return await _form(about, typed.refused(Refusal(*BESIDE[refused.code])), UNPROCESSABLE)
        return await _refused(about, refused)
    about.visit.remember("cards", written)
    return await about.visit.go(HOME, notice="ceam-ordered")


@router.get("/declaration")
async def loss_form(about: CardsVisit) -> Response:
    ceam = (await about.visit.site.ceam.ceam(about.who, about.written)).value
    if ceam is None or ceam.status != "active":
        return await about.visit.go(HOME)
    return await about.page("ceam/loss.html", ceam=ceam, typed=Typed(), dates=LossForm.DATES)


@router.post("/declaration")
async def loss(posted: Posting, about: CardsVisit) -> Response:
    ceam = (await about.visit.site.ceam.ceam(about.who, about.written)).value
    if ceam is None or ceam.card_id is None:
        return await about.visit.go(HOME)
    form, typed = about.visit.read(LossForm, posted.fields)
    if form is None:
        return await about.page("ceam/loss.html", status=UNPROCESSABLE, ceam=ceam, typed=typed, dates=LossForm.DATES)
    card_id = posted.fields.get("carte") or ceam.card_id
    try:
        written = await about.visit.site.ceam.report(
            about.who, posted.command_id, card_id, form.reason, form.happened_on
        )
    except Refused as refused:
        return await _refused(about, refused)
    about.visit.remember("cards", written)
    return await about.visit.go(HOME, notice="ceam-reported")


@router.post("/recue")
async def received(posted: Posting, about: CardsVisit) -> Response:
    return await _say(about, posted.command_id, posted.fields.get("order", "-"), "receipt", "card-received")


@router.post("/adresse")
async def address(posted: Posting, about: CardsVisit) -> Response:
    return await _say(about, posted.command_id, posted.fields.get("order", "-"), "address", "address-checked")


@router.post("/annuler")
async def cancel(posted: Posting, about: CardsVisit) -> Response:
    return await _say(about, posted.command_id, posted.fields.get("order", "-"), "cancellation", "order-cancelled")


@router.post("/certificat")
async def certificate(posted: Posting, about: CardsVisit) -> Response:
    """For the trip of the last order; a lost card needs none."""
    cards = about.visit.site.ceam
    ceam = (await cards.ceam(about.who, about.written)).value
    try:
        written = await cards.issue_certificate(about.who, posted.command_id, trip_of(ceam))
    except Refused as refused:
        if refused.code == "ceam-certificate-valid":
            return await about.visit.go(HOME)
        return await _refused(about, refused)
    about.visit.remember("cards", written)
    return await about.visit.go(HOME, notice="ceam-certificate-ready")


@router.get("/certificat")
async def certificate_pdf(about: CardsVisit) -> Response:
    """The last one that was made."""
    made = await about.visit.site.ceam.certificate(about.who)
    headers = {"Content-Disposition": 'attachment; filename="certificat-provisoire-ceam.pdf"'}
    return await about.visit.answer(Response(made, media_type="application/pdf", headers=headers))


@router.get("/a-jour")
async def up_to_date(about: CardsVisit) -> Response:
    """For the page that waits: whether the member's last write shows by now."""
    found = await about.visit.site.ceam.ceam(about.who, about.written)
    return await about.visit.answer(JSONResponse({"pending": found.lag > 0}))


async def _say(about: About, command_id: str, order_id: str, what: str, notice: str) -> Response:
    """A button of another day changes nothing: the page then shows where the order is."""
    try:
        written = await about.visit.site.ceam.of_order(about.who, command_id, order_id, what)
    except Refused as refused:
        if not refused.code.startswith("ceam-") and refused.code != "request-invalid":
            raise
        return await about.visit.go(HOME, notice="order-moved-on")
    about.visit.remember("cards", written)
    return await about.visit.go(HOME, notice=notice)


async def _form(about: About, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    options = await about.visit.site.ceam.options(about.who)
    return await about.page(
        "ceam/order.html",
        status=status,
        typed=typed,
        dates=TripForm.DATES,
        countries=in_order(options.countries),
        nationals_only=[name for _, name in in_order(options.nationals_only)],
        eu_national=options.eu_national,
        days=options.days_before_departure,
    )


async def _refused(about: About, refused: Refused) -> Response:
    if refused.code not in TOLD:
        raise refused
    return await about.page("ceam/refused.html", status=HTTPStatus.CONFLICT, code=refused.code)
