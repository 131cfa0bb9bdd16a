"""The reimbursements service, put together."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter

from services.reimbursements import api, inbound
from services.reimbursements.access.numbers import finding_numbers, forgetting
from services.reimbursements.answers.views import VIEWS
from services.reimbursements.api.work import SET_ASIDE
from services.reimbursements.domain import commands as c
from services.reimbursements.domain import events as e
from services.reimbursements.domain import signals
from services.reimbursements.domain import statements as st
from services.reimbursements.domain.claims import ClaimEvent, claims_of_person
from services.reimbursements.domain.ledger import household
from services.reimbursements.processes.release import release
from services.reimbursements.read_models.debt_deadlines import debt_deadlines
from services.reimbursements.read_models.my_claims import my_claims
from services.reimbursements.read_models.my_deductions import my_deductions
from services.reimbursements.read_models.my_month import my_month
from services.reimbursements.read_models.my_payments import my_payments
from services.reimbursements.read_models.my_statements import my_statements
from services.reimbursements.read_models.request_numbers import claim_numbers
from services.reimbursements.read_models.statement_deadlines import statement_deadlines
from services.reimbursements.read_models.work_list import work_list
from services.reimbursements.settings import Settings
from services.reimbursements.worker import effects
from shared.erasure import ERASURE_EVENTS, erasures
from shared.feeds import FEED_EVENTS, FeedImporter, feed_log
from shared.feeds import entry as feed_entry
from shared.grants import GRANT_EVENTS, grants, grants_reaction
from shared.kernel import members
from shared.personal_data import BlindIndex
from shared.problems import ProblemCatalogue
from shared.service import Aggregate, Definition, Service

CATALOGUE: Final = ProblemCatalogue(
    statuses={**feed_entry.STATUSES, "statement-month-not-over": 404, "signal-unknown": 404},
    titles={
        **feed_entry.TITLES,
        "statement-month-not-over": "Ce mois n'est pas encore terminé",
        "signal-unknown": "Ce signalement n'existe pas",
        "signal-already-decided": "Ce signalement a déjà été traité",
    },
)


def definition(settings: Settings) -> Definition:
    """Its events, rules and screens."""
    return Definition(
        name="reimbursements",
        events=[
            *members(e.LedgerEvent),
            *members(ClaimEvent),
            *members(signals.SignalEvent),
            *members(st.StatementEvent),
            *FEED_EVENTS,
            *GRANT_EVENTS,
            *ERASURE_EVENTS,
        ],
        aggregates=[
            Aggregate(household),
            Aggregate(claims_of_person),
            Aggregate(signals.signal),
            Aggregate(st.statements),
            Aggregate(feed_log),
            Aggregate(grants),
            Aggregate(erasures),
        ],
        projections=[
            my_month,
            my_payments,
            my_deductions,
            my_claims,
            my_statements,
            work_list,
            debt_deadlines,
            statement_deadlines,
            SET_ASIDE,
            VIEWS,
            claim_numbers(BlindIndex("claim", *settings.hash_key("claim")).of),
        ],
        release=4,
        reactions=[inbound.ACCOUNTS, inbound.CLAIM_VIEWERS, grants_reaction("identity")],
        processes=[release],
        commands=[c.CancelDebt, c.ReleaseLots, st.CallStatement],
        effects=effects,
        erasure=forgetting,
        numbers=finding_numbers,
    )


def importer(service: Service) -> FeedImporter:
    """Takes this service's feed."""
    settings = service.settings
    years = (
        settings.debt_limitation_years
        if isinstance(settings, Settings)
        else Settings.model_fields["debt_limitation_years"].default
    )
    feed = inbound.settlement_feed(inbound.Reader(years))
    key = feed_entry.sender_key(settings.secrets_dir, feed.sender)
    return FeedImporter(service, [feed], {feed.sender: key}, service.clock)


def routes(service: Service) -> Sequence[APIRouter]:
    """What its API offers."""
    return [*api.routers(service), feed_entry.feed_router(importer(service))]
