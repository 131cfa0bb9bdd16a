"""The gateway on fakes: services that answer from memory, a clock that is set, and a browser that reads forms."""

import contextlib
import datetime as dt
import functools
import hashlib
import uuid
import weakref
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from services.gateway.clients.cards import AllCards, ReportFacts, Seen, Tracking, Vitale
from services.gateway.clients.ceam import Ceam, Options, Trip
from services.gateway.clients.identity import (
    Access,
    Account,
    CodeAsked,
    Created,
    EnrolmentStarted,
    Entered,
    Home,
    SignedIn,
)
from services.gateway.clients.notifications import Message, Messages, OpenedMessage, Ours, Reach, Topic, Unread
from services.gateway.clients.who import Who
from services.gateway.devices import Devices
from services.gateway.drafts import Identity
from services.gateway.main import SERVICES, build_app
from services.gateway.pages.accessibility import GRID
from services.gateway.pages.site import CGU_DATE, Site, Terms, assets_of_site, sessions_of_site, templates_of_site
from services.gateway.settings import Contact, GatewaySettings
from shared.documents.qr import QrReader
from shared.web.assets import Assets
from shared.web.channel import Fresh, Refused, Written
from shared.web.csrf import Csrf
from shared.web.limits import Limits
from shared.web.once import Once
from shared.web.rendering import Templates
from tests.services.gateway.fake_attestations import KEYS, FakeAttestations, FakeExports
from tests.services.gateway.fake_base import Fake
from tests.services.gateway.fake_erasures import FakeErasures
from tests.services.gateway.fake_keys import PAPER_CODE, FakeKeys
from tests.services.gateway.fake_own_acts import FakeOwnActs
from tests.services.gateway.fake_persons import FakePersons
from tests.services.gateway.fake_places import FakePlaces
from tests.services.gateway.fake_reimbursements import FakeReimbursements
from tests.web import NOW, MemoryCounters, MemorySessions, Page, SetClock, WebBrowser

ORIGIN = "https://compte.exemple.fr"
MEMBER = "6f0c1c2e-7f6b-4f0e-9a52-2f1f6f0f9a01"
CARD = "0d6f5f5a-7a55-4c86-8d1b-1f6d2f3a4b5c"
NIR = "185018313704278"
CODE = "Toulon-83"
EMAIL = "camille.martin@exemple.fr"
IBAN_END = "3M02606"
SERIAL = "12345678909"


