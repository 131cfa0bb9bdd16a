"""One request of one browser: its session, for whom services are asked, and how it is answered."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final, TypeVar

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.gateway.clients.channel import Who, Written
from services.gateway.clients.identity import Access, SignedIn
from services.gateway.devices import COOKIE as DEVICE_COOKIE
from services.gateway.devices import LASTS, device_name, new_device
from services.gateway.drafts import Held, Write
from services.gateway.limits import address_prefix
from services.gateway.pages.forms import Form, Typed
from services.gateway.pages.french import PARIS
from services.gateway.pages.site import Site
from services.gateway.security_headers import CLEAR
from services.gateway.sessions import COOKIE, Session
from shared.security import STEP_UP, STEP_UP_LASTS

READ_YOUR_WRITES: Final = dt.timedelta(minutes=10)
"""How long queries of a session ask for its own last write: all that time a page that lags says so."""

F = TypeVar("F", bound=Form)

_COOKIE: Final[dict[str, Any]] = {"path": "/", "secure": True, "httponly": True, "samesite": "lax"}

SEE_OTHER: Final = int(HTTPStatus.SEE_OTHER)


@dataclass(frozen=True)
class Frame:
    """What the frame of a page says of a member."""

    confirmed: bool


class Visit:
    """Made once for each request."""

    def __init__(self, site: Site, request: Request, session: Session) -> None:
        self.site = site
        self.request = request
        self.session = session
        self._before = session.state
        self._cookie_needed = False
        self._device: str | None = None

    @property
    def who(self) -> Who:
        """For whom services are asked."""
        session = self.session
        origin = address_prefix(self.request, self.site.settings.trusted_proxies)
        if session.member_id is None:
            return Who(session.reference, origin=origin)
        if self.stepped_up:
            return Who(session.reference, session.member_id, STEP_UP, session.state.stepped_up_at, origin)
        access = Access.FULL if session.state.email_confirmed else Access.EMAIL_PENDING
        return Who(session.reference, session.member_id, access, session.state.signed_in_at, origin)

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

    def read(self, form: type[F], fields: Mapping[str, str]) -> tuple[F | None, Typed]:
        """A form that was sent, on the day that it is for a member."""
        return form.read(fields, today=self.site.clock.now().astimezone(PARIS).date())

    def remember(self, service: str, written: Written) -> None:
        """Let the next queries of a service wait for what it has just written."""
        write = Write(stream=written.stream, version=written.version, until=self.site.clock.now() + READ_YOUR_WRITES)
        self.session.change(writes={**self.session.state.writes, service: write})

    def written(self, service: str) -> str | None:
        """This session's last write to a service, as the service wants to be told."""
        write = self.session.state.writes.get(service)
        if write is None or write.until < self.site.clock.now():
            return None
        return f"{write.version}@{write.stream}"

    def form_token(self) -> str:
        """The token of a form on this page; the browser needs the cookie that it belongs to."""
        self._cookie_needed = True
        return self.site.csrf.token(self.session.secret)

    async def page(self, template: str, *, status: int = HTTPStatus.OK, **context: Any) -> Response:
        """A page; a sentence that waited to be said is said here."""
        html = self.render(template, context)
        if self.session.state.notice is not None:
            self.session.change(notice=None)
        return await self.answer(HTMLResponse(html, int(status)))

    def render(self, template: str, context: Mapping[str, Any]) -> str:
        signed_in = self.session.member_id is not None
        frame: dict[str, Any] = {
            "member": Frame(confirmed=self.session.state.email_confirmed) if signed_in else None,
            "path": self.request.url.path,
            "notice": self.session.state.notice,
            "form_token": self.form_token,
            "command_id": str(uuid.uuid4()),
            "typed": self._held(),
            "dates": frozenset(),
        }
        return self.site.templates.render(template, {**frame, **context})

    def hold(self, fields: Mapping[str, str]) -> None:
        """Keep what was typed, for this page to show it once more when the member comes back to it."""
        self.session.change(held=Held(path=self.request.url.path, fields=fields))

    def _held(self) -> Typed:
        held = self.session.state.held
        if held is None or held.path != self.request.url.path:
            return Typed()
        self.session.change(held=None)
        return Typed(held.fields)

    async def go(self, path: str, *, notice: str | None = None) -> Response:
        """On to another page, which the browser gets: reloading it sends nothing again."""
        if notice is not None:
            self.session.change(notice=notice)
        return await self.answer(RedirectResponse(path, SEE_OTHER))

    async def sign_in(self, signed: SignedIn) -> None:
        """This browser is now the member's: under another cookie, with nothing of the visitor left but his writes."""
        writes = self.session.state.writes
        self.session = await self.site.sessions.sign_in(self.session, signed.member_id)
        confirmed = signed.access is Access.FULL
        self.session.change(
            writes=writes,
            email_confirmed=confirmed,
            identity_session=signed.session_id,
            cgu_version=signed.cgu_version,
            checked_at=self.site.clock.now(),
        )
        self.remember("identity", signed)

    async def lapse(self) -> None:
        """The session was ended elsewhere: the browser's cookie opens nothing any more, and nothing is written down."""
        self.session = await self.site.sessions.lapse(self.session)
        self._before = self.session.state

    async def step_up(self) -> None:
        """The member has confirmed that it is he: under another cookie, for some minutes."""
        self.session = await self.site.sessions.rotate(self.session)
        self.session.change(stepped_up_at=self.site.clock.now(), code_asked=None)

    async def sign_out(self, path: str) -> Response:
        """Forget the session here and in the browser."""
        await self.site.sessions.end(self.session)
        response = RedirectResponse(path, SEE_OTHER, headers=dict(CLEAR))
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
        return response

    async def answer(self, response: Response) -> Response:
        """Keep what has changed, and give the browser the cookie that it needs."""
        if self.session.state is not self._before:
            await self.site.sessions.keep(self.session)
        if not self.session.known and (self._cookie_needed or self.session.kept):
            response.set_cookie(COOKIE, self.session.cookie, **_COOKIE)
        if self._device is not None and self.session.member_id is not None:
            response.set_cookie(DEVICE_COOKIE, self.site.devices.cookie(self._device), max_age=LASTS, **_COOKIE)
        return response
