"""The identity service, put together."""

import contextlib
from collections.abc import AsyncIterator, Sequence

from fastapi import APIRouter, FastAPI

from services.identity.access.claims import account_claims, bank_claims, erasure_claims, person_claims
from services.identity.access.desk import Desk, Indexes
from services.identity.access.holdings import forgetting
from services.identity.access.links import LinkTokens
from services.identity.access.mongo import mongo_stores
from services.identity.access.numbers import finding_numbers
from services.identity.api import routers
from services.identity.domain import bank_commands, erasure_commands
from services.identity.domain import commands as c
from services.identity.domain.account import account
from services.identity.domain.account_commands import CloseAccount, EndSessions
from services.identity.domain.attestation import attestation
from services.identity.domain.attestation_commands import RevokeAttestation
from services.identity.domain.attestation_events import ATTESTATION_EVENTS
from services.identity.domain.bank_details import bank_details
from services.identity.domain.bank_events import BANK_EVENTS
from services.identity.domain.erasure import erasure
from services.identity.domain.erasure_events import ERASURE_EVENTS
from services.identity.domain.events import EVENTS
from services.identity.domain.factor_events import FACTOR_EVENTS
from services.identity.domain.factors import factors
from services.identity.domain.file_reads import FILE_READ_EVENTS, file_reads
from services.identity.domain.person import person
from services.identity.domain.provisional import PROVISIONAL_EVENTS, provisional
from services.identity.inbound.cards import serials
from services.identity.inbound.console import looks
from services.identity.inbound.erasures import answers
from services.identity.inbound.notifications import bounces, letters
from services.identity.inbound.register import register_feed, set_aside
from services.identity.processes.account_guard import account_guard
from services.identity.processes.attestation_review import attestation_review
from services.identity.processes.forgetting import forgetting as forgetting_process
from services.identity.processes.lock_guard import lock_guard
from services.identity.read_models.account_overview import account_overview
from services.identity.read_models.address_holds import address_holds
from services.identity.read_models.attestations import attestations
from services.identity.read_models.bank_details import bank_details_shown
from services.identity.read_models.bank_holds import bank_holds
from services.identity.read_models.bank_work import bank_work
from services.identity.read_models.destructions import destructions
from services.identity.read_models.devices import devices
from services.identity.read_models.erasure_cases import erasure_cases
from services.identity.read_models.erasure_deadlines import ERASURE_DEADLINES
from services.identity.read_models.file_reads import file_reads_shown
from services.identity.read_models.profile import profile
from services.identity.read_models.profile_history import profile_history
from services.identity.read_models.seen_persons import seen_persons
from services.identity.read_models.sign_in_history import sign_in_history
from services.identity.read_models.view_reviews import view_reviews
from services.identity.settings import IdentitySettings
from shared import erasure as erasure_answers
from shared.documents import Archive
from shared.erasure import erasures
from shared.feeds import FEED_EVENTS, FeedImporter, feed_log
from shared.feeds.entry import sender_key
from shared.personal_data import BlindIndex
from shared.service import Aggregate, Definition, Service
from shared.sign_in.hashing import CodeHasher


def definition(settings: IdentitySettings) -> Definition:
    """Its events, rules and screens."""
    return Definition(
        name="identity",
        events=[
            *EVENTS,
            *FACTOR_EVENTS,
            *PROVISIONAL_EVENTS,
            *BANK_EVENTS,
            *ATTESTATION_EVENTS,
            *FILE_READ_EVENTS,
            *FEED_EVENTS,
            *ERASURE_EVENTS,
            *erasure_answers.ERASURE_EVENTS,
        ],
        aggregates=[
            Aggregate(person, person_claims(_index(settings, "nir"))),
            Aggregate(account, account_claims(_index(settings, "email"))),
            Aggregate(factors),
            Aggregate(provisional),
            Aggregate(bank_details, bank_claims),
            Aggregate(attestation),
            Aggregate(file_reads),
            Aggregate(erasure, erasure_claims),
            Aggregate(erasures),
            Aggregate(feed_log),
        ],
        projections=[
            account_overview,
            sign_in_history,
            devices,
            profile,
            profile_history,
            seen_persons,
            view_reviews,
            address_holds,
            bank_details_shown,
            bank_holds,
            bank_work,
            attestations,
            file_reads_shown,
            set_aside,
            erasure_cases,
            destructions,
            *ERASURE_DEADLINES,
        ],
        release=11,
        reactions=[serials, looks, bounces, letters, *answers],
        processes=[attestation_review, account_guard, lock_guard, forgetting_process],
        erasure=forgetting,
        numbers=finding_numbers,
        commands=[
            c.ReviewViews,
            c.ConfirmAddress,
            bank_commands.CompleteBankDetailsChange,
            bank_commands.CancelBankDetailsChange,
            bank_commands.UnblockBankChanges,
            RevokeAttestation,
            EndSessions,
            CloseAccount,
            erasure_commands.RequestErasure,
            erasure_commands.RecordCover,
            erasure_commands.ErasePerson,
            erasure_commands.EndRetention,
        ],
    )


def desk(service: Service) -> Desk:
    """The reception of a service."""
    settings = _settings(service)
    hasher = CodeHasher(
        settings.pepper(),
        memory_kib=settings.argon2_memory_kib,
        at_once=settings.hashes_at_once,
        waiting=settings.hashes_waiting,
    )
    indexes = Indexes(*(service.blind(purpose) for purpose in ("nir", "email", "serial", "iban", "origin")))
    links = LinkTokens(settings.hash_key("link")[1])
    return Desk(service, mongo_stores(service.database), hasher, indexes, links, settings, service.clock)


def importer(service: Service) -> FeedImporter:
    """Takes the register's files."""
    feed = register_feed(refuse_zero_parts=_settings(service).nir_refuse_zero_parts)
    keys = {feed.sender: sender_key(service.settings.secrets_dir, feed.sender)}
    return FeedImporter(service, [feed], keys, service.clock)


def routes(service: Service) -> Sequence[APIRouter]:
    """What its API offers."""
    archive = Archive(service.database, service.vault)

    @contextlib.asynccontextmanager
    async def prepared(_: FastAPI) -> AsyncIterator[None]:
        await archive.prepare()
        yield

    return [*routers(service, desk(service), importer(service), archive), APIRouter(lifespan=prepared)]


def _settings(service: Service) -> IdentitySettings:
    assert isinstance(service.settings, IdentitySettings)
    return service.settings


def _index(settings: IdentitySettings, purpose: str) -> BlindIndex:
    version, key = settings.hash_key(purpose)
    return BlindIndex(purpose, version, key)
