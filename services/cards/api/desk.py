"""What the desk sees of a person's cards, and a loss that somebody reports by telephone."""

import datetime as dt
import uuid
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime

from services.cards.api.callers import Accepted, Key, carry_out
from services.cards.api.vitale import REPORTS, Kind
from services.cards.domain import commands as c
from services.cards.domain.ids import DeclarationId, MemberId, PersonId
from services.cards.read_models.my_vitale import Advice, MyVitale, Status, my_vitale
from services.cards.read_models.vitale_tracking import Stage, vitale_tracking
from shared.admin.work import Agent
from shared.kernel import Value
from shared.problems import Refused
from shared.security import desk_caller
from shared.service import Service


class DeskCards(Value):
    """How the carte Vitale stands: no number, nothing of the holder."""

    status: Status | None = None
    since: AwareDatetime | None = None
    advice: Advice | None = None
    opposed_at: AwareDatetime | None = None
    stage: Stage | None = None
    """How far the replacement is."""


class PhoneReport(Value):
    """What the caller says, and certifies on his honour. The card is the one that he has."""

    reason: Literal["lost", "stolen"]
    place: c.Place
    happened_on: dt.date
    declared_on_honour: bool


def router(service: Service) -> APIRouter:
    """The routes, for the console alone; it notes that the file was read before it asks."""
    routes = APIRouter(prefix="/internal/desk/{person_id}", dependencies=[Depends(desk_caller)])

    @routes.get("/cards")
    async def cards(person_id: uuid.UUID) -> DeskCards:
        card = await service.queries.get(my_vitale, str(person_id))
        tracking = await service.queries.get(vitale_tracking, str(person_id))
        facts = card.model_dump(include={"status", "since", "advice", "opposed_at"}) if card else {}
        return DeskCards.model_validate({**facts, "stage": tracking.stage if tracking else None})

    @routes.post("/vitale-reports")
    async def report(person_id: uuid.UUID, caller: Agent, form: PhoneReport, request: Request, key: Key) -> Accepted:
        card = await service.queries.get(my_vitale, str(person_id))
        if card is None:
            raise Refused("not-found")
        command = REPORTS[Kind(form.reason)](**_facts(service.clock.now(), card, form, key))
        return await carry_out(service, f"vitale:{person_id}", command, key=key, caller=caller, request=request)

    return routes


def _facts(now: dt.datetime, card: MyVitale, form: PhoneReport, key: uuid.UUID) -> dict[str, Any]:
    return {
        "at": now,
        "person_id": PersonId(card.person_id),
        "member_id": MemberId(card.person_id),
        "card_id": card.card_id,
        "declaration_id": DeclarationId(str(uuid.uuid5(key, "declaration"))),
        "place": form.place,
        "happened_on": form.happened_on,
        "declared_on_honour": form.declared_on_honour,
    }
