"""« Mon profil »: who I am for the fund, what I am entitled to, those who depend on me, and what has changed."""

import asyncio
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BeforeValidator

from services.gateway.clients.persons import Address, Profile
from services.gateway.pages.asking import MemberVisit, Posting, SteppedUpVisit
from services.gateway.pages.blocks import block, oldest
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused
from shared.web.forms import Form, Refusal, Typed, asked, wrong
from shared.web.french import PARIS

BASE: Final = "/mon-profil"
LONGEST_LINE: Final = 38
UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY

router = APIRouter(prefix=BASE)


def _line(text: str) -> str:
    if len(text) > LONGEST_LINE:
        raise wrong("Une ligne d'adresse compte 38 caractères au plus : répartissez-la sur deux lignes.")
    return text


def _optional(text: str) -> str:
    return _line(" ".join(text.split()))


class AddressForm(Form):
    """A postal address, in lines as they stand on an envelope."""

    street: Annotated[str, asked("Saisissez le numéro et le nom de la voie.", _line)]
    more: Annotated[str, BeforeValidator(_optional)]
    postal: Annotated[str, asked("Saisissez le code postal.")]
    city: Annotated[str, asked("Saisissez la commune.", _line)]
    country: Annotated[str, asked("Saisissez le pays.", _line)]

    def address(self) -> Address:
        lines = (self.street, self.more) if self.more else (self.street,)
        return Address(lines=lines, postcode=self.postal, city=self.city, country=self.country)


@router.get("")
async def profile(visit: MemberVisit) -> Response:
    persons, who, written = visit.site.persons, visit.who, visit.written("identity")
    own, dependants, bank = await asyncio.gather(
        persons.profile(who, written), block(persons.dependants(who)), block(persons.bank_details(who, written))
    )
    return await visit.page(
        "profile/profile.html",
        profile=own.value,
        dependants=dependants,
        bank=bank,
        today=visit.site.clock.now().astimezone(PARIS).date(),
        lag=max(own.lag, bank.lag),
        as_of=oldest(own, dependants, bank),
    )


@router.get("/a-jour")
async def up_to_date(visit: MemberVisit) -> Response:
    """For the page that waits: whether the member's last write shows by now."""
    persons, who, written = visit.site.persons, visit.who, visit.written("identity")
    found = await asyncio.gather(persons.profile(who, written), persons.bank_details(who, written))
    return await visit.answer(JSONResponse({"pending": any(one.lag > 0 for one in found)}))


@router.get("/historique")
async def history(visit: MemberVisit) -> Response:
    found = await visit.site.persons.history(visit.who, visit.written("identity"))
    return await visit.page("profile/history.html", changes=found.value.changes, lag=found.lag, as_of=found.as_of)


@router.get("/adresse")
async def address_form(visit: SteppedUpVisit) -> Response:
    return await visit.page("profile/address.html", profile=await _own(visit))


@router.post("/adresse")
async def move(visit: SteppedUpVisit, posted: Posting) -> Response:
    form, typed = visit.read(AddressForm, posted.fields)
    if form is None:
        return await _again(visit, typed)
    try:
        written = await visit.site.persons.move(visit.who, posted.command_id, form.address())
    except Refused as refused:
        if refused.code != "postcode-unknown":
            raise
        said = "Ce code postal n'existe pas. À l'étranger, saisissez 99 suivi du code du pays."
        return await _again(visit, typed.refused(Refusal("postal", said)))
    visit.remember("identity", written)
    return await visit.go(BASE, notice="address-changed")


async def _again(visit: Visit, typed: Typed) -> Response:
    return await visit.page("profile/address.html", status=UNPROCESSABLE, typed=typed, profile=await _own(visit))


async def _own(visit: Visit) -> Profile:
    return (await visit.site.persons.profile(visit.who, visit.written("identity"))).value
