"""One request of one browser: its session, for whom services are asked, and how it is answered."""

import contextlib
import datetime as dt
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.gateway import csrf
from services.gateway.clients.channel import Who, Written
from services.gateway.clients.identity import Access, SignedIn
from services.gateway.drafts import Write
from services.gateway.limits import address_prefix
from services.gateway.pages.forms import Typed
from services.gateway.pages.site import Site
from services.gateway.security_headers import CLEAR
from services.gateway.sessions import COOKIE, Session

READ_YOUR_WRITES: Final = dt.timedelta(seconds=30)
"""How long queries of a session ask for its own last write: longer than any projection takes when all is well."""

SEE_OTHER: Final = int(HTTPStatus.SEE_OTHER)
_LOCAL: Final = re.compile(r"/[a-z][a-z/-]{0,80}")


class SignInNeeded(Exception):  # noqa: N818 - an answer: the sign-in page
    """A member's page, asked for by a visitor."""


class EmailPending(Exception):  # noqa: N818 - an answer: the page that says what to do
    """A member's page, asked for before the address is confirmed."""


class TooMany(Exception):  # noqa: N818 - an answer: wait
    """Too many forms of one kind from one network."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


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

    @property
    def who(self) -> Who:
        """For whom services are asked."""
        session = self.session
        origin = address_prefix(self.request, self.site.settings.trusted_proxies)
        if session.member_id is None:
            return Who(session.reference, origin=origin)
        access = Access.FULL if session.state.email_confirmed else Access.EMAIL_PENDING
        return Who(session.reference, session.member_id, access, session.state.signed_in_at, origin)

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
            "typed": Typed(),
            "dates": frozenset(),
        }
        return self.site.templates.render(template, {**frame, **context})

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
        self.session.change(writes=writes, email_confirmed=confirmed, identity_session=signed.session_id)
        self.remember("identity", signed)

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
            response.set_cookie(COOKIE, self.session.cookie, path="/", secure=True, httponly=True, samesite="lax")
        return response


async def visiting(request: Request) -> Visit:
    """The visit of this request."""
    site: Site = request.app.state.site
    visit = Visit(site, request, await site.sessions.open(request.cookies.get(COOKIE)))
    request.state.visit = visit
    return visit


Visiting = Annotated[Visit, Depends(visiting)]


@dataclass(frozen=True)
class Posted:
    """A form that came from one of our own pages."""

    fields: Mapping[str, str]

    @property
    def command_id(self) -> str:
        """The id made when the form was shown: sending the form twice is one command."""
        with contextlib.suppress(ValueError):
            return str(uuid.UUID(self.fields.get("commande", "")))
        return str(uuid.uuid4())

    @property
    def next(self) -> str | None:
        """Where to go afterwards; never off this site."""
        return local_path(self.fields.get("suite"))


async def posting(request: Request, visit: Visiting) -> Posted:
    """The form of this request.

    Raises:
        CrossSite, FormExpired: it is not one of ours, or of another session.
    """
    async with request.form(max_files=0, max_fields=50) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
    secret = visit.session.secret if visit.session.known else None
    visit.site.csrf.check(request.headers, secret, fields.get(csrf.FIELD, ""))
    return Posted(fields)


Posting = Annotated[Posted, Depends(posting)]


async def counting(request: Request, visit: Visiting) -> None:
    """For public forms: so many from one network.

    Raises:
        TooMany: wait.
    """
    prefix = address_prefix(request, visit.site.settings.trusted_proxies)
    seconds = await visit.site.limits.wait(request.scope["route"].path, prefix)
    if seconds:
        raise TooMany(seconds)


Counted = Depends(counting)


async def signed_in(visit: Visiting) -> Visit:
    """A member, whether his address is confirmed or not.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    if visit.session.member_id is None:
        raise SignInNeeded
    return visit


SignedInVisit = Annotated[Visit, Depends(signed_in)]


async def confirmed(visit: SignedInVisit) -> Visit:
    """A member whose services are open; asked of identity until it once says so.

    Raises:
        EmailPending, ServiceDown: they are not; nobody can tell.
    """
    if not visit.session.state.email_confirmed:
        account = await visit.site.identity.account(visit.who, visit.written("identity"))
        if not account.value.email_validated:
            raise EmailPending
        visit.session.change(email_confirmed=True)
    return visit


MemberVisit = Annotated[Visit, Depends(confirmed)]


def local_path(text: str | None) -> str | None:
    """A path of ours, for a link back; anything else is none."""
    return text if text is not None and _LOCAL.fullmatch(text) and "//" not in text else None
