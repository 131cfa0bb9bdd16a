"""« Ce message vient-il de nous ? »: whoever holds a reference learns its kind and date alone."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AfterValidator, Field

from services.notifications.domain.kinds import Channel
from services.notifications.read_models.messages import messages
from services.notifications.words import Renderer
from shared.kernel import Value
from shared.numbers import FindNumber, in_groups
from shared.problems import Refused
from shared.security import gateway_caller
from shared.service import Service


class Asked(Value):
    """What somebody read on a mail or a letter."""

    reference: Annotated[str, Field(max_length=60), AfterValidator(in_groups)]


class Ours(Value):
    """It is ours."""

    title: str
    channel: Channel
    at: dt.datetime


def references_router(service: Service) -> APIRouter:
    """For visitors, too: the message may be the only thing they have."""
    routes = APIRouter()
    words = Renderer()

    @routes.post("/references", dependencies=[Depends(gateway_caller)])
    async def ours(asked: Asked) -> Ours:
        found = await service.queries.find(messages, reference=asked.reference)
        if len(found) != 1:
            raise Refused("not-found")
        return Ours(title=words.subject(found[0].template), channel=found[0].channel, at=found[0].at)

    return routes


def finding_references(service: Service) -> FindNumber:
    """Whose a message is, for the desk."""

    async def find(typed: str) -> list[str]:
        return [one.member_id for one in await service.queries.find(messages, reference=in_groups(typed))]

    return find