@dataclass
class FakeIdentity(Fake):
    """One member, known by NIR and code."""

    name: str = "identity"
    confirmed: bool = True
    lag: int = 0
    as_of: dt.datetime | None = NOW
    commands: dict[str, SignedIn] = field(default_factory=dict)
    signed_in_before: dt.datetime | None = None
    bounced: bool = False
    bank_change_due_at: dt.datetime | None = None
    asks_code: bool = False
    asked: CodeAsked | None = None
    opens: SignedIn | None = None
    one_time_code: str = "042617"

    async def enrol(
        self, who: Who, command_id: str, facts: Identity, *, iban_end: str, serial: str
    ) -> EnrolmentStarted:
        self.called("enrol", who=who, command_id=command_id, facts=facts, iban_end=iban_end, serial=serial)
        if (facts.nir, iban_end, serial) != (NIR, IBAN_END, SERIAL):
            raise Refused("facts-do-not-match", 422)
        return EnrolmentStarted(enrolment_id="enrolment-1")

    async def create_account(
        self, who: Who, command_id: str, enrolment_id: str, *, cgu: tuple[str, str], code: str, email: str
    ) -> Created:
        arguments = {"enrolment_id": enrolment_id, "cgu": cgu, "code": code, "email": email}
        self.called("create_account", who=who, command_id=command_id, **arguments)
        self.confirmed = False
        return Created()

    async def sign_in(self, who: Who, command_id: str, nir: str, code: str) -> Entered:
        self.called("sign_in", who=who, command_id=command_id, nir=nir, code=code)
        if (nir, code) == (NIR, PAPER_CODE):
            return EnrolmentStarted(enrolment_id="enrolment-2")
        if (nir, code) != (NIR, CODE):
            raise Refused("sign-in-refused", 401)
        return (self.asked or CODE_ASKED) if self.asks_code else self._opened()

    async def complete_sign_in(self, who: Who, command_id: str, challenge_id: str, code: str) -> SignedIn:
        self.called("complete_sign_in", who=who, command_id=command_id, challenge_id=challenge_id, code=code)
        self._check(code)
        return self._opened()

    async def ask_step_up(self, who: Who, command_id: str, code: str) -> CodeAsked:
        self.called("ask_step_up", who=who, command_id=command_id, code=code)
        if code != CODE:
            raise Refused("code-wrong", 422)
        return CODE_ASKED

    async def complete_step_up(self, who: Who, command_id: str, challenge_id: str, code: str) -> Written:
        self.called("complete_step_up", who=who, command_id=command_id, challenge_id=challenge_id, code=code)
        self._check(code)
        return Written(stream=f"factors:{MEMBER}", version=2)

    async def resend_code(self, who: Who, command_id: str, challenge_id: str) -> Written:
        self.called("resend_code", who=who, command_id=command_id, challenge_id=challenge_id)
        return Written(stream=f"factors:{MEMBER}", version=3)

    def _check(self, code: str) -> None:
        if code != self.one_time_code:
            raise Refused("one-time-code-wrong", 422)

    def _opened(self) -> SignedIn:
        if self.opens is not None:
            return self.opens
        access = Access.FULL if self.confirmed else Access.EMAIL_PENDING
        return SignedIn(
            stream=f"account:{MEMBER}", version=4, member_id=MEMBER, session_id=str(uuid.uuid4()), access=access
        )

    async def sign_out(self, who: Who, command_id: str, session_id: str) -> None:
        self.called("sign_out", who=who, command_id=command_id, session_id=session_id)

    async def confirm_email(self, who: Who, command_id: str, token: str) -> Written:
        self.called("confirm_email", who=who, command_id=command_id, token=token)
        self.confirmed = True
        return Written(stream=f"account:{MEMBER}", version=5)

    async def resend_confirmation(self, who: Who, command_id: str) -> Written:
        self.called("resend_confirmation", who=who, command_id=command_id)
        return Written(stream=f"account:{MEMBER}", version=6)

    async def account(self, who: Who, written: str | None) -> Fresh[Account]:
        self.called("account", who=who, written=written)
        account = Account(
            email=EMAIL,
            email_validated=self.confirmed,
            email_bounced=self.bounced,
            signed_in_before=self.signed_in_before,
        )
        return Fresh(account, self.lag, self.as_of)

    async def home(self, who: Who, written: str | None) -> Fresh[Home]:
        account = (await self.account(who, written)).value
        return Fresh(Home(**dict(account), bank_change_due_at=self.bank_change_due_at), self.lag, self.as_of)


CODE_ASKED = CodeAsked(
    challenge_id="0b7e0f3c-54c6-4c0e-8f5e-3c1f0a9d8e77",
    factor="email",
    expires_at=NOW + dt.timedelta(minutes=10),
    sent_to="c•••@exemple.fr",
)

VITALE = Vitale.model_validate(
    {
        "card_id": CARD,
        "serial_end": "909",
        "status": "active",
        "since": "2021-03-04T09:00:00Z",
        "issued_on": "2021-03-04",
        "advice": "nothing",
    }
)


