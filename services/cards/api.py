"""The cards service over HTTP: a member's own card, its declaration, its replacement."""

import datetime as dt
import uuid
from enum import StrEnum
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, Header, Request, Response

from services.cards.domain import commands as c
from services.cards.domain.ids import CardId, DeclarationId, MemberId, PersonId
from services.cards.read_models.my_vitale import MyVitale, my_vitale
from services.cards.read_models.vitale_tracking import VitaleTracking, vitale_tracking
from shared.envelope import Metadata
from shared.kernel import Projection, Value
from shared.problems import Refused
from shared.projections.queries import Written
from shared.security import Caller, gateway_caller
from shared.service import Service

D = TypeVar("D", bound=Value)


class Kind(StrEnum):
    """What a member can declare."""

    LOST = "lost"
    STOLEN = "stolen"
    DAMAGED = "damaged"


REPORTS: Final = {
    Kind.LOST: c.ReportVitaleLost,
    Kind.STOLEN: c.ReportVitaleStolen,
    Kind.DAMAGED: c.ReportVitaleDamaged,
}


class Report(Value):
    """The form of a declaration. `card_id` is the card that the member saw on the screen."""

    reason: Kind
    card_id: uuid.UUID
    place: c.Place
    happened_on: dt.date
    declared_on_honour: bool
    declaration_id: uuid.UUID | None = None


class Accepted(Value):
    """What every command answers; the next query gives it back to see its effect."""

    stream: str
    version: int


async def own(person_id: str, caller: Annotated[Caller, Depends(gateway_caller)]) -> Caller:
    """A member, and about himself; another person's card does not exist for him."""
    if caller.member != person_id:
        raise Refused("not-found")
    return caller


Own = Annotated[Caller, Depends(own)]


async def shown(
    service: Service, projection: Projection[D, Any], person_id: str, written: str | None, response: Response
) -> D:
    """A person's document of this read model, after the caller's own write."""
    response.headers["X-Lag"] = str(await service.queries.wait(projection, Written.parse(written)))
    document = await service.queries.get(projection, person_id)
    if document is None:
        raise Refused("not-found")
    return document


def router(service: Service) -> APIRouter:
    """Commands and queries about the carte Vitale of one person."""
    routes = APIRouter(prefix="/persons/{person_id}/vitale")

    @routes.get("")
    async def vitale(
        person_id: str, _: Own, response: Response, x_written: Annotated[str | None, Header()] = None
    ) -> MyVitale:
        return await shown(service, my_vitale, person_id, x_written, response)

    @routes.get("/tracking")
    async def tracking(
        person_id: str, _: Own, response: Response, x_written: Annotated[str | None, Header()] = None
    ) -> VitaleTracking:
        return await shown(service, vitale_tracking, person_id, x_written, response)

    @routes.post("/reports")
    async def report(
        person_id: str, caller: Own, form: Report, request: Request, idempotency_key: Annotated[uuid.UUID, Header()]
    ) -> Accepted:
        command = REPORTS[form.reason](
            at=service.clock.now(),
            person_id=PersonId(person_id),
            member_id=MemberId(caller.member),
            card_id=CardId(str(form.card_id)),
            declaration_id=DeclarationId(str(form.declaration_id or uuid.uuid5(idempotency_key, "declaration"))),
            place=form.place,
            happened_on=form.happened_on,
            declared_on_honour=form.declared_on_honour,
        )
        meta = Metadata(
            pk=person_id,
            actor=caller.actor,
            actor_kind=caller.actor_kind,
            correlation_id=request.state.correlation_id,
            member_id=caller.member,
            person_id=person_id,
            channel="web",
        )
        answer = await service.handle(f"vitale:{person_id}", command, cmd=str(idempotency_key), meta=meta)
        return Accepted(stream=answer.stream, version=answer.version)

    return routes
