"""Whose cards a member may see, and where a person's cards go."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends

from services.cards.access.views import views
from services.cards.api.callers import seeing
from services.cards.domain.holder import HolderFacts
from services.cards.domain.ids import PersonId
from shared.grants import persons_seen_by
from shared.kernel import Erased, Value
from shared.postal import envelope
from shared.problems import Refused
from shared.security import Caller, gateway_caller
from shared.service import Service


class Seen(Value):
    """Somebody for whom the member may act."""

    person_id: PersonId
    given_names: str
    age: int | None


class People(Value):
    """The member first, then the others, the eldest first."""

    people: tuple[Seen, ...]


class Letterbox(Value):
    """The address on file, as on an envelope."""

    lines: tuple[str, ...]


def router(service: Service) -> APIRouter:
    """Queries about people."""
    routes = APIRouter()
    Allowed = Annotated[Caller, Depends(seeing(service))]  # noqa: N806 - a type

    @routes.get("/members/{member_id}/people")
    async def people(member_id: str, caller: Annotated[Caller, Depends(gateway_caller)]) -> People:
        if caller.member != member_id:
            raise Refused("not-found")
        today = service.clock.now().date()
        ids = await persons_seen_by(service.queries, views, member_id)
        found = [_seen(PersonId(one), (await service.state(f"holder:{one}"))[0], today) for one in ids]
        others = sorted(found[1:], key=lambda one: -(one.age or 0))
        return People(people=(found[0], *others))

    @routes.get("/persons/{person_id}/address")
    async def address(person_id: str, caller: Allowed) -> Letterbox:
        facts, _ = await service.state(f"holder:{person_id}")
        if facts is None or isinstance(facts.address, Erased):
            raise Refused("not-found")
        if facts.address_is_confidential and caller.member != person_id:
            raise Refused("not-found")
        place = facts.address
        return Letterbox(lines=envelope(place.lines, place.postcode, place.city, place.country))

    return routes


def _seen(person_id: PersonId, facts: HolderFacts | None, today: dt.date) -> Seen:
    if facts is None or isinstance(facts.given_names, Erased):
        return Seen(person_id=person_id, given_names="", age=None)
    born = facts.birth_date
    assert not isinstance(born, Erased), "a person is erased as a whole"
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return Seen(person_id=person_id, given_names=facts.given_names, age=age)
