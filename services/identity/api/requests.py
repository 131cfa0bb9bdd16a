"""What routes ask of a request: its command's id and sender, the member it is about, what he has written before."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request, Response

from services.identity.access.desk import Call, Device
from services.identity.domain.erasure_state import Status
from services.identity.domain.ids import DeviceId
from services.identity.read_models.account_overview import AccountOverview, account_overview
from shared.kernel import Projection, Value
from shared.problems import Refused
from shared.projections.queries import tell_age
from shared.security import Caller, console_caller, gateway_caller
from shared.service import Service

D = TypeVar("D", bound=Value)


class Accepted(Value):
    """What a command answers; the next query gives it back to see its effect."""

    stream: str
    version: int


async def call_of(
    request: Request,
    caller: Annotated[Caller, Depends(gateway_caller)],
    idempotency_key: Annotated[uuid.UUID, Header()],
    x_device: Annotated[str, Header(max_length=100)] = "",
    x_device_name: Annotated[str, Header(max_length=100)] = "",
) -> Call:
    """The command: its id, who sends it and from where."""
    device = Device(id=DeviceId(x_device), name=x_device_name) if x_device else None
    who = (caller.actor, caller.actor_kind, request.state.correlation_id)
    return Call(str(idempotency_key), *who, session=caller.session or "", device=device, channel=caller.channel)


async def desk_call(
    request: Request,
    caller: Annotated[Caller, Depends(console_caller)],
    idempotency_key: Annotated[uuid.UUID, Header()],
) -> Call:
    """The same, of an agent."""
    who = (caller.actor, caller.actor_kind, request.state.correlation_id)
    return Call(str(idempotency_key), *who, channel=caller.channel)


async def member_of(caller: Annotated[Caller, Depends(gateway_caller)]) -> str:
    """The member who is signed in."""
    return caller.member


ACall = Annotated[Call, Depends(call_of)]
AMember = Annotated[str, Depends(member_of)]
Origin = Annotated[str, Header(alias="X-Origin", max_length=100)]
HasWritten = Annotated[str | None, Header(alias="X-Written")]


def confirmed_account(service: Service) -> Callable[..., Awaitable[AccountOverview]]:
    """The dependency that opens a member's services: his account, for its address is confirmed."""

    async def confirmed(member_id: AMember) -> AccountOverview:
        overview = await service.queries.get(account_overview, member_id)
        if overview is None or not overview.email_validated:
            raise Refused("email-pending")
        if (await service.state(f"erasure:{member_id}"))[0].status is Status.REQUESTED:
            raise Refused("erasure-closed")  # all that is left to do is to take it back
        return overview

    return confirmed


async def shown(
    service: Service, projection: Projection[D, Any], key: str, written: str | None, response: Response
) -> D:
    """A document of this read model, after the caller's own write.

    Raises:
        Refused: `not-found`.
    """
    await tell_age(response.headers, service.queries, projection, written)
    document = await service.queries.get(projection, key)
    if document is None:
        raise Refused("not-found")
    return document
