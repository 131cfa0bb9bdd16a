"""What an agent does without being asked for it: a doubt about somebody's residence, given and withdrawn."""

import uuid

from fastapi import APIRouter, Request

from services.cards.api.callers import Accepted, Key, carry_out
from services.cards.domain import commands as c
from services.cards.domain.ids import MemberId, NoticeId, PersonId
from shared.admin.work import Agent
from shared.service import Service


def router(service: Service) -> APIRouter:
    """Commands of agents, through the console alone."""
    routes = APIRouter(prefix="/internal/agents/persons/{person_id}/residence-notices")

    @routes.post("")
    async def doubt(person_id: str, caller: Agent, request: Request, key: Key) -> Accepted:
        command = c.GiveVitaleResidenceNotice(
            at=service.clock.now(),
            person_id=PersonId(person_id),
            member_id=MemberId(person_id),
            notice_id=NoticeId(str(uuid.uuid5(key, "notice"))),
        )
        return await carry_out(service, f"vitale:{person_id}", command, key=key, caller=caller, request=request)

    @routes.post("/{notice_id}/withdrawal")
    async def withdraw(person_id: str, notice_id: uuid.UUID, caller: Agent, request: Request, key: Key) -> Accepted:
        told = {"at": service.clock.now(), "person_id": PersonId(person_id)}
        command = c.WithdrawVitaleResidenceNotice.model_validate({**told, "notice_id": str(notice_id)})
        return await carry_out(service, f"vitale:{person_id}", command, key=key, caller=caller, request=request)

    return routes
