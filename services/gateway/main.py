"""The members' edge, put together: what it stands on, what it runs beside its pages, and how it is started."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

import httpx
from fastapi import APIRouter, FastAPI

from services.gateway.api.app import PATH as API_PATH
from services.gateway.api.app import build_api
from services.gateway.api.vitale import LARGER_BODIES as LARGER_UPLOADS
from services.gateway.clients.attestations import HttpAttestations
from services.gateway.clients.cards import HttpCards
from services.gateway.clients.ceam import HttpCeam
from services.gateway.clients.erasures import HttpErasures
from services.gateway.clients.exports import HttpExports
from services.gateway.clients.health import HttpHealth
from services.gateway.clients.identity import HttpIdentity
from services.gateway.clients.keys import HttpKeys
from services.gateway.clients.notifications import HttpNotifications
from services.gateway.clients.own_acts import HttpOwnActs
from services.gateway.clients.persons import HttpPersons
from services.gateway.clients.places import HttpPlaces
from services.gateway.clients.reimbursements import HttpReimbursements
from services.gateway.devices import Devices
from services.gateway.pages import (
    accessibility,
    account,
    attestation,
    authorisation,
    bank_details,
    ceam,
    code_hints,
    confirmation,
    deductions,
    devices,
    enrolment,
    enrolment_account,
    erasure,
    erasure_certificate,
    errors,
    file_reads,
    forgotten_code,
    home,
    installing,
    interface,
    keys,
    messages,
    my_data,
    own_acts,
    places,
    places_map,
    profile,
    provisional,
    public,
    reimbursements,
    reimbursements_line,
    report,
    sign_in,
    site_map,
    spending,
    state,
    statements,
    step_up,
    subject,
    terms,
    tomorrow,
    totp,
    verify,
    vitale,
    vitale_documents,
)
from services.gateway.pages.site import CGU_DATE, Site, Terms, assets_of_site, sessions_of_site, templates_of_site
from services.gateway.settings import GatewaySettings
from shared.clock import SystemClock
from shared.documents.qr import QrReader
from shared.http import create_app, serve
from shared.long_lived import settle
from shared.mongo import connect
from shared.problems import ProblemCatalogue
from shared.security import TokenIssuer
from shared.telemetry import configure
from shared.web.assets import Assets
from shared.web.channel import Channel, channel
from shared.web.csrf import Csrf
from shared.web.limits import Limits, MongoCounters
from shared.web.once import Once
from shared.web.running import derived_key, every, until_stopped
from shared.web.security_headers import INSTALLABLE, SecurityHeaders
from shared.web.session_store import MongoSessions

NAME: Final = "gateway"
SERVICES: Final = ("identity", "cards", "notifications", "reimbursements", "geo")
PURGE_SECONDS: Final = 300


def build_app(
    site: Site, assets: Assets, lifespan: Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]
) -> FastAPI:
    """The site as an app: pages, errors as pages, and what every answer tells the browser."""

    async def ready() -> dict[str, bool]:
        current: Site = app.state.site
        return {"sessions": await current.sessions.ready()}

    app = create_app(
        NAME,
        catalogue=ProblemCatalogue(),
        routers=[assets.router(), *routers()],
        lifespan=lifespan,
        readiness=ready,
        edge=True,
        larger_bodies={**vitale_documents.LARGER_BODIES, **LARGER_UPLOADS},
    )
    app.state.site = site
    app.mount(API_PATH, build_api(app))
    errors.install(app)
    app.add_middleware(SecurityHeaders, https=site.settings.https, policy=INSTALLABLE)
    return app


def routers() -> Sequence[APIRouter]:
    """All pages."""
    pages = (
        public,
        accessibility,
        site_map,
        state,
        enrolment,
        enrolment_account,
        confirmation,
        sign_in,
        step_up,
        home,
        account,
        messages,
        subject,
        installing,
    )
    programs = (authorisation, interface)
    cards = (report, vitale, vitale_documents, ceam)
    rights = (profile, bank_details, attestation, verify, my_data, file_reads, own_acts, erasure, erasure_certificate)
    access = (forgotten_code, keys, code_hints, devices, terms, provisional, totp)
    money = (reimbursements, reimbursements_line, deductions, tomorrow, statements, spending)
    near = (places, places_map)
    own = [*(page.router for page in (*pages, *cards, *rights, *access, *money, *near, *programs))]
    return [*own, bank_details.cancelling, erasure.cancelling, confirmation.answers]


async def run(settings: GatewaySettings) -> None:
    """Serve until SIGTERM or SIGINT."""
    configure(NAME, trace_file=settings.trace_file, otlp_endpoint=settings.otlp_endpoint, level=settings.log_level)
    clock = SystemClock(settings.clock_offset_file)
    client = connect(settings.mongo_url)
    database = client[settings.mongo_database]
    store = MongoSessions(database)
    issuer = TokenIssuer(settings.private_key(NAME), NAME, None, clock)
    lines = {name: _line(settings, issuer, name) for name in SERVICES}
    assets = assets_of_site()
    counters = MongoCounters(database)
    browsers, applications, grants = sessions_of_site(store, clock, settings)
    site = Site(
        settings=settings,
        clock=clock,
        sessions=browsers,
        tokens=applications,
        grants=grants,
        once=Once(counters, clock),
        csrf=Csrf(derived_key(settings, NAME, "forms"), settings.origin),
        devices=Devices(derived_key(settings, NAME, "devices")),
        limits=Limits(counters, clock, derived_key(settings, NAME, "origins"), settings.posts_per_10_minutes),
        templates=templates_of_site(assets, settings.fund_contact, accessibility.GRID.status),
        terms=Terms.of(CGU_DATE),
        identity=HttpIdentity(lines["identity"][0]),
        keys=HttpKeys(lines["identity"][0]),
        cards=HttpCards(lines["cards"][0]),
        ceam=HttpCeam(lines["cards"][0]),
        notifications=HttpNotifications(lines["notifications"][0]),
        persons=HttpPersons(lines["identity"][0]),
        attestations=HttpAttestations(lines["identity"][0]),
        exports=HttpExports({name: line for name, (line, _) in lines.items()}),
        acts=HttpOwnActs({name: line for name, (line, _) in lines.items()}),
        erasures=HttpErasures(lines["identity"][0]),
        codes=QrReader(settings.document_keys()),
        published_keys=settings.document_keys(),
        reimbursements=HttpReimbursements(lines["reimbursements"][0]),
        places=HttpPlaces(lines["geo"][0]),
        health=HttpHealth({name: http for name, (_, http) in lines.items()}, clock),
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await store.prepare()
        cleaning = asyncio.create_task(every(PURGE_SECONDS, site.sessions.purge, site.limits.purge))
        try:
            yield
        finally:
            cleaning.cancel()
            for _channel, http in lines.values():
                await http.aclose()
            client.close()

    app = build_app(site, assets, lifespan)
    settle()
    await until_stopped(serve(app, settings.http_host, settings.http_port))


def _line(settings: GatewaySettings, issuer: TokenIssuer, name: str) -> tuple[Channel, httpx.AsyncClient]:
    return channel(name, settings.service_urls[name], issuer, settings.service_timeout)
