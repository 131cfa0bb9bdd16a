"""The console, put together: a service with an event store of its own, and the site that its people use."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Final

import httpx
from fastapi import APIRouter, FastAPI

from services.console.access.claims import staff_claims
from services.console.access.keys import MongoKeyRing
from services.console.acts.office import Office
from services.console.acts.old_reads import for_ever
from services.console.clients.lines import Lines
from services.console.domain.approvals import APPROVAL_EVENTS, approval
from services.console.domain.file import file
from services.console.domain.file_events import FILE_EVENTS
from services.console.domain.operations import OPERATION_EVENTS, operation
from services.console.domain.records import RECORD_EVENTS, records
from services.console.domain.retention import RETENTION_EVENTS, retention
from services.console.domain.samples import SAMPLE_EVENTS, sample
from services.console.domain.staff import staff
from services.console.domain.staff_events import STAFF_EVENTS
from services.console.domain.work import WORK_EVENTS, work
from services.console.drafts import State
from services.console.pages import errors
from services.console.pages.listed import PAGES
from services.console.pages.site import Site, assets_of_site, templates_of_site
from services.console.problems import PROBLEMS
from services.console.read_models.file_reads import file_reads
from services.console.read_models.open_approvals import open_approvals
from services.console.read_models.open_inquiries import open_inquiries
from services.console.read_models.operations import operations_done
from services.console.read_models.records_read import records_read
from services.console.read_models.samples import findings, samples
from services.console.read_models.staff_list import staff_list
from services.console.read_models.work_held import work_held
from services.console.settings import ConsoleSettings
from shared.admin import internal_routers
from shared.http import Lifespan, Readiness, create_app
from shared.personal_data import BlindIndex
from shared.problems import ProblemCatalogue
from shared.security import TokenIssuer, TokenVerifier
from shared.service import Aggregate, Definition, Service
from shared.service.roles import Routes
from shared.sign_in.gates import Gatekeeper
from shared.sign_in.hashing import CodeHasher
from shared.sign_in.stores import MongoTries
from shared.web.assets import Assets
from shared.web.channel import channel
from shared.web.csrf import Csrf
from shared.web.limits import Limits, MongoCounters
from shared.web.running import derived_key, every
from shared.web.security_headers import SecurityHeaders
from shared.web.session_store import MongoSessions
from shared.web.sessions import Sessions

NAME: Final = "console"
SERVICES: Final = ("identity", "cards", "notifications", "reimbursements", "geo", NAME)
PURGE_SECONDS: Final = 300


def definition(settings: ConsoleSettings) -> Definition:
    """Its events, rules and screens."""
    return Definition(
        name=NAME,
        events=[
            *STAFF_EVENTS,
            *FILE_EVENTS,
            *APPROVAL_EVENTS,
            *WORK_EVENTS,
            *RETENTION_EVENTS,
            *OPERATION_EVENTS,
            *RECORD_EVENTS,
            *SAMPLE_EVENTS,
        ],
        aggregates=[
            Aggregate(staff, staff_claims(logins(settings))),
            Aggregate(file),
            Aggregate(approval),
            Aggregate(work),
            Aggregate(retention),
            Aggregate(operation),
            Aggregate(records),
            Aggregate(sample),
        ],
        projections=[
            *(staff_list, file_reads, open_approvals, work_held, operations_done, records_read, open_inquiries),
            *(samples, findings),
        ],
        release=5,
        loops=lambda service: [lambda: for_ever(service, service.clock, settings.access_months)],
    )


def logins(settings: ConsoleSettings) -> BlindIndex:
    """Keyed hashes of logins."""
    return BlindIndex("login", *settings.hash_key("login"))


def office(service: Service) -> Office:
    """What acts need of the console itself."""
    settings = settings_of(service)
    hasher = CodeHasher(
        settings.pepper(),
        memory_kib=settings.argon2_memory_kib,
        at_once=settings.hashes_at_once,
        waiting=settings.hashes_waiting,
    )
    gates = Gatekeeper(MongoTries(service.database), service.clock)
    ring = MongoKeyRing(service.database)
    return Office(service, ring, hasher, gates, logins(settings), settings, service.clock)


async def prepare(service: Service) -> None:
    """The indexes of what lies outside the log."""
    await MongoKeyRing(service.database).prepare()
    await MongoTries(service.database).prepare()
    await MongoSessions(service.database).prepare()


def lines(service: Service) -> tuple[Lines, Sequence[httpx.AsyncClient]]:
    """A line to each service, and what must be closed at the end."""
    settings = settings_of(service)
    issuer = TokenIssuer(settings.private_key(NAME), NAME, None, service.clock)
    pairs = {name: channel(name, settings.service_urls[name], issuer, settings.service_timeout) for name in SERVICES}
    return Lines({name: line for name, (line, _) in pairs.items()}), [http for _, http in pairs.values()]


def sessions(service: Service) -> Sessions[State]:
    """Those of the pages and of the command line alike."""
    settings = settings_of(service)
    return Sessions(
        MongoSessions(service.database),
        service.clock,
        State,
        NAME,
        idle=settings.session_idle,
        absolute=settings.session_absolute,
        draft=settings.draft_idle,
    )


def routes(service: Service) -> Sequence[APIRouter]:
    """What other programs ask; the pages are built around it."""
    return internal_routers(service)


def build(service: Service, routes: Routes, _: ProblemCatalogue) -> FastAPI:
    """The console's HTTP side: the site, and the routes of a service under /internal."""
    settings = settings_of(service)
    found, clients = lines(service)
    assets = assets_of_site()
    site = Site(
        settings=settings,
        clock=service.clock,
        sessions=sessions(service),
        csrf=Csrf(derived_key(settings, NAME, "forms"), settings.origin),
        limits=Limits(
            MongoCounters(service.database),
            service.clock,
            derived_key(settings, NAME, "origins"),
            settings.posts_per_10_minutes,
        ),
        templates=templates_of_site(assets),
        office=office(service),
        lines=found,
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await prepare(service)
        cleaning = asyncio.create_task(every(PURGE_SECONDS, site.sessions.purge, site.limits.purge))
        try:
            yield
        finally:
            cleaning.cancel()
            for http in clients:
                await http.aclose()

    verifier = TokenVerifier(settings.jwks(), NAME, (NAME,), service.clock)
    return build_site(site, assets, routes(service), lifespan, service.ready, verifier)


def build_site(
    site: Site,
    assets: Assets,
    internal: Sequence[APIRouter],
    lifespan: Lifespan,
    ready: Readiness,
    verifier: TokenVerifier,
) -> FastAPI:
    """The site as an app: pages, errors as pages, and what every answer tells the browser."""
    app = create_app(
        NAME,
        catalogue=PROBLEMS,
        routers=[assets.router(), *(page.router for page in PAGES), *internal],
        lifespan=lifespan,
        readiness=ready,
        verifier=verifier,
        edge=True,
    )
    app.state.site = site
    errors.install(app)
    app.add_middleware(SecurityHeaders, https=site.settings.https)
    return app


def settings_of(service: Service) -> ConsoleSettings:
    """The console's own."""
    assert isinstance(service.settings, ConsoleSettings)
    return service.settings
