"""One request of one browser of a member or visitor: for whom services are asked, and how he comes in."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from services.gateway.clients.identity import Access, SignedIn
from services.gateway.clients.who import Who
from services.gateway.devices import COOKIE as DEVICE_COOKIE
from services.gateway.devices import LASTS, device_name, new_device
from services.gateway.drafts import Kin, State, Unread
from services.gateway.pages.site import Site
from shared.security import STEP_UP, STEP_UP_LASTS
from shared.web.channel import Refused, ServiceDown, Written
from shared.web.limits import address_prefix
from shared.web.sessions import Session
from shared.web.visits import COOKIE_OPTIONS, BaseVisit

COUNTED_FOR: Final = dt.timedelta(minutes=1)
"""How long the count of unread messages stands in the session: a page does not ask a service for a badge each time."""
COUNT_SECONDS: Final = 0.5
"""A page does not wait longer for it."""


OF_PERSON: Final = ("/ma-carte-vitale", "/ma-ceam", "/mes-remboursements", "/mon-attestation")
OF_HOUSEHOLD: Final = ("/mes-remboursements/releves", "/mes-remboursements/depenses")


def scope(path: str) -> str:
    """Whom a page is about while the member acts for somebody else: the rest is about himself."""
    if path.startswith(OF_HOUSEHOLD):
        return "household"
    return "person" if path.startswith(OF_PERSON) else "own"


@dataclass(frozen=True)
class Frame:
    """What the frame of a page says of a member."""

    confirmed: bool
    lasts: int
    """Seconds until the session closes if nothing more is asked."""
    unread: int = 0
    family: tuple[Kin, ...] = ()
    acting_for: Kin | None = None
    scope: str = ""
    """Whom the page is about: `person`, `household`, or the member himself."""


class Visit(BaseVisit[Site, State]):
    """Made once for each request."""

    def __init__(self, site: Site, request: Request, session: Session[State]) -> None:
        super().__init__(site, request, session)
        self._device: str | None = None

    @property
    def who(self) -> Who:
        """For whom services are asked."""
        session = self.session
        origin = address_prefix(self.request, self.site.settings.trusted_proxies)
        if session.holder is None:
            return Who(session.reference, origin=origin)
        if self.stepped_up:
            return Who(session.reference, session.holder, STEP_UP, session.state.stepped_up_at, origin)
        access = Access.FULL if session.state.email_confirmed else Access.EMAIL_PENDING
        return Who(session.reference, session.holder, access, session.state.signed_in_at, origin)

    @property
    def beneficiary(self) -> str | None:
        """Whom the member acts for, where it is not himself."""
        chosen = self.session.state.acting_for
        return chosen.person_id if chosen is not None else None

    @property
    def device(self) -> str | None:
        """This browser, where somebody has signed in before."""
        return self.site.devices.read(self.request.cookies.get(DEVICE_COOKIE))

    @property
    def who_comes_in(self) -> Who:
        """The same, with the device: asked for where somebody signs in."""
        if self._device is None:
            self._device = self.device or new_device()
        return replace(self.who, device=(self._device, device_name(self.request.headers.get("user-agent", ""))))

    @property
    def stepped_up(self) -> bool:
        """Whether the member has just confirmed that it is he."""
        at = self.session.state.stepped_up_at
        return at is not None and self.site.clock.now() < at + STEP_UP_LASTS

    @property
    def lasts(self) -> int:
        """Seconds until the session of who is signed in closes, if nothing more is asked from now on."""
        left = min(self.site.settings.session_idle, self.session.expires - self.site.clock.now())
        return max(0, int(left / dt.timedelta(seconds=1)))

    def frame(self) -> Mapping[str, Any]:
        if self.session.holder is None:
            return {"member": None}
        state = self.session.state
        unread = state.unread.count if state.unread else 0
        frame = Frame(
            confirmed=state.email_confirmed and not state.closing,
            lasts=self.lasts,
            unread=unread,
            family=state.family.persons if state.family else (),
            acting_for=state.acting_for,
            scope=scope(self.request.url.path),
        )
        return {"member": frame}

    async def page(self, template: str, *, status: int = HTTPStatus.OK, **context: Any) -> Response:
        """A page, in a frame that says how many messages are not read."""
        await self._count_unread(context.get("unread"))
        return await super().page(template, status=status, **context)

    def remember(self, service: str, written: Written) -> None:
        """The same; what is read is counted anew."""
        super().remember(service, written)
        if service == "notifications":
            self.session.change(unread=None)

    async def _count_unread(self, known: int | None) -> None:
        """From the page itself where it knows; where the service is down nothing is said."""
        counted, now = self.session.state.unread, self.site.clock.now()
        if self.session.holder is None or not self.session.state.email_confirmed:
            return
        if counted is not None and now < counted.until and known in {None, counted.count}:
            return
        if known is None:
            try:
                async with asyncio.timeout(COUNT_SECONDS):
                    found = await self.site.notifications.unread(self.who, self.written("notifications"))
                known = found.value.unread
            except (ServiceDown, Refused, TimeoutError):
                known = 0
        self.session.change(unread=Unread(count=known, until=now + COUNTED_FOR))

    async def sign_in(self, signed: SignedIn) -> None:
        """This browser is now the member's: another cookie, and of the visitor's state only what is named here."""
        before = self.session.state
        self.session = await self.site.sessions.sign_in(self.session, signed.member_id)
        confirmed = signed.access is Access.FULL
        held = self.held_of(signed.member_id, before)
        begun = before.begun.model_dump() if held is not None and before.begun is not None else {}
        self.session.change(
            held=held,
            notice="typed-kept" if held is not None else None,
            **{name: value for name, value in ((name, getattr(before.begun, name)) for name in begun) if value},
            writes=before.writes,
            authorising=before.authorising,
            email_confirmed=confirmed,
            identity_session=signed.session_id,
            cgu_version=signed.cgu_version,
            closing=signed.closing,
            checked_at=self.site.clock.now(),
        )
        self.remember("identity", signed)

    async def step_up(self) -> None:
        """The member has confirmed that it is he: under another cookie, for some minutes."""
        self.session = await self.site.sessions.rotate(self.session)
        self.session.change(stepped_up_at=self.site.clock.now(), code_asked=None)

    async def answer(self, response: Response) -> Response:
        """The same, with the device's cookie for who has just come in."""
        response = await super().answer(response)
        if self._device is not None and self.session.holder is not None:
            response.set_cookie(DEVICE_COOKIE, self.site.devices.cookie(self._device), max_age=LASTS, **COOKIE_OPTIONS)
        return response
