"""For the desk: what waits for a decision, and the decision."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request

from services.reimbursements.domain.signals import DecideSignal, Decision
from services.reimbursements.read_models.work_list import WorkItem, work_list
from shared.envelope import Metadata
from shared.kernel import Value
from shared.problems import Refused
from shared.security import Caller, console_caller
from shared.service import Service

Agent = Annotated[Caller, Depends(console_caller)]


class WorkList(Value):
    """The oldest first."""

    items: tuple[WorkItem, ...]


class Decided(Value):
    """The form."""

    decision: Decision


class Accepted(Value):
    """Where the decision stands."""

    stream: str
    version: int


def router(service: Service) -> APIRouter:
    """Under /internal: through the console alone."""
    routes = APIRouter(prefix="/internal/work-list")

    @routes.get("")
    async def listed(_: Agent) -> WorkList:
        return WorkList(items=tuple(sorted(await service.queries.find(work_list), key=lambda one: one.since)))

    @routes.post("/{signal_id}/decision")
    async def decide(
        agent: Agent,
        signal_id: uuid.UUID,
        form: Decided,
        request: Request,
        idempotency_key: Annotated[uuid.UUID, Header()],
    ) -> Accepted:
        if agent.actor_kind != "agent":
            raise Refused("issuer-refused")
        stream = f"signal:{signal_id}"
        known, _ = await service.state(stream)
        if known.person_id is None:
            raise Refused("signal-unknown")
        meta = Metadata(
            pk=known.person_id,
            actor=agent.actor,
            actor_kind=agent.actor_kind,
            correlation_id=request.state.correlation_id,
            member_id=known.member_id,
            person_id=known.person_id,
            channel="desk",
        )
        command = DecideSignal(at=service.clock.now(), decision=form.decision)
        answer = await service.handle(stream, command, cmd=str(idempotency_key), meta=meta)
        return Accepted(stream=answer.stream, version=answer.version)

    return routes
