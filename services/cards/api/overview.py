"""All of a person's cards in one answer: most pages show them side by side."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from services.cards.api.callers import SinceWritten, seeing
from services.cards.read_models.my_ceam import MyCeam, my_ceam
from services.cards.read_models.my_vitale import MyVitale, my_vitale
from services.cards.read_models.vitale_tracking import VitaleTracking, vitale_tracking
from shared.kernel import Value
from shared.projections.queries import tell_ages
from shared.security import Caller
from shared.service import Service

SHOWN: Final = (my_vitale, vitale_tracking, my_ceam)


class Cards(Value):
    """What there is of each; a person without any has three times nothing."""

    vitale: MyVitale | None
    tracking: VitaleTracking | None
    ceam: MyCeam | None


def router(service: Service) -> APIRouter:
    """The query."""
    routes = APIRouter()
    Seen = Annotated[Caller, Depends(seeing(service))]  # noqa: N806 - a type

    @routes.get("/persons/{person_id}/cards")
    async def cards(person_id: str, _: Seen, response: Response, written: SinceWritten = None) -> Cards:
        await tell_ages(response.headers, service.queries, SHOWN, written)
        return Cards(
            vitale=await service.queries.get(my_vitale, person_id),
            tracking=await service.queries.get(vitale_tracking, person_id),
            ceam=await service.queries.get(my_ceam, person_id),
        )

    return routes
