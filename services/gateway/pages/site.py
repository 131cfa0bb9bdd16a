"""What the pages are given: services, sessions, templates. Put together in `main`, or by a test with fakes."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from services.gateway.clients.attestations import Attestations
from services.gateway.clients.cards import Cards
from services.gateway.clients.ceam import CeamCards
from services.gateway.clients.erasures import Erasures
from services.gateway.clients.exports import Exports
from services.gateway.clients.health import Health
from services.gateway.clients.identity import Identity
from services.gateway.clients.keys import Keys
from services.gateway.clients.notifications import Notifications
from services.gateway.clients.own_acts import OwnActs
from services.gateway.clients.persons import Persons
from services.gateway.clients.places import Places
from services.gateway.clients.reimbursements import Reimbursements
from services.gateway.devices import Devices
from services.gateway.drafts import Grant, State
from services.gateway.settings import Contact, GatewaySettings
from shared.clock import Clock
from shared.documents.qr import QrReader
from shared.web.assets import COMMON, Assets
from shared.web.csrf import Csrf
from shared.web.french import typography
from shared.web.limits import Limits
from shared.web.once import Once
from shared.web.rendering import Templates
from shared.web.sessions import Sessions, SessionStore

TEMPLATES: Final = Path(__file__).parents[1] / "templates"
STATIC: Final = Path(__file__).parents[1] / "static"
CODE_LASTS: Final = dt.timedelta(minutes=1)
CGU_DATE: Final = dt.date(2026, 11, 30)
"""The terms in force: a new text is a new file beside the old ones, which stay as they were accepted."""


@dataclass(frozen=True)
class Terms:
    """The terms of use, and what proves which text was accepted."""

    date: dt.date
    template: str
    digest: str

    @classmethod
    def of(cls, date: dt.date) -> "Terms":
        template = f"cgu/{date.isoformat()}.html"
        return cls(date, template, hashlib.sha256((TEMPLATES / template).read_bytes()).hexdigest())

    @property
    def version(self) -> str:
        return self.date.isoformat()


@dataclass(frozen=True)
class Site:
    """All that a page may use."""

    settings: GatewaySettings
    clock: Clock
    sessions: Sessions[State]
    tokens: Sessions[State]
    """Those of applications: the same, with a bearer token for a cookie."""
    grants: Sessions[Grant]
    """Codes that applications fetch their tokens with."""
    once: Once
    csrf: Csrf
    devices: Devices
    limits: Limits
    templates: Templates
    terms: Terms
    identity: Identity
    keys: Keys
    cards: Cards
    ceam: CeamCards
    notifications: Notifications
    persons: Persons
    attestations: Attestations
    exports: Exports
    acts: OwnActs
    erasures: Erasures
    codes: QrReader
    published_keys: Mapping[str, Any]
    """Those that check the codes on documents, as everybody may have them."""
    reimbursements: Reimbursements
    places: Places
    health: Health


def sessions_of_site(
    store: SessionStore, clock: Clock, settings: GatewaySettings
) -> tuple[Sessions[State], Sessions[State], Sessions[Grant]]:
    """Those of browsers, those of applications, and the codes between the two: none opens as one of the others."""
    times = {"idle": settings.session_idle, "absolute": settings.session_absolute}
    browsers = Sessions(store, clock, State, "gateway", **times, draft=settings.draft_idle)
    applications = Sessions(store, clock, State, "gateway application", **times, draft=settings.draft_idle)
    grants = Sessions(store, clock, Grant, "gateway code", **dict.fromkeys(("idle", "absolute", "draft"), CODE_LASTS))
    return browsers, applications, grants


def assets_of_site() -> Assets:
    """The kit's files and our own."""
    return Assets(COMMON, STATIC)


def templates_of_site(assets: Assets, contact: Contact, accessibility_status: str) -> Templates:
    """Our pages; every one of them may say how to reach the fund, and how accessible the site is."""
    texts = {name: typography(getattr(contact, name)) for name in ("phone", "hours", "desk")}
    shown = {"contact": contact.model_copy(update=texts), "accessibility_status": accessibility_status}
    return Templates(assets, TEMPLATES, **shown)
