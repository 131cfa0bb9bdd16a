"""« Mes coordonnées bancaires »: shown masked, changed after a confirmation of identity, cancelled by a link."""

from collections.abc import Awaitable
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Response

from services.gateway.drafts import NewIban
from services.gateway.pages.asking import MemberVisit, Posting, SteppedUpVisit
from services.gateway.pages.cancel_links import cancel_link
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused, Written
from shared.web.forms import Form, Refusal, Typed, asked

BASE: Final = "/mon-profil/coordonnees-bancaires"
UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
_WRONG: Final = {
    "iban-format": "L'IBAN commence par deux lettres et ne contient que des lettres et des chiffres.",
    "iban-country": "Ce compte est dans un pays où nous ne pouvons pas payer. Choisissez un compte de la zone SEPA.",
    "iban-length": "Il manque des caractères à l'IBAN, ou il y en a trop. En France, il en compte 27.",
    "iban-key": "L'IBAN contient une erreur : sa clé ne correspond pas. Vérifiez chaque caractère.",
    "iban-rib-key": "L'IBAN contient une erreur : sa clé RIB ne correspond pas. Vérifiez chaque caractère.",
    "iban-unchanged": "Vos remboursements sont déjà versés sur ce compte.",
    "iban-holder-mismatch": "D'après la banque, ce compte n'est pas à votre nom. Choisissez un compte à votre nom.",
}
_CLOSED: Final = frozenset({"bank-changes-blocked", "bank-change-too-soon", "bank-change-pending"})
"""Refusals that the page of bank details explains by itself."""
_LATE: Final = {"bank-change-done": "done", "link-expired": "expired"}

router = APIRouter(prefix=BASE)


class IbanForm(Form):
    """An account, as it stands on a RIB or in the bank's app."""

    iban: Annotated[str, asked("Saisissez votre IBAN.")]


@router.get("")
async def details(visit: MemberVisit) -> Response:
    found = await visit.site.persons.bank_details(visit.who, visit.written("identity"))
    return await visit.page("bank/details.html", bank=found.value, lag=found.lag, as_of=found.as_of)


@router.get("/modifier")
async def form_page(visit: SteppedUpVisit) -> Response:
    found = await visit.site.persons.bank_details(visit.who, visit.written("identity"))
    if not found.value.open:
        return await visit.go(BASE)
    return await visit.page("bank/form.html", bank=found.value)


@router.post("/modifier")
async def look_at(visit: SteppedUpVisit, posted: Posting) -> Response:
    form, typed = visit.read(IbanForm, posted.fields)
    if form is None:
        return await _again(visit, typed)
    try:
        checked = await visit.site.persons.check_iban(visit.who, posted.command_id, form.iban)
    except Refused as refused:
        return await _again(visit, typed.refused(_refusal(refused)))
    visit.session.change(new_iban=NewIban(iban=form.iban, masked=checked.masked, bank=checked.bank))
    return await visit.go(f"{BASE}/verification")


@router.get("/verification")
async def recap(visit: SteppedUpVisit) -> Response:
    draft = visit.session.state.new_iban
    if draft is None:
        return await visit.go(f"{BASE}/modifier")
    found = await visit.site.persons.bank_details(visit.who, None)
    return await visit.page("bank/recap.html", draft=draft, bank=found.value)


@router.post("/verification")
async def ask(visit: SteppedUpVisit, posted: Posting) -> Response:
    draft = visit.session.state.new_iban
    if draft is None:
        return await visit.go(BASE)
    try:
        written = await visit.site.persons.change_bank_details(visit.who, posted.command_id, draft.iban)
    except Refused as refused:
        if refused.code in _CLOSED:
            return await visit.go(BASE)
        return await _again(visit, Typed().refused(_refusal(refused)))
    visit.remember("identity", written)
    visit.session.change(new_iban=None)
    return await visit.go(BASE, notice="bank-change-requested")


@router.post("/annuler")
async def cancel(visit: MemberVisit, posted: Posting) -> Response:
    request_id = posted.fields.get("demande", "")
    try:
        written = await visit.site.persons.cancel_bank_change(visit.who, posted.command_id, request_id)
    except Refused as refused:
        if refused.code not in {"bank-change-unknown", "bank-change-done", "request-invalid"}:
            raise
        return await visit.go(BASE)
    visit.remember("identity", written)
    return await visit.go(BASE, notice="bank-change-cancelled")


def _cancel(visit: Visit, command_id: str, token: str) -> Awaitable[Written]:
    return visit.site.persons.cancel_by_link(visit.who, command_id, token)


cancelling = cancel_link("/annuler-changement", "bank", _LATE, _cancel)


def _refusal(refused: Refused) -> Refusal:
    if refused.code not in _WRONG:
        raise refused
    return Refusal("iban", _WRONG[refused.code])


async def _again(visit: Visit, typed: Typed) -> Response:
    found = await visit.site.persons.bank_details(visit.who, None)
    return await visit.page("bank/form.html", status=UNPROCESSABLE, typed=typed, bank=found.value)
