"""The European card of a person: ordered, followed, declared lost, with a certificate where it cannot be in time."""

import datetime as dt
import uuid
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from services.gateway.api.calls import Calling, Key, Person, commanded
from services.gateway.api.files import described, pdf
from services.gateway.api.vitale import found_in
from services.gateway.clients.ceam import Ceam, Options, Trip, trip_of
from shared.kernel import Value

Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]

BASE: Final = "/persons/{person_id}/ceam"
NO_CONTENT: Final = HTTPStatus.NO_CONTENT

router = APIRouter(tags=["European card (CEAM)"])


class NewTrip(Value):
    """Where to and when, both open; where the person is posted, if he is."""

    country: Country | None = None
    departure_on: dt.date | None = None
    posted_to: Country | None = None


class CeamLoss(Value):
    """What happened to which card."""

    card_id: uuid.UUID
    reason: Literal["lost", "stolen"]
    happened_on: dt.date


@router.get("/ceam/options")
async def options(call: Calling) -> Options:
    """Countries, and how long before a departure an order is in time: of the member himself."""
    return await call.site.ceam.options(call.who)


@router.get(BASE + "/options")
async def options_of(call: Calling, who: Person) -> Options:
    """The same of a person he acts for: some countries look at the nationality."""
    return await call.site.ceam.options(who)


@router.get(BASE)
async def ceam(call: Calling, who: Person, response: Response) -> Ceam:
    return found_in(call.shown(response, await call.site.ceam.ceam(who, call.written("cards"))))


@router.post(f"{BASE}/orders", status_code=NO_CONTENT)
async def order(call: Calling, who: Person, key: Key, wanted: NewTrip) -> None:
    trip = Trip(**wanted.model_dump())
    await commanded(call, key, "cards", call.site.ceam.order(who, key, trip))


@router.post(f"{BASE}/orders/{{order_id}}/{{said}}", status_code=NO_CONTENT)
async def say(
    call: Calling, who: Person, key: Key, order_id: uuid.UUID, said: Literal["receipt", "cancellation"]
) -> None:
    """The card has come; it is not wanted any more."""
    await commanded(call, key, "cards", call.site.ceam.of_order(who, key, str(order_id), said))


@router.post(f"{BASE}/reports", status_code=NO_CONTENT)
async def report(call: Calling, who: Person, key: Key, wanted: CeamLoss) -> None:
    done = call.site.ceam.report(who, key, str(wanted.card_id), wanted.reason, wanted.happened_on)
    await commanded(call, key, "cards", done)


@router.post(f"{BASE}/certificates", status_code=NO_CONTENT)
async def certificate(call: Calling, who: Person, key: Key) -> None:
    """For the trip of the last order, or instead of a lost card."""
    known = (await call.site.ceam.ceam(who, call.written("cards"))).value
    await commanded(call, key, "cards", call.site.ceam.issue_certificate(who, key, trip_of(known)))


@router.get(f"{BASE}/certificate", response_class=Response, responses=described())
async def certificate_pdf(call: Calling, who: Person) -> Any:
    return pdf(await call.site.ceam.certificate(who))
