"""The notifications service, put together."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter

from services.notifications import api
from services.notifications.domain import commands as c
from services.notifications.domain import events as e
from services.notifications.domain.conformance import LIFECYCLES
from services.notifications.domain.ids import SendingId
from services.notifications.domain.mailbox import mailbox
from services.notifications.inbound import feeds
from services.notifications.inbound.cards import from_cards
from services.notifications.inbound.erasures import from_erasures
from services.notifications.inbound.identity import from_identity, from_register
from services.notifications.inbound.persons import from_persons
from services.notifications.inbound.reimbursements import from_reimbursements
from services.notifications.read_models.contact import contact
from services.notifications.read_models.messages import messages
from services.notifications.read_models.payment_news import payment_news
from services.notifications.read_models.sendings import sendings
from services.notifications.read_models.work_list import work_list
from services.notifications.settings import NotificationsSettings
from services.notifications.worker import effects
from services.notifications.worker.bounces import Bounces
from services.notifications.worker.forgetting import forgetting
from shared.erasure import ERASURE_EVENTS, erasures
from shared.feeds import FEED_EVENTS, FeedImporter, feed_log
from shared.feeds import entry as feed_entry
from shared.kernel import members
from shared.problems import ProblemCatalogue
from shared.service import Aggregate, Definition, Service

CATALOGUE: Final = ProblemCatalogue(
    statuses={**feed_entry.STATUSES, "message-unknown": 404},
    titles={**feed_entry.TITLES, "message-unknown": "Ce message n'existe pas"},
)


def definition(settings: NotificationsSettings) -> Definition:
    """Its events, rules and screens."""
    return Definition(
        name="notifications",
        events=[*members(e.MailboxEvent), *FEED_EVENTS, *ERASURE_EVENTS],
        aggregates=[Aggregate(mailbox), Aggregate(feed_log), Aggregate(erasures)],
        projections=[messages, sendings, contact, payment_news, work_list],
        release=6,
        reactions=[from_register, from_identity, from_persons, from_cards, from_reimbursements, from_erasures],
        commands=[c.TellPayments],
        effects=effects,
        erasure=forgetting,
        lifecycles=LIFECYCLES,
        numbers=api.finding_references,
        loops=lambda service: [Bounces(service, settings.bounces).run],
    )


def importer(service: Service) -> FeedImporter:
    """Takes this service's feeds."""

    async def find(sending_id: SendingId) -> feeds.Sent | None:
        found = await service.queries.get(sendings, sending_id)
        return (found.member_id, found.message_id) if found else None

    taken = feeds.feeds(feeds.Reader(find))
    keys = {feed.sender: feed_entry.sender_key(service.settings.secrets_dir, feed.sender) for feed in taken}
    return FeedImporter(service, taken, keys, service.clock)


def routes(service: Service) -> Sequence[APIRouter]:
    """What its API offers."""
    return [*api.routers(service), feed_entry.feed_router(importer(service))]
