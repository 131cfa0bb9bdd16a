"""One line: « Pourquoi ce montant », and « Signaler ce remboursement »."""

import uuid
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Response

from services.gateway.clients.reimbursement_answers import Detail
from services.gateway.pages import reimbursement_words as words
from services.gateway.pages.asking import MemberVisit, Posting
from services.gateway.pages.reimbursements import BASE, today
from services.gateway.pages.visit import Visit
from shared.web.channel import Refused
from shared.web.forms import Form, Typed, asked, wrong

LONGEST: Final = 1000
MOTIVES: Final = {
    "care_not_received": "Ce soin n'a pas eu lieu",
    "professional_unknown": "Je ne connais pas ce professionnel",
    "amount_wrong": "Le montant ne correspond pas à ce que j'ai payé",
    "paid_twice": "Le même soin apparaît deux fois",
}

router = APIRouter(prefix=f"{BASE}/ligne")


def _motive(text: str) -> str:
    if text not in MOTIVES:
        raise wrong("Choisissez ce qui ne va pas.")
    return text


class ReportForm(Form):
    """What is wrong; the words are free."""

    motive: Annotated[str, asked("Choisissez ce qui ne va pas.", _motive)]
    account: str = ""


async def _line(visit: Visit, line_id: uuid.UUID) -> Detail:
    """One of the person whom the member acts for.

    Raises:
        Refused: `not-found`.
    """
    found = await visit.site.reimbursements.line(visit.who, str(line_id))
    if visit.beneficiary not in {None, found.row.person_id}:
        raise Refused("not-found", HTTPStatus.NOT_FOUND)
    return found


@router.get("/{line_id}")
async def line(visit: MemberVisit, line_id: uuid.UUID) -> Response:
    found = await _line(visit, line_id)
    return await visit.page(
        "money/line.html",
        one=found,
        steps=[(step, words.said(step.rule)) for step in found.steps],
        kinds=words.KINDS,
        parcours=words.PARCOURS,
        transfers=words.TRANSFERS,
        today=today(visit),
        as_of=await visit.site.reimbursements.as_of(visit.who),
    )


@router.get("/{line_id}/signaler")
async def form(visit: MemberVisit, line_id: uuid.UUID) -> Response:
    found = await _line(visit, line_id)
    return await visit.page("money/report.html", one=found, motives=MOTIVES, longest=LONGEST)


@router.post("/{line_id}/signaler")
async def send(visit: MemberVisit, line_id: uuid.UUID, posted: Posting) -> Response:
    found = await _line(visit, line_id)
    form, typed = visit.read(ReportForm, posted.fields)
    account = posted.fields.get("account", "").strip()
    typed = Typed({**typed.values, "account": account}, typed.refusals)
    if form is None:
        page = {"one": found, "motives": MOTIVES, "longest": LONGEST, "typed": typed, "command_id": posted.command_id}
        return await visit.page("money/report.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, **page)
    await visit.site.reimbursements.report(visit.who, posted.command_id, str(line_id), form.motive, account[:LONGEST])
    return await visit.go(f"{BASE}/ligne/{line_id}", notice="reimbursement-reported")