@dataclass
class FakeCards(Fake):
    """One card and its story."""

    name: str = "cards"
    card: Vitale | None = VITALE
    as_of: dt.datetime | None = NOW
    story: Tracking | None = None
    lag: int = 0
    at: dt.datetime = NOW

    ceam: "FakeCeam | None" = None
    """The European cards of the same service."""

    async def all_of(self, who: Who, written: str | None) -> Fresh[AllCards]:
        self.called("all_of", who=who, written=written)
        ceam = self.ceam.card if self.ceam else None
        return Fresh(AllCards(vitale=self.card, tracking=self.story, ceam=ceam), self.lag, self.as_of)

    async def vitale(self, who: Who, written: str | None) -> Fresh[Vitale | None]:
        self.called("vitale", who=who, written=written)
        return Fresh(self.card, self.lag, self.as_of)

    async def tracking(self, who: Who, written: str | None) -> Fresh[Tracking | None]:
        self.called("tracking", who=who, written=written)
        return Fresh(self.story, self.lag, self.as_of)

    family: tuple[Seen, ...] = (Seen(person_id=MEMBER, given_names="Camille", age=41),)
    upload_refusal: Refused | None = None
    letterbox: tuple[str, ...] = ("12 rue du Four", "83000 TOULON", "FR")

    async def people(self, who: Who) -> tuple[Seen, ...]:
        self.calls.append(("people", {"who": who}))
        if self.down or self.crash is not None:
            self.fail()
        return self.family

    async def address(self, who: Who) -> tuple[str, ...]:
        self.calls.append(("address", {"who": who}))
        return self.letterbox

    async def report(self, who: Who, command_id: str, facts: ReportFacts) -> Written:
        self.called("report", who=who, command_id=command_id, facts=facts)
        if not self.lag:
            self.card, self.story = reported(facts, self.at)
        return Written(stream=f"vitale:{who.member}", version=3)

    async def declaration(self, who: Who, declaration_id: str) -> bytes:
        self.called("declaration", who=who, declaration_id=declaration_id)
        return b"%PDF-1.7 a declaration"

    async def upload(self, who: Who, kind: str, content: bytes) -> str:
        self.called("upload", who=who, kind=kind, content=content)
        if self.upload_refusal is not None:
            refusal, self.upload_refusal = self.upload_refusal, None
            raise refusal
        return hashlib.sha256(content).hexdigest()

    async def order(self, who: Who, command_id: str, order_id: str, what: str, **facts: Any) -> Written:
        self.called("order", who=who, command_id=command_id, order_id=order_id, what=what, facts=facts)
        return Written(stream=f"vitale:{who.person}", version=4)

    async def order_again(self, who: Who, command_id: str) -> Written:
        self.called("order_again", who=who, command_id=command_id)
        return Written(stream=f"vitale:{who.person}", version=5)


@dataclass
class FakeCeam(Fake):
    """A European card and its story."""

    name: str = "cards"
    card: Ceam | None = None
    as_of: dt.datetime | None = NOW
    lag: int = 0
    eu_national: bool | None = None

    async def options(self, who: Who) -> Options:
        self.called("options", who=who)
        return Options(
            countries=("DE", "IT", "CH"),
            nationals_only=() if self.eu_national else ("CH",),
            eu_national=self.eu_national,
            days_before_departure=15,
            renewal_window_days=90,
        )

    async def ceam(self, who: Who, written: str | None) -> Fresh[Ceam | None]:
        self.called("ceam", who=who, written=written)
        return Fresh(self.card, self.lag, self.as_of)

    async def order(self, who: Who, command_id: str, trip: Trip) -> Written:
        self.called("order", who=who, command_id=command_id, trip=trip)
        return Written(stream=f"ceam:{who.person}", version=1)

    async def issue_certificate(self, who: Who, command_id: str, trip: Trip) -> Written:
        self.called("issue_certificate", who=who, command_id=command_id, trip=trip)
        return Written(stream=f"ceam:{who.person}", version=4)

    async def certificate(self, who: Who) -> bytes:
        self.called("certificate", who=who)
        return b"%PDF-1.7 a certificate"

    async def certificate_status(self, who: Who, certificate_id: str) -> str:
        self.called("certificate_status", who=who, certificate_id=certificate_id)
        return "stands"

    async def of_order(self, who: Who, command_id: str, order_id: str, what: str) -> Written:
        self.called("of_order", who=who, command_id=command_id, order_id=order_id, what=what)
        return Written(stream=f"ceam:{who.person}", version=2)

    async def report(self, who: Who, command_id: str, card_id: str, reason: str, happened_on: dt.date) -> Written:
        facts = {"card_id": card_id, "reason": reason, "happened_on": happened_on}
        self.called("report", who=who, command_id=command_id, **facts)
        return Written(stream=f"ceam:{who.person}", version=3)


def reported(facts: ReportFacts, at: dt.datetime) -> tuple[Vitale, Tracking]:
    """What the two screens show after a declaration."""
    opposed = facts.reason != "damaged"
    state: dict[str, Any] = {
        "since": at,
        "status": "opposed" if opposed else "damaged",
        "advice": "wait_for_replacement" if opposed else "send_back",
        "declaration_id": facts.declaration_id,
    }
    if opposed:
        state |= {"opposed_at": at, "reason": facts.reason, "opposed_serial_end": "909"}
    stages = ["reported", "opposed", "requested"] if opposed else ["reported", "requested"]
    tracking = story(facts.reason, *((stage, at) for stage in stages), declaration_id=facts.declaration_id)
    return Vitale.model_validate({**VITALE.model_dump(), **state}), tracking


