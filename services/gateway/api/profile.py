"""Who the member is for the fund, those who depend on him, his address and where he is paid."""

import uuid
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from services.gateway.api.calls import Calling, Key, SteppedUp, commanded
from services.gateway.api.preconditions import IfMatch, IfNoneMatch, matched, tagged
from services.gateway.clients.own_acts import Acts
from services.gateway.clients.persons import (
    Address,
    BankDetails,
    CheckedIban,
    Dependants,
    Looks,
    Profile,
    ProfileHistory,
)
from shared.kernel import Value

Line = Annotated[str, Field(min_length=1, max_length=38)]

router = APIRouter(tags=["Profile"])


class NewAddress(Value):
    """A postal address, in lines as they stand on an envelope."""

    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=2)]
    postcode: Annotated[str, Field(max_length=10)]
    city: Line
    country: Line


class Iban(Value):
    """An account, with or without spaces."""

    iban: Annotated[str, Field(min_length=1, max_length=50)]


@router.get("/profile")
async def profile(call: Calling, response: Response, if_none_match: IfNoneMatch = None) -> Profile:
    found = await call.site.persons.profile(call.who, call.written("identity"))
    return tagged(call, response, found, if_none_match)


@router.get("/profile/dependants")
async def dependants(call: Calling, response: Response) -> Dependants:
    return call.shown(response, await call.site.persons.dependants(call.who))


@router.get("/profile/history")
async def history(call: Calling, response: Response) -> ProfileHistory:
    return call.shown(response, await call.site.persons.history(call.who, call.written("identity")))


@router.get("/profile/looks")
async def looks(call: Calling, response: Response) -> Looks:
    """Who of the fund has looked at the member's file: role, purpose and part, never a name."""
    return call.shown(response, await call.site.persons.looks(call.who))


@router.get("/profile/acts")
async def acts(call: Calling) -> Acts:
    """What the member did himself, by the names of the public events; `missing` names services that did not answer."""
    return await call.site.acts.of(call.who)


@router.put("/profile/address", status_code=HTTPStatus.NO_CONTENT)
async def move(call: SteppedUp, key: Key, wanted: NewAddress, if_match: IfMatch = None) -> None:
    """`If-Match`: the ETag of the profile."""
    matched((await call.site.persons.profile(call.who, call.written("identity"))).value, if_match)
    address = Address(**wanted.model_dump())
    await commanded(call, key, "identity", call.site.persons.move(call.who, key, address))


@router.get("/bank-details")
async def bank_details(call: Calling, response: Response, if_none_match: IfNoneMatch = None) -> BankDetails:
    found = await call.site.persons.bank_details(call.who, call.written("identity"))
    return tagged(call, response, found, if_none_match)


@router.post("/bank-details/checks")
async def check(call: SteppedUp, key: Key, wanted: Iban) -> CheckedIban:
    """Whether an IBAN can be paid to, before anything is asked; what the member should read again."""
    return await commanded(call, key, "identity", call.site.persons.check_iban(call.who, key, wanted.iban))


@router.post("/bank-details/changes", status_code=HTTPStatus.NO_CONTENT)
async def change(call: SteppedUp, key: Key, wanted: Iban, if_match: IfMatch = None) -> None:
    """It takes effect after some days, and can be cancelled until then. `If-Match`: the ETag of the bank details."""
    matched((await call.site.persons.bank_details(call.who, call.written("identity"))).value, if_match)
    await commanded(call, key, "identity", call.site.persons.change_bank_details(call.who, key, wanted.iban))


@router.post("/bank-details/changes/{request_id}/cancellation", status_code=HTTPStatus.NO_CONTENT)
async def cancel(call: Calling, key: Key, request_id: uuid.UUID) -> None:
    await commanded(call, key, "identity", call.site.persons.cancel_bank_change(call.who, key, str(request_id)))
