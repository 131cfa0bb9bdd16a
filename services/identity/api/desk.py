"""What an agent does at the desk, the person's papers before him: a code, a lock, an end."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.identity.access import provisional_codes
from services.identity.access.desk import Call, Desk
from services.identity.api.requests import Accepted, desk_call
from services.identity.domain import account_commands as standing
from services.identity.domain.account_events import CloseReason, LockReason
from services.identity.domain.ids import PersonId
from shared.kernel import Command, Value
from shared.security import agent_caller


class HandedOver(Value):
    """To be read out or printed, once; it stands nowhere."""

    code: str


ADeskCall = Annotated[Call, Depends(desk_call)]


def desk_router(desk: Desk) -> APIRouter:
    """The routes, for the console alone."""
    routes = APIRouter(prefix="/internal/desk/{person_id}", dependencies=[Depends(agent_caller)])

    @routes.post("/provisional-code")
    async def hand_over(person_id: str, call: ADeskCall) -> HandedOver:
        return HandedOver(code=await provisional_codes.hand_over(desk, call, PersonId(person_id)))

    @routes.post("/lock")
    async def lock(person_id: str, call: ADeskCall) -> Accepted:
        return await handle(person_id, standing.LockAccount(at=desk.clock.now(), reason=LockReason.DESK), call)

    @routes.post("/unlock")
    async def unlock(person_id: str, call: ADeskCall) -> Accepted:
        return await handle(person_id, standing.UnlockAccount(at=desk.clock.now()), call)

    @routes.post("/closure")
    async def close(person_id: str, call: ADeskCall) -> Accepted:
        return await handle(person_id, standing.CloseAccount(at=desk.clock.now(), reason=CloseReason.DESK), call)

    async def handle(person_id: str, command: Command, call: Call) -> Accepted:
        answer = await desk.service.handle(f"account:{person_id}", command, cmd=call.cmd, meta=call.meta(person_id))
        return Accepted(stream=answer.stream, version=answer.version)

    return routes
