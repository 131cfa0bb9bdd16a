"""The cards service, put together."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter

from services.cards import api, inbound
from services.cards.domain import commands as c
from services.cards.domain import events as e
from services.cards.domain.ids import OrderId, PersonId
from services.cards.domain.vitale import vitale
from services.cards.processes.vitale_replacement import vitale_replacement
from services.cards.read_models.my_vitale import my_vitale
from services.cards.read_models.vitale_tracking import vitale_tracking
from services.cards.settings import Settings
from shared.command_handler import Claims
from shared.feeds import FEED_EVENTS, FeedImporter, feed_log
from shared.feeds import entry as feed_entry
from shared.kernel import members
from shared.problems import ProblemCatalogue
from shared.service import Aggregate, Definition, Service

CATALOGUE: Final = ProblemCatalogue(
    statuses={**feed_entry.STATUSES, "declaration-not-on-honour": 422, "vitale-date-in-future": 422},
    titles={
        **feed_entry.TITLES,
        "declaration-not-on-honour": "La déclaration doit être faite sur l'honneur",
        "vitale-date-in-future": "La date ne peut pas être dans le futur",
        "vitale-unknown": "Cette carte Vitale n'est pas la vôtre",
        "vitale-already-opposed": "Cette carte Vitale est déjà en opposition",
        "vitale-already-reported": "Cette carte Vitale a déjà été déclarée détériorée",
    },
)


def definition(_: Settings) -> Definition:
    """Its events, rules and screens."""
    return Definition(
        name="cards",
        events=[*members(e.VitaleEvent), *FEED_EVENTS],
        aggregates=[Aggregate(vitale, vitale_claims), Aggregate(feed_log)],
        projections=[my_vitale, vitale_tracking],
        processes=[vitale_replacement],
        commands=[c.OrderVitaleReplacement],
    )


def vitale_claims(_: Any, events: Sequence[e.VitaleEvent]) -> Claims:
    """A serial number belongs to one person; an order is found by its id."""
    serials = [
        event.serial_proof
        for event in events
        if isinstance(event, e.VitaleIssued | e.VitaleReplacementSent) and isinstance(event.serial_proof, str)
    ]
    orders = [order_claim(event.order_id) for event in events if isinstance(event, e.VitaleReplacementOrdered)]
    return Claims(take=[*serials, *orders])


def order_claim(order_id: OrderId) -> str:
    """The name under which an order's stream is found."""
    return f"vitale-order:{order_id}"


def importer(service: Service) -> FeedImporter:
    """Takes this service's feeds."""

    async def person_of(order_id: OrderId) -> PersonId | None:
        claim = await service.database["claims"].find_one({"_id": order_claim(order_id)})
        return PersonId(claim["s"].partition(":")[2]) if claim else None

    feeds = inbound.feeds(inbound.Reader(service.blind("serial"), person_of))
    keys = {feed.sender: feed_entry.sender_key(service.settings.secrets_dir, feed.sender) for feed in feeds}
    return FeedImporter(service, feeds, keys, service.clock)


def routes(service: Service) -> Sequence[APIRouter]:
    """What its API offers."""
    return [api.router(service), feed_entry.feed_router(importer(service))]
