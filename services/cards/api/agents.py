"""What waits for an agent, and what he decides; the desk's screens stand on it."""

import uuid

from fastapi import APIRouter, Depends, Request, Response

from services.cards.access.uploads import Uploads
from services.cards.api.callers import Accepted, Agent, Key, agent, carry_out
from services.cards.api.orders import FileKind
from services.cards.domain import commands as c
from services.cards.domain import order_commands as oc
from services.cards.domain.ids import MemberId, NoticeId, OrderId, PersonId
from services.cards.domain.words import Cancellation, PhotoFault
from services.cards.read_models.work_list import Task, work_list
from shared.kernel import Erased, Value
from shared.problems import Refused
from shared.service import Service


class WorkList(Value):
    """The oldest first."""

    tasks: tuple[Task, ...]


class Rejection(Value):
    """Why a photo can't be printed."""

    fault: PhotoFault


def router(service: Service) -> APIRouter:  # noqa: C901 - one function a route
    """Queries and commands of agents, through the console alone."""
    routes = APIRouter(prefix="/internal/agents", dependencies=[Depends(agent)])
    uploads = Uploads(service)

    def facts(person_id: str, order_id: uuid.UUID) -> dict[str, object]:
        return {"at": service.clock.now(), "person_id": PersonId(person_id), "order_id": OrderId(str(order_id))}

    async def decide(
        person_id: str, command: c.VitaleCommand, key: uuid.UUID, caller: Agent, request: Request
    ) -> Accepted:
        return await carry_out(service, f"vitale:{person_id}", command, key=key, caller=caller, request=request)

    @routes.get("/work-list")
    async def tasks() -> WorkList:
        found = await service.queries.find(work_list, open="yes")
        return WorkList(tasks=tuple(sorted(found, key=lambda task: task.since)))

    @routes.get("/persons/{person_id}/orders/{order_id}/files/{kind}")
    async def file(person_id: str, order_id: uuid.UUID, kind: FileKind) -> Response:
        state, _ = await service.state(f"vitale:{person_id}")
        order = state.order(OrderId(str(order_id)))
        held = order.photo if kind is FileKind.PHOTO else order.identity_document
        content = None if held is None or isinstance(held, Erased) else await uploads.get(PersonId(person_id), held)
        if content is None:
            raise Refused("not-found")
        return Response(content, media_type="image/jpeg")

    @routes.post("/persons/{person_id}/orders/{order_id}/validation")
    async def validate(person_id: str, order_id: uuid.UUID, caller: Agent, request: Request, key: Key) -> Accepted:
        command = oc.ValidateVitaleDocuments.model_validate(facts(person_id, order_id))
        return await decide(person_id, command, key, caller, request)

    @routes.post("/persons/{person_id}/orders/{order_id}/rejection")
    async def reject(
        person_id: str, order_id: uuid.UUID, caller: Agent, form: Rejection, request: Request, key: Key
    ) -> Accepted:
        command = oc.RejectVitalePhoto.model_validate(facts(person_id, order_id) | form.model_dump())
        return await decide(person_id, command, key, caller, request)

    @routes.post("/persons/{person_id}/orders/{order_id}/cancellation")
    async def cancel(person_id: str, order_id: uuid.UUID, caller: Agent, request: Request, key: Key) -> Accepted:
        cause = {"cause": Cancellation.AGENT}
        command = oc.CancelVitaleReplacement.model_validate(facts(person_id, order_id) | cause)
        return await decide(person_id, command, key, caller, request)

    @routes.post("/persons/{person_id}/residence-notices")
    async def doubt(person_id: str, caller: Agent, request: Request, key: Key) -> Accepted:
        command = c.GiveVitaleResidenceNotice(
            at=service.clock.now(),
            person_id=PersonId(person_id),
            member_id=MemberId(person_id),
            notice_id=NoticeId(str(uuid.uuid5(key, "notice"))),
        )
        return await decide(person_id, command, key, caller, request)

    @routes.post("/persons/{person_id}/residence-notices/{notice_id}/withdrawal")
    async def withdraw(person_id: str, notice_id: uuid.UUID, caller: Agent, request: Request, key: Key) -> Accepted:
        told = {"at": service.clock.now(), "person_id": PersonId(person_id)}
        command = c.WithdrawVitaleResidenceNotice.model_validate({**told, "notice_id": str(notice_id)})
        return await decide(person_id, command, key, caller, request)

    return routes
