"""A person's European card: what it is, its order, its loss."""

import datetime as dt
import uuid
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from services.cards.api.callers import Accepted, Key, SinceWritten, carry_out, seeing, shown
from services.cards.domain import ceam_commands as c
from services.cards.domain.ceam_words import Trip
from services.cards.domain.days import PARIS
from services.cards.domain.ids import CardId, MemberId, OrderId, PersonId
from services.cards.domain.words import Cancellation
from services.cards.read_models.my_ceam import MyCeam, my_ceam
from services.cards.settings import settings_of
from shared.kernel import Erased, Value
from shared.problems import Refused
from shared.security import Caller
from shared.service import Service


class Kind(StrEnum):
    """What a member can declare."""

    LOST = "lost"
    STOLEN = "stolen"


REPORTS: Final[dict[Kind, type[c.ReportCeamLost | c.ReportCeamStolen]]] = {
    Kind.LOST: c.ReportCeamLost,
    Kind.STOLEN: c.ReportCeamStolen,
}


class Report(Value):
    """`card_id` is the card that the member saw on the screen."""

    reason: Kind
    card_id: uuid.UUID
    happened_on: dt.date


class Options(Value):
    """What the form must know: where the card is good, and how long before the departure it must be ordered.

    `nationals_only`: countries that may refuse it to this person, none to one of a state of the European Union.
    """

    countries: tuple[str, ...]
    nationals_only: tuple[str, ...]
    eu_national: bool | None
    days_before_departure: int
    renewal_window_days: int


def router(service: Service) -> APIRouter:
    """Commands and queries about the European card of one person."""
    routes = APIRouter()
    Seen = Annotated[Caller, Depends(seeing(service))]  # noqa: N806 - a type
    settings = settings_of(service)

    async def send(
        person_id: str, command: c.CeamCommand, key: uuid.UUID, caller: Caller, request: Request
    ) -> Accepted:
        return await carry_out(service, f"ceam:{person_id}", command, key=key, caller=caller, request=request)

    @routes.get("/persons/{person_id}/ceam/options")
    async def options(person_id: str, _: Seen) -> Options:
        holder, _version = await service.state(f"holder:{person_id}")
        known = holder and holder.eu_national
        national = None if isinstance(known, Erased) else known
        return Options(
            countries=settings.ceam_countries,
            nationals_only=() if national else settings.ceam_nationals_only,
            eu_national=national,
            days_before_departure=settings.ceam_days_before_departure,
            renewal_window_days=settings.ceam_renewal_window_days,
        )

    @routes.get("/persons/{person_id}/ceam")
    async def ceam(person_id: str, _: Seen, response: Response, written: SinceWritten = None) -> MyCeam:
        return await shown(service, my_ceam, person_id, written, response)

    @routes.post("/persons/{person_id}/ceam/orders")
    async def order(person_id: str, caller: Seen, trip: Trip, request: Request, key: Key) -> Accepted:
        facts = await facts_of(service, person_id, caller)
        order_id = OrderId(str(uuid.uuid5(key, "order")))
        command = c.OrderCeam(**facts, rules=settings.ceam_rules, order_id=order_id, trip=trip)
        return await send(person_id, command, key, caller, request)

    @routes.post("/persons/{person_id}/ceam/orders/{order_id}/receipt")
    async def receipt(person_id: str, order_id: uuid.UUID, caller: Seen, request: Request, key: Key) -> Accepted:
        order_facts = {"at": service.clock.now(), "person_id": person_id, "order_id": str(order_id)}
        command = c.ConfirmCeamReceived.model_validate(order_facts)
        return await send(person_id, command, key, caller, request)

    @routes.post("/persons/{person_id}/ceam/orders/{order_id}/address")
    async def address(person_id: str, order_id: uuid.UUID, caller: Seen, request: Request, key: Key) -> Accepted:
        order_facts = {"at": service.clock.now(), "person_id": person_id, "order_id": str(order_id)}
        command = c.CheckCeamAddress.model_validate(order_facts)
        return await send(person_id, command, key, caller, request)

    @routes.post("/persons/{person_id}/ceam/orders/{order_id}/cancellation")
    async def cancel(person_id: str, order_id: uuid.UUID, caller: Seen, request: Request, key: Key) -> Accepted:
        order_facts = {"at": service.clock.now(), "person_id": person_id, "order_id": str(order_id)}
        command = c.CancelCeamOrder.model_validate(order_facts | {"cause": Cancellation.MEMBER})
        return await send(person_id, command, key, caller, request)

    @routes.post("/persons/{person_id}/ceam/reports")
    async def report(person_id: str, caller: Seen, form: Report, request: Request, key: Key) -> Accepted:
        now = service.clock.now()
        command = REPORTS[form.reason](
            at=now,
            person_id=PersonId(person_id),
            member_id=MemberId(caller.member),
            card_id=CardId(str(form.card_id)),
            happened_on=form.happened_on,
            today=now.astimezone(PARIS).date(),
        )
        return await send(person_id, command, key, caller, request)

    return routes


async def facts_of(service: Service, person_id: str, caller: Caller) -> dict[str, Any]:
    """What a command of a member needs from outside: the day, and until when the person is covered.

    Raises:
        Refused: the register has not named the person yet.
    """
    holder, _ = await service.state(f"holder:{person_id}")
    if holder is None or isinstance(holder.rights_to, Erased):
        raise Refused("not-found")
    now = service.clock.now()
    return {
        "at": now,
        "person_id": PersonId(person_id),
        "member_id": MemberId(caller.member),
        "today": now.astimezone(PARIS).date(),
        "rights_to": holder.rights_to,
    }
