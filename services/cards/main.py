"""The cards service, put together."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.cards.access.claims import ceam_claims, finder, vitale_claims
from services.cards.access.forgetting import forgetting
from services.cards.access.numbers import finding_numbers
from services.cards.access.pictures import LARGEST
from services.cards.access.uploads import deletions
from services.cards.access.views import views
from services.cards.api import agents, certificates, desk, opposition, orders, overview, people, work
from services.cards.api import ceam as ceam_pages
from services.cards.api import vitale as vitale_pages
from services.cards.api.problems import CATALOGUE
from services.cards.domain import ceam_commands as cc
from services.cards.domain import ceam_events as ce
from services.cards.domain import commands as c
from services.cards.domain import events as e
from services.cards.domain import order_commands as oc
from services.cards.domain.ceam import ceam
from services.cards.domain.conformance import LIFECYCLES
from services.cards.domain.holder import HolderEvent, holder
from services.cards.domain.vitale import vitale
from services.cards.inbound.ceam import CeamReader, ceam_feeds
from services.cards.inbound.register import from_identity
from services.cards.inbound.vitale import Reader, vitale_feeds
from services.cards.processes.vitale_replacement import vitale_replacement
from services.cards.read_models.ceam_deadlines import CEAM_DEADLINES
from services.cards.read_models.my_ceam import my_ceam
from services.cards.read_models.my_vitale import my_vitale
from services.cards.read_models.request_numbers import numbers
from services.cards.read_models.rights_end import ceam_rights_end, vitale_rights_end
from services.cards.read_models.vitale_deadlines import VITALE_DEADLINES
from services.cards.read_models.vitale_tracking import vitale_tracking
from services.cards.read_models.work_list import work_list
from services.cards.settings import Settings
from services.cards.worker.publisher import Publisher
from services.cards.worker.sweeper import Sweeper
from shared.erasure import ERASURE_EVENTS, erasures
from shared.feeds import FEED_EVENTS, FeedImporter, feed_log
from shared.feeds import entry as feed_entry
from shared.grants import GRANT_EVENTS, grants, grants_reaction
from shared.kernel import members
from shared.own_acts import own_acts_router
from shared.service import Aggregate, Definition, Service

__all__ = ["CATALOGUE", "definition", "importer", "routes"]


def definition(_: Settings) -> Definition:
    """Its events, rules and screens."""
    return Definition(
        name="cards",
        release=5,
        events=[
            *members(e.VitaleEvent),
            *members(ce.CeamEvent),
            *members(HolderEvent),
            *GRANT_EVENTS,
            *FEED_EVENTS,
            *ERASURE_EVENTS,
        ],
        aggregates=[
            Aggregate(vitale, vitale_claims),
            Aggregate(ceam, ceam_claims),
            Aggregate(holder),
            Aggregate(grants),
            Aggregate(erasures),
            Aggregate(feed_log),
        ],
        projections=[
            my_vitale,
            vitale_tracking,
            my_ceam,
            work_list,
            views,
            *VITALE_DEADLINES,
            *CEAM_DEADLINES,
            vitale_rights_end,
            ceam_rights_end,
            numbers,
        ],
        reactions=[from_identity, grants_reaction("identity")],
        processes=[vitale_replacement],
        effects=deletions,
        erasure=forgetting,
        lifecycles=LIFECYCLES,
        numbers=finding_numbers,
        larger_bodies={r"/persons/[^/]+/vitale/files/[a-z_]+": LARGEST + 1},
        loops=lambda service: [Publisher(service).run, Sweeper(service).run],
        commands=[
            oc.OrderVitaleReplacement,
            oc.NoticeVitaleStalled,
            oc.PresumeVitaleDelivered,
            oc.PurgeVitaleDocuments,
            oc.AbandonVitaleReplacement,
            c.RemindVitaleUpdate,
            c.OpposeVitaleAfterNotice,
            c.EndVitaleRights,
            cc.NoticeCeamStalled,
            cc.PresumeCeamDelivered,
            cc.RemindCeamExpiry,
            cc.ExpireCeam,
            cc.EndCeamRights,
        ],
    )


def importer(service: Service) -> FeedImporter:
    """Takes this service's feeds."""
    find = finder(service)
    feeds = (*vitale_feeds(Reader(service.blind("serial"), find)), *ceam_feeds(CeamReader(find)))
    keys = {feed.sender: feed_entry.sender_key(service.settings.secrets_dir, feed.sender) for feed in feeds}
    return FeedImporter(service, feeds, keys, service.clock)


def routes(service: Service) -> Sequence[APIRouter]:
    """What its API offers."""
    pages = (people, overview, vitale_pages, orders, ceam_pages, certificates, agents, desk, work, opposition)
    own = own_acts_router(service.store)
    return [*(page.router(service) for page in pages), own, feed_entry.feed_router(importer(service))]