def story(reason: str, *passed: tuple[str, dt.datetime], declaration_id: str = "declaration-1") -> Tracking:
    """A tracking that has come so far."""
    following = {
        "reported": "requested",
        "opposed": "requested",
        "requested": "documents_received",
        "photo_resubmitted": "validated",
        "address_checked": "resent",
        "resent": "delivered",
        "documents_received": "validated",
        "photo_rejected": "photo_resubmitted",
        "validated": "in_production",
        "in_production": "sent",
        "sent": "delivered",
        "returned_undelivered": "address_checked",
    }
    stage = passed[-1][0]
    ordered = next((at for name, at in passed if name == "validated"), None)
    return Tracking.model_validate(
        {
            "declaration_id": declaration_id,
            "reason": reason,
            "order_id": "4f2f6c1e-7f6b-4f0e-9a52-2f1f6f0f9a02",
            "timeline": [{"stage": name, "at": at} for name, at in passed],
            "stage": stage,
            "next": following.get(stage),
            "expected_from": ordered and (ordered + dt.timedelta(weeks=2)).date(),
            "expected_until": ordered and (ordered + dt.timedelta(weeks=3)).date(),
        }
    )


@dataclass
class FakeNotifications(Fake):
    """A list of messages."""

    name: str = "notifications"
    sent: tuple[Message, ...] = ()
    unwanted: frozenset[str] = frozenset()
    bounced: bool = False
    secret: bool = False

    async def messages(
        self, who: Who, written: str | None, *, limit: int = 50, before: str | None = None
    ) -> Fresh[Messages]:
        self.called("messages", who=who, written=written, limit=limit, before=before)
        start = next((place + 1 for place, one in enumerate(self.sent) if one.message_id == before), 0)
        page = self.sent[start : start + limit]
        older = page[-1].message_id if start + limit < len(self.sent) else None
        return Fresh(Messages(messages=page, unread=sum(not one.read for one in self.sent), older=older), as_of=NOW)

    async def unread(self, who: Who, written: str | None) -> Fresh[Unread]:
        self.called("unread", who=who, written=written)
        return Fresh(Unread(unread=sum(not one.read for one in self.sent)))

    async def message(self, who: Who, message_id: str) -> Fresh[OpenedMessage]:
        self.called("message", who=who, message_id=message_id)
        found = next((one for one in self.sent if one.message_id == message_id), None)
        if found is None:
            raise Refused("not-found", 404)
        words = () if self.secret else ("Bonjour,", "Du nouveau pour vous : lisez ceci.")
        return Fresh(OpenedMessage(**found.model_dump(), paragraphs=words))

    async def read(self, who: Who, message_ids: Collection[str] | None, command_id: str) -> Written:
        ids = {one.message_id for one in self.sent} if message_ids is None else message_ids
        self.called("read", who=who, message_ids=message_ids and tuple(message_ids), command_id=command_id)
        self.sent = tuple(one.model_copy(update={"read": one.read or one.message_id in ids}) for one in self.sent)
        return Written(stream=f"mailbox:{MEMBER}", version=3)

    async def reach(self, who: Who, written: str | None) -> Fresh[Reach]:
        self.called("reach", who=who, written=written)
        topic = Topic(topic="vitale-progress", wanted="vitale-progress" not in self.unwanted)
        return Fresh(Reach(topics=(topic,), bounced=self.bounced))

    async def choose(self, who: Who, unwanted: Collection[str], command_id: str) -> Written:
        self.called("choose", who=who, unwanted=tuple(unwanted), command_id=command_id)
        self.unwanted = frozenset(unwanted)
        return Written(stream=f"mailbox:{MEMBER}", version=4)

    async def ours(self, who: Who, reference: str, command_id: str) -> Ours:
        self.called("ours", who=who, reference=reference, command_id=command_id)
        found = next((one for one in self.sent if one.reference == reference.upper()), None)
        if found is None:
            raise Refused("not-found", 404)
        return Ours(title=found.title, channel=found.channel, at=found.at)


@dataclass
class FakeHealth:
    """All services answer but those that are named."""

    silent: frozenset[str] = frozenset()

    async def answering(self) -> dict[str, bool]:
        return {name: name not in self.silent for name in SERVICES}


