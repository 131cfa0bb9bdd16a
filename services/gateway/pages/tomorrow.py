"""« Si je consulte demain »: a form, and what the act would bring by the member's own counters. Nothing is kept."""

import re
from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Response
from pydantic import BeforeValidator

from services.gateway.clients.reimbursement_answers import Tomorrow
from services.gateway.pages import reimbursement_words as words
from services.gateway.pages.asking import MemberVisit, Posting
from services.gateway.pages.reimbursements import BASE
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused
from shared.web.forms import Form, Refusal, Typed, asked, wrong

_EUROS: Final = re.compile(r"(\d{1,5})(?:[,.](\d{1,2}))?\s*€?", re.ASCII)
_PRICE: Final = "Le prix s'écrit en euros, par exemple 26,50."
MOST: Final = 20

router = APIRouter(prefix=f"{BASE}/demain")


def _cents(text: str) -> int:
    found = _EUROS.fullmatch(text)
    cents = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
    if not cents:
        raise wrong(_PRICE)
    return cents


def _maybe(text: str) -> int | None:
    return _cents(text.strip()) if text.strip() else None


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise wrong(f"Le nombre va de 1 à {MOST}.")
    return int(text)


def _among(known: Collection[str], otherwise: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise wrong(otherwise)
        return text

    return read


class TomorrowForm(Form):
    """An act, who has it, from whom, at which price."""

    beneficiary: Annotated[str, asked("Choisissez pour qui.")]
    kind: Annotated[str, asked("Choisissez le soin.", _among(words.KINDS, "Choisissez le soin."))]
    practitioner: Annotated[str, asked("Choisissez qui soigne.", _among(words.PRACTITIONERS, "Choisissez qui soigne."))]
    price: Annotated[int, asked("Saisissez le prix.", _cents)]
    base: Annotated[int | None, BeforeValidator(_maybe)] = None
    quantity: Annotated[int, asked("Saisissez le nombre.", _number)]
    parcours: Annotated[str, asked("Choisissez le parcours.", _among(words.PARCOURS, "Choisissez le parcours."))]
    payee: Annotated[str, asked("Choisissez qui est payé.", _among(words.PAYEES, "Choisissez qui est payé."))]


@router.get("")
async def form(visit: MemberVisit) -> Response:
    chosen = {"beneficiary": visit.beneficiary or visit.who.member}
    return await _page(visit, Typed({**chosen, "practitioner": "civil", "parcours": "coordinated", "quantity": "1"}))


@router.post("")
async def compute(visit: MemberVisit, posted: Posting) -> Response:
    """Shown at once: what was typed stands in no address and in no session."""
    read, typed = visit.read(TomorrowForm, posted.fields)
    if read is None:
        return await _page(visit, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    question = {name: value for name, value in read.model_dump().items() if value is not None}
    try:
        answer = await visit.site.reimbursements.tomorrow(visit.who, question)
    except Refused as refused:
        if refused.code not in {"not-found", "request-invalid"}:
            raise
        wrongly = typed.refused(Refusal("beneficiary", "Choisissez une personne de la liste."))
        return await _page(visit, wrongly, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return await _page(visit, typed, answer=answer)


async def _page(visit: Visit, typed: Typed, *, status: int = HTTPStatus.OK, answer: Tomorrow | None = None) -> Response:
    found = await visit.site.reimbursements.search(visit.who, {})
    persons = [(one.person_id, one.given_name) for one in found.beneficiaries]
    if visit.who.member not in {person for person, _ in persons}:
        persons.insert(0, (visit.who.member, "Vous"))
    return await visit.page(
        "money/tomorrow.html",
        status=status,
        typed=typed,
        persons=persons,
        answer=answer,
        steps=[(step, words.said(step.rule)) for step in answer.steps] if answer else (),
        kinds=words.KINDS,
        practitioners=words.PRACTITIONERS,
        parcours=words.PARCOURS,
        payees=words.PAYEES,
        as_of=await visit.site.reimbursements.as_of(visit.who),
    )
