"""What an agent does at the desk, the person's papers before him: a code, a lock, an end, bank changes opened again."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from services.identity.access import provisional_codes
from services.identity.access.desk import Call, Desk
from services.identity.api.requests import Accepted, desk_call
from services.identity.domain import account_commands as standing
from services.identity.domain.account_events import CloseReason, LockReason
from services.identity.domain.bank_commands import UnblockBankChanges
from services.identity.domain.bank_events import UnblockedBy
from services.identity.domain.ids import MemberId, PersonId
from services.identity.domain.provisional import IdentityDocument
from shared.command_handler import Answer
from shared.kernel import Command, Value
from shared.security import agent_caller


class HandOver(Value):
    """What the agent has looked at, and who has agreed where an account stands already."""

    document: IdentityDocument
    approved_by: Annotated[str, Field(max_length=100)] | None = None


ADeskCall = Annotated[Call, Depends(desk_call)]


def desk_router(desk: Desk) -> APIRouter:
    """The routes, for the console alone. Why an agent did it stands in the console's event of the same conversation."""
    routes = APIRouter(prefix="/internal/desk/{person_id}", dependencies=[Depends(agent_caller)])

    @routes.post("/provisional-code")
    async def hand_over(person_id: uuid.UUID, form: HandOver, call: ADeskCall) -> Accepted:
        whose = PersonId(str(person_id))
        return _accepted(await provisional_codes.hand_over(desk, call, whose, form.document, form.approved_by))

    @routes.post("/lock")
    async def lock(person_id: uuid.UUID, call: ADeskCall) -> Accepted:
        command = standing.LockAccount(at=desk.clock.now(), reason=LockReason.DESK)
        return await handle(f"account:{person_id}", command, call)

    @routes.post("/unlock")
    async def unlock(person_id: uuid.UUID, call: ADeskCall) -> Accepted:
        return await handle(f"account:{person_id}", standing.UnlockAccount(at=desk.clock.now()), call)

    @routes.post("/closure")
    async def close(person_id: uuid.UUID, call: ADeskCall) -> Accepted:
        command = standing.CloseAccount(at=desk.clock.now(), reason=CloseReason.DESK)
        accepted = await handle(f"account:{person_id}", command, call)
        await desk.stores.devices.forget(MemberId(str(person_id)))
        return accepted

    @routes.post("/bank-changes/unblock")
    async def unblock(person_id: uuid.UUID, call: ADeskCall) -> Accepted:
        whose = PersonId(str(person_id))
        command = UnblockBankChanges(at=desk.clock.now(), person_id=whose, by=UnblockedBy.DESK)
        return await handle(f"bank:{person_id}", command, call)

    async def handle(stream: str, command: Command, call: Call) -> Accepted:
        meta = call.meta(stream.partition(":")[2])
        return _accepted(await desk.service.handle(stream, command, cmd=call.cmd, meta=meta))

    return routes


def _accepted(answer: Answer) -> Accepted:
    return Accepted(stream=answer.stream, version=answer.version)
