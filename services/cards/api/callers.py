"""Who asks, for whom, and how a command of his is carried out."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request, Response

from services.cards.access.views import views
from shared.envelope import Metadata
from shared.grants import may_see
from shared.kernel import Command, Projection, Value
from shared.problems import Refused
from shared.projections.queries import tell_age
from shared.security import Caller, gateway_caller
from shared.service import Service

D = TypeVar("D", bound=Value)

Key = Annotated[uuid.UUID, Header(alias="Idempotency-Key")]
SinceWritten = Annotated[str | None, Header(alias="X-Written")]


class Accepted(Value):
    """What every command answers; the next query gives it back to see its effect."""

    stream: str
    version: int


def seeing(service: Service) -> Callable[..., Awaitable[Caller]]:
    """A member, about himself or somebody he may see; anybody else does not exist for him."""

    async def seen(person_id: str, caller: Annotated[Caller, Depends(gateway_caller)]) -> Caller:
        if not await may_see(service.queries, views, caller.member, person_id):
            raise Refused("not-found")
        return caller

    return seen


async def shown(
    service: Service, projection: Projection[D, Any], person_id: str, written: str | None, response: Response
) -> D:
    """A person's document of this read model, after the caller's own write.

    Raises:
        Refused: there is none.
    """
    await tell_age(response.headers, service.queries, projection, written)
    document = await service.queries.get(projection, person_id)
    if document is None:
        raise Refused("not-found")
    return document


async def carry_out(
    service: Service, stream: str, command: Command, *, key: uuid.UUID, caller: Caller, request: Request
) -> Accepted:
    """Decide a command that a person gave; the key is its id."""
    person_id = stream.partition(":")[2]
    member = caller.member_id
    meta = Metadata(
        pk=person_id,
        actor=caller.actor,
        actor_kind=caller.actor_kind,
        correlation_id=request.state.correlation_id,
        member_id=member or person_id,
        person_id=person_id,
        acting_for=person_id if member and member != person_id else None,
        channel=caller.channel,
    )
    answer = await service.handle(stream, command, cmd=str(key), meta=meta)
    return Accepted(stream=answer.stream, version=answer.version)
