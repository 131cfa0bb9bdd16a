"""The carte Vitale of a person: declared lost, stolen or damaged; its order followed to the letterbox."""

import datetime as dt
import uuid
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal, TypeVar

from fastapi import APIRouter, Body, Response
from pydantic import Field

from services.gateway.api.calls import Calling, Key, Person, commanded
from services.gateway.api.files import described, pdf
from services.gateway.clients.cards import Letterbox, People, Received, ReportFacts, Tracking, Vitale
from services.gateway.drafts import Reason
from services.gateway.pages.uploads import LARGEST
from shared.kernel import Value
from shared.problems import Refused

T = TypeVar("T")
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

PERSON: Final = "/persons/{person_id}"
BASE: Final = f"{PERSON}/vitale"
LARGER_BODIES: Final = {r"/api/v1/persons/[^/]+/vitale/files/[^/]+": LARGEST}
NO_CONTENT: Final = HTTPStatus.NO_CONTENT

router = APIRouter(tags=["Carte Vitale"])


class LossReport(Value):
    """What happened to which card; sending it declares it on honour."""

    card_id: uuid.UUID
    reason: Reason
    happened_on: dt.date
    place: Annotated[str, Field(min_length=1, max_length=200)]


class Declared(Value):
    """The declaration's name: its document is found by it."""

    declaration_id: str


class Documents(Value):
    """The names of the files of an order, and what the member certifies."""

    photo: Sha256
    identity_document: Sha256
    photo_is_recent: bool
    address_confirmed: bool


class AnotherPhoto(Value):
    """After a refusal: another photo, another document, or both."""

    photo: Sha256 | None = None
    identity_document: Sha256 | None = None
    photo_is_recent: bool


@router.get("/persons")
async def persons(call: Calling) -> People:
    """For whom the member may act: himself, then the children of whom he may."""
    return People(people=await call.site.cards.people(call.who))


@router.get(f"{PERSON}/address")
async def address(call: Calling, who: Person) -> Letterbox:
    """Where cards go; no line where the fund does not know."""
    return Letterbox(lines=await call.site.cards.address(who))


@router.get(BASE)
async def vitale(call: Calling, who: Person, response: Response) -> Vitale:
    return found_in(call.shown(response, await call.site.cards.vitale(who, call.written("cards"))))


@router.get(f"{BASE}/tracking")
async def tracking(call: Calling, who: Person, response: Response) -> Tracking:
    """The last declaration and the order it led to."""
    return found_in(call.shown(response, await call.site.cards.tracking(who, call.written("cards"))))


@router.post(f"{BASE}/reports", status_code=HTTPStatus.CREATED)
async def report(call: Calling, who: Person, key: Key, wanted: LossReport) -> Declared:
    """A lost or stolen card is opposed at once, for good."""
    facts = ReportFacts(declaration_id=key, **wanted.model_dump(mode="json"))
    await commanded(call, key, "cards", call.site.cards.report(who, key, facts))
    return Declared(declaration_id=key)


@router.get(f"{BASE}/reports/{{declaration_id}}/document", response_class=Response, responses=described())
async def document(call: Calling, who: Person, declaration_id: uuid.UUID) -> Any:
    return pdf(await call.site.cards.declaration(who, str(declaration_id)))


@router.post(f"{BASE}/files/{{kind}}", status_code=HTTPStatus.CREATED)
async def upload(
    call: Calling,
    who: Person,
    kind: Literal["photo", "identity_document"],
    content: Annotated[bytes, Body(media_type="application/octet-stream")],
) -> Received:
    """A JPEG or PNG of 8 MB at most; handed over twice it is kept once."""
    return Received(file=await call.site.cards.upload(who, kind, content))


@router.post(f"{BASE}/orders", status_code=NO_CONTENT)
async def order_again(call: Calling, who: Person, key: Key) -> None:
    """After a cancelled order."""
    await commanded(call, key, "cards", call.site.cards.order_again(who, key))


@router.post(f"{BASE}/orders/{{order_id}}/documents", status_code=NO_CONTENT)
async def documents(call: Calling, who: Person, key: Key, order_id: uuid.UUID, wanted: Documents) -> None:
    done = call.site.cards.order(who, key, str(order_id), "documents", **wanted.model_dump())
    await commanded(call, key, "cards", done)


@router.post(f"{BASE}/orders/{{order_id}}/photo", status_code=NO_CONTENT)
async def photo(call: Calling, who: Person, key: Key, order_id: uuid.UUID, wanted: AnotherPhoto) -> None:
    done = call.site.cards.order(who, key, str(order_id), "photo", **wanted.model_dump(exclude_none=True))
    await commanded(call, key, "cards", done)


@router.post(f"{BASE}/orders/{{order_id}}/{{said}}", status_code=NO_CONTENT)
async def say(
    call: Calling, who: Person, key: Key, order_id: uuid.UUID, said: Literal["receipt", "address", "cancellation"]
) -> None:
    """The card has come; the address is right, send it again; it is not wanted any more."""
    await commanded(call, key, "cards", call.site.cards.order(who, key, str(order_id), said))


def found_in(value: T | None) -> T:
    """What is there.

    Raises:
        Refused: `not-found`.
    """
    if value is None:
        raise Refused("not-found")
    return value
