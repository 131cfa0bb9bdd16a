"""« Mon attestation de droits »: chosen, made at once, downloaded again, revoked."""

import asyncio
import datetime as dt
import uuid
from http import HTTPStatus
from typing import Annotated, Any, ClassVar, Final

from fastapi import APIRouter, Response
from pydantic import BeforeValidator, ValidationInfo
from starlette.exceptions import HTTPException

from services.gateway.clients.attestations import Wanted
from services.gateway.pages.asking import MemberVisit, Posting
from services.gateway.pages.blocks import block, oldest
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused
from shared.web.forms import Form, Refusal, Typed, asked, asked_date, wrong

BASE: Final = "/mon-attestation"
UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
WHOM: Final = "Choisissez pour qui vous voulez l'attestation."
_SAID: Final = {
    "rights-none": Refusal("whom", "Aucun droit n'est ouvert pour cette personne à cette date."),
    "attestation-unknown": Refusal("whom", WHOM),
    "attestation-day-future": Refusal("day", "La date ne peut pas être dans l'avenir."),
}

router = APIRouter(prefix=BASE)


def _whom(text: str) -> str:
    """`member`, `family`, or the id of a dependant."""
    if text in {"member", "family"}:
        return text
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise wrong(WHOM) from None


def _past(date: dt.date, today: dt.date) -> None:
    if date > today:
        raise wrong("La date ne peut pas être dans l'avenir.")


_READ: Final[Any] = asked_date(
    "Saisissez la date.",
    "La date n'existe pas. Saisissez le jour, le mois et les quatre chiffres de l'année.",
    _past,
).func


def _day(text: str, info: ValidationInfo) -> dt.date | None:
    """Nothing typed is today."""
    found: dt.date | None = None if text == "//" else _READ(text, info)
    return found


class AttestationForm(Form):
    """For whom, of which day, and whether it names exemptions."""

    DATES: ClassVar = frozenset({"day"})

    whom: Annotated[str, asked(WHOM, _whom)]
    day: Annotated[dt.date | None, BeforeValidator(_day)]
    exemptions: str = ""

    def wanted(self) -> Wanted:
        scope = self.whom if self.whom in {"member", "family"} else "dependant"
        dependant = self.whom if scope == "dependant" else None
        return Wanted(scope=scope, dependant_id=dependant, day=self.day, with_exemptions=bool(self.exemptions))


@router.get("")
async def show(visit: MemberVisit) -> Response:
    return await _page(visit, Typed({"whom": visit.beneficiary or "member"}))


@router.post("")
async def ask(visit: MemberVisit, posted: Posting) -> Response:
    form, typed = visit.read(AttestationForm, posted.fields)
    if form is None:
        return await _page(visit, typed, UNPROCESSABLE)
    try:
        written = await visit.site.attestations.ask(visit.who, posted.command_id, form.wanted())
    except Refused as refused:
        if refused.code not in _SAID:
            raise
        return await _page(visit, typed.refused(_SAID[refused.code]), UNPROCESSABLE)
    visit.remember("identity", written)
    return await visit.go(BASE, notice="attestation-ready")


@router.get("/{attestation_id}.pdf")
async def pdf(visit: MemberVisit, attestation_id: str) -> Response:
    try:
        wanted = str(uuid.UUID(attestation_id))
    except ValueError:
        raise HTTPException(HTTPStatus.NOT_FOUND) from None
    content = await visit.site.attestations.pdf(visit.who, wanted)
    headers = {"Content-Disposition": 'attachment; filename="attestation-de-droits.pdf"'}
    return await visit.answer(Response(content, media_type="application/pdf", headers=headers))


@router.post("/annuler")
async def revoke(visit: MemberVisit, posted: Posting) -> Response:
    attestation_id = posted.fields.get("attestation", "")
    try:
        written = await visit.site.attestations.revoke(visit.who, posted.command_id, str(uuid.UUID(attestation_id)))
    except ValueError:
        raise HTTPException(HTTPStatus.NOT_FOUND) from None
    visit.remember("identity", written)
    return await visit.go(BASE, notice="attestation-revoked")


async def _page(visit: Visit, typed: Typed, status: int = HTTPStatus.OK) -> Response:
    site, who = visit.site, visit.who
    mine, dependants = await asyncio.gather(
        site.attestations.mine(who, visit.written("identity")), block(site.persons.dependants(who))
    )
    return await visit.page(
        "attestation/attestation.html",
        status=status,
        typed=typed,
        dates=AttestationForm.DATES,
        mine=mine.value.attestations,
        lag=mine.lag,
        as_of=oldest(mine, dependants),
        dependants=dependants.value.persons if dependants.value else (),
    )
