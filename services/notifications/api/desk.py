"""For the desk: who can't be reached, which messages failed, and the word that one of them is seen to."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request

from services.notifications.api.members import Accepted
from services.notifications.domain.commands import SettleFailure
from services.notifications.domain.ids import MessageId
from services.notifications.read_models.work_list import WorkItem, WorkKind, work_list
from shared.envelope import Metadata
from shared.kernel import Value
from shared.problems import Refused
from shared.security import Caller, console_caller
from shared.service import Service

Agent = Annotated[Caller, Depends(console_caller)]


class WorkList(Value):
    """The oldest first."""

    items: tuple[WorkItem, ...]


def desk_router(service: Service) -> APIRouter:
    """Under /internal: through the console alone."""
    routes = APIRouter(prefix="/internal/work-list")

    @routes.get("")
    async def listed(_: Agent) -> WorkList:
        return WorkList(items=tuple(sorted(await service.queries.find(work_list), key=lambda one: one.since)))

    @routes.post("/{message_id}/settled")
    async def settle(
        agent: Agent, message_id: uuid.UUID, request: Request, idempotency_key: Annotated[uuid.UUID, Header()]
    ) -> Accepted:
        if agent.actor_kind != "agent":
            raise Refused("issuer-refused")
        item = await service.queries.get(work_list, str(message_id))
        if item is None or item.kind is not WorkKind.MESSAGE_FAILED:
            raise Refused("message-unknown")
        command = SettleFailure(at=service.clock.now(), member_id=item.member_id, message_id=MessageId(str(message_id)))
        meta = Metadata(
            pk=item.member_id,
            actor=agent.actor,
            actor_kind=agent.actor_kind,
            correlation_id=request.state.correlation_id,
            member_id=item.member_id,
            person_id=item.member_id,
            channel="desk",
        )
        answer = await service.handle(f"mailbox:{item.member_id}", command, cmd=str(idempotency_key), meta=meta)
        return Accepted(stream=answer.stream, version=answer.version)

    return routes