@dataclass
class World:
    """A site and everything behind it."""

    app: FastAPI
    site: Site
    clock: SetClock
    identity: FakeIdentity
    cards: FakeCards
    ceam: FakeCeam
    notifications: FakeNotifications
    persons: FakePersons
    attestations: FakeAttestations
    exports: FakeExports
    erasures: FakeErasures
    keys: FakeKeys
    reimbursements: FakeReimbursements
    places: FakePlaces
    sessions: MemorySessions
    counters: MemoryCounters
    health: FakeHealth
    acts: FakeOwnActs

    def browser(self, **headers: str) -> "Browser":
        return Browser(self, headers)


_IDLE_APPS: dict[bool, list[FastAPI]] = {}
"""Apps of worlds that are gone: the first request of an app costs more than a test."""


@functools.cache
def _assets() -> Assets:
    return assets_of_site()


@functools.cache
def _templates(contact: Contact) -> Templates:
    return templates_of_site(_assets(), contact, GRID.status)


def world(public_url: str = ORIGIN, **settings: Any) -> World:
    """A site on fakes."""
    values = GatewaySettings(
        mongo_url="mongodb://nowhere",
        mongo_database="gateway",
        secrets_dir=Path("nowhere"),
        public_url=public_url,
        **settings,
    )
    clock, store, counters = SetClock(), MemorySessions(), MemoryCounters()
    identity, ceam, notifications = FakeIdentity(), FakeCeam(), FakeNotifications()
    cards = FakeCards(ceam=ceam)
    persons, attestations, exports, erasures = FakePersons(), FakeAttestations(), FakeExports(), FakeErasures()
    keys, reimbursements, places = FakeKeys(), FakeReimbursements(), FakePlaces()
    health, acts = FakeHealth(), FakeOwnActs()
    assets = _assets()
    browsers, applications, grants = sessions_of_site(store, clock, values)
    site = Site(
        settings=values,
        clock=clock,
        sessions=browsers,
        tokens=applications,
        grants=grants,
        once=Once(counters, clock),
        csrf=Csrf(b"k" * 32, values.origin),
        devices=Devices(b"d" * 32),
        limits=Limits(counters, clock, b"o" * 32, values.posts_per_10_minutes),
        templates=_templates(values.fund_contact),
        terms=Terms.of(CGU_DATE),
        identity=identity,
        cards=cards,
        ceam=ceam,
        notifications=notifications,
        persons=persons,
        attestations=attestations,
        exports=exports,
        acts=acts,
        erasures=erasures,
        codes=QrReader(KEYS),
        published_keys=KEYS,
        keys=keys,
        reimbursements=reimbursements,
        places=places,
        health=health,
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield

    idle = _IDLE_APPS.setdefault(values.https, [])
    app = idle.pop() if idle else build_app(site, assets, lifespan)
    app.state.site = site
    services = (
        identity,
        cards,
        ceam,
        notifications,
        persons,
        attestations,
        exports,
        erasures,
        keys,
        reimbursements,
        places,
    )
    found = World(app, site, clock, *services, store, counters, health, acts)
    weakref.finalize(found, idle.append, app)
    return found


class Browser(WebBrowser):
    """A browser at the members' site."""

    def __init__(self, world: World, headers: dict[str, str]) -> None:
        super().__init__(world.app, world.site.settings.public_url, headers)
        self.world = world

    async def sign_in(self, **fields: str) -> Page:
        return await self.fill("/connexion", **{"nir": NIR, "code": CODE, **fields})

    def twin(self) -> "Browser":
        """Another tab: the same cookies."""
        other = replace(self.world).browser()
        other.client.cookies = httpx.Cookies(self.client.cookies)
        return other


def member_path(rest: str = "") -> str:
    return f"/mon-compte{rest}"


TITLES = {
    "vitale-sent": "Votre nouvelle carte Vitale est en route",
    "vitale-ordered": "Votre nouvelle carte Vitale est commandée",
    "vitale-opposed": "Votre déclaration est enregistrée",
    "account-created": "Un compte en ligne est ouvert à votre nom",
}


def sent(template: str, at: dt.datetime = NOW, status: str = "sent", **more: Any) -> Message:
    title = TITLES.get(template, template)
    return Message(message_id=str(uuid.uuid4()), template=template, title=title, at=at, status=status, **more)
