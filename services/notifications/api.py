"""The notifications service over HTTP: what a member was told."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.notifications.read_models.messages import Message, messages
from shared.kernel import Value
from shared.problems import Refused
from shared.security import Caller, gateway_caller
from shared.service import Service


class Messages(Value):
    """The newest first."""

    messages: tuple[Message, ...]


def router(service: Service) -> APIRouter:
    """Queries about the mailbox of one member."""
    routes = APIRouter(prefix="/members/{member_id}")

    @routes.get("/messages")
    async def mine(member_id: str, caller: Annotated[Caller, Depends(gateway_caller)]) -> Messages:
        if caller.member != member_id:
            raise Refused("not-found")
        found = await service.queries.find(messages, member_id=member_id)
        return Messages(messages=tuple(sorted(found, key=lambda message: message.at, reverse=True)))

    return routes
