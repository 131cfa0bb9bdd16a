"""A person's carte Vitale: what it is, and its declaration lost, stolen or damaged."""

import datetime as dt
import uuid
from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from services.cards.access.declarations import Declarations
from services.cards.api.callers import Accepted, Key, SinceWritten, carry_out, seeing, shown
from services.cards.domain import commands as c
from services.cards.domain.ids import CardId, DeclarationId, MemberId, PersonId
from services.cards.read_models.my_vitale import MyVitale, my_vitale
from services.cards.read_models.vitale_tracking import VitaleTracking, vitale_tracking
from shared.kernel import Value
from shared.problems import Refused
from shared.security import Caller
from shared.service import Service


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


def router(service: Service) -> APIRouter:
    """Commands and queries about the carte Vitale of one person."""
    routes = APIRouter(prefix="/persons/{person_id}/vitale")
    Seen = Annotated[Caller, Depends(seeing(service))]  # noqa: N806 - a type
    declarations = Declarations(service)

    @routes.get("")
    async def vitale(person_id: str, _: Seen, response: Response, written: SinceWritten = None) -> MyVitale:
        return await shown(service, my_vitale, person_id, written, response)

    @routes.get("/tracking")
    async def tracking(person_id: str, _: Seen, response: Response, written: SinceWritten = None) -> VitaleTracking:
        return await shown(service, vitale_tracking, person_id, written, response)

    @routes.post("/reports")
    async def report(person_id: str, caller: Seen, form: Report, request: Request, key: Key) -> Accepted:
        command = REPORTS[form.reason](
            at=service.clock.now(),
            person_id=PersonId(person_id),
            member_id=MemberId(caller.member),
            card_id=CardId(str(form.card_id)),
            declaration_id=DeclarationId(str(form.declaration_id or uuid.uuid5(key, "declaration"))),
            place=form.place,
            happened_on=form.happened_on,
            declared_on_honour=form.declared_on_honour,
        )
        return await carry_out(service, f"vitale:{person_id}", command, key=key, caller=caller, request=request)

    @routes.get("/reports/{declaration_id}/document")
    async def document(person_id: str, declaration_id: uuid.UUID, _: Seen) -> Response:
        made = await declarations.document(PersonId(person_id), DeclarationId(str(declaration_id)))
        if made is None:
            raise Refused("not-found")
        return Response(made, media_type="application/pdf")

    return routes
