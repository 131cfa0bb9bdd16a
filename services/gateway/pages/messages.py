"""« Mes messages »: the list, each with its words, which mails the member wants; and whether a message is ours."""

import asyncio
import uuid
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Response

from services.gateway.pages.asking import Counted, MemberVisit, Posting, Visiting
from services.gateway.pages.blocks import block
from shared.web.channel import Refused
from shared.web.forms import Form, Refusal, Typed, asked, wrong

BASE: Final = "/mes-messages"
REFERENCE: Final = "/ce-message-vient-il-de-nous"
LETTERS: Final = 12
"""Of a reference, without what stands between its groups."""

router = APIRouter()


def _reference(text: str) -> str:
    if sum(one.isalnum() for one in text) != LETTERS:
        raise wrong("La référence a douze lettres et chiffres, en trois groupes de quatre.")
    return text


class ReferenceForm(Form):
    """What stands at the foot of a mail, and at the top of a letter."""

    reference: Annotated[str, asked("Saisissez la référence du message.", _reference)]


@router.get(BASE)
async def messages(visit: MemberVisit, avant: uuid.UUID | None = None) -> Response:
    written = visit.written("notifications")
    before = str(avant) if avant else None
    found, reach = await asyncio.gather(
        visit.site.notifications.messages(visit.who, written, before=before),
        block(visit.site.notifications.reach(visit.who, written)),
    )
    return await visit.page(
        "messages/list.html",
        messages=found.value.messages,
        unread=found.value.unread,
        older=found.value.older,
        newest=before is None,
        reach=reach.value,
        as_of=found.as_of,
    )


@router.post(f"{BASE}/lus")
async def read_all(visit: MemberVisit, posted: Posting) -> Response:
    visit.remember("notifications", await visit.site.notifications.read(visit.who, None, posted.command_id))
    return await visit.go(BASE)


@router.get(f"{BASE}/choix")
async def choices(visit: MemberVisit) -> Response:
    found = await visit.site.notifications.reach(visit.who, visit.written("notifications"))
    return await visit.page("messages/choices.html", reach=found.value)


@router.post(f"{BASE}/choix")
async def choose(visit: MemberVisit, posted: Posting) -> Response:
    offered = (await visit.site.notifications.reach(visit.who, None)).value.topics
    unwanted = [one.topic for one in offered if f"topic-{one.topic}" not in posted.fields]
    visit.remember("notifications", await visit.site.notifications.choose(visit.who, unwanted, posted.command_id))
    return await visit.go(BASE, notice="choices-kept")


@router.get(f"{BASE}/{{message_id}}")
async def message(visit: MemberVisit, message_id: uuid.UUID) -> Response:
    found = (await visit.site.notifications.message(visit.who, str(message_id))).value
    if not found.read:
        # Opening it is reading it, however often it is opened: one command, whose id is the message's.
        command_id = str(uuid.uuid5(message_id, "read"))
        visit.remember("notifications", await visit.site.notifications.read(visit.who, [str(message_id)], command_id))
    return await visit.page("messages/message.html", message=found)


@router.get(REFERENCE)
async def reference_form(visit: Visiting) -> Response:
    return await visit.page("messages/reference.html", ours=None)


@router.post(REFERENCE, dependencies=[Counted])
async def reference(visit: Visiting, posted: Posting) -> Response:
    form, typed = visit.read(ReferenceForm, posted.fields)
    if form is None:
        return await _asked_again(visit, typed)
    try:
        ours = await visit.site.notifications.ours(visit.who, form.reference, posted.command_id)
    except Refused as refused:
        if refused.status != HTTPStatus.NOT_FOUND:
            raise
        unknown = Refusal("reference", "Aucun message de la caisse ne porte cette référence.")
        return await _asked_again(visit, typed.refused(unknown), stranger=True)
    return await visit.page("messages/reference.html", typed=typed, ours=ours)


async def _asked_again(visit: Visiting, typed: Typed, *, stranger: bool = False) -> Response:
    return await visit.page(
        "messages/reference.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, typed=typed, ours=None, stranger=stranger
    )
