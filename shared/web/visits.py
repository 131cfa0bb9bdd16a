"""One request of one browser, as every site handles it: its session, its form, the page it is answered with."""

import contextlib
import datetime as dt
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Generic, Protocol, TypeVar

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from shared.clock import Clock
from shared.web.channel import Written
from shared.web.csrf import FIELD, Csrf
from shared.web.forms import Form, Typed
from shared.web.french import PARIS
from shared.web.rendering import Templates
from shared.web.security_headers import CLEAR
from shared.web.sessions import COOKIE, Session, Sessions
from shared.web.states import Held, SessionState, Write

READ_YOUR_WRITES: Final = dt.timedelta(minutes=10)
"""How long queries of a session ask for its own last write: all that time a page that lags says so."""
COOKIE_OPTIONS: Final[dict[str, Any]] = {"path": "/", "secure": True, "httponly": True, "samesite": "lax"}
HELD_FOR: Final = dt.timedelta(minutes=30)
SEE_OTHER: Final = int(HTTPStatus.SEE_OTHER)
_NEVER_KEPT: Final = frozenset({FIELD, "commande", "suite"})
_LOCAL: Final = re.compile(r"/[a-z][a-z/-]{0,80}")

F = TypeVar("F", bound=Form)
S = TypeVar("S", bound=SessionState)


class WebSite(Protocol[S]):
    """What a visit needs of its site."""

    @property
    def clock(self) -> Clock: ...
    @property
    def sessions(self) -> Sessions[S]: ...
    @property
    def csrf(self) -> Csrf: ...
    @property
    def templates(self) -> Templates: ...


W = TypeVar("W", bound=WebSite[Any])


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
    def typed(self) -> Mapping[str, str]:
        """What was typed, without codes and without what forms carry for us."""
        return {name: text for name, text in self.fields.items() if name not in _NEVER_KEPT and "code" not in name}

    @property
    def next(self) -> str | None:
        """Where to go afterwards; never off this site."""
        return local_path(self.fields.get("suite"))


class BaseVisit(Generic[W, S]):
    """Made once for each request; a site adds whom it serves."""

    def __init__(self, site: W, request: Request, session: Session[S]) -> None:
        self.site = site
        self.request = request
        self.session = session
        self._before = session.state
        self._cookie_needed = False

    def frame(self) -> Mapping[str, Any]:
        """What the frame of a page says of who is signed in."""
        return {}

    def read(self, form: type[F], fields: Mapping[str, str]) -> tuple[F | None, Typed]:
        """A form that was sent, on the day that it is in Paris."""
        return form.read(fields, today=self.site.clock.now().astimezone(PARIS).date())

    async def posted(self) -> Posted:
        """The form of this request.

        Raises:
            CrossSite, FormExpired: it is not one of ours, or of another session.
        """
        async with self.request.form(max_files=0, max_fields=50) as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
        secret = self.session.secret if self.session.known else None
        self.site.csrf.check(self.request.headers, secret, fields.get(FIELD, ""))
        return Posted(fields)

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
        frame: dict[str, Any] = {
            **bare_frame(self.request),
            **self.frame(),
            "notice": self.session.state.notice,
            "form_token": self.form_token,
            "command_id": str(uuid.uuid4()),
            "typed": Typed(),
        }
        held = self._held() if self.request.method == "GET" else Typed()  # before what the page itself would fill in
        return self.site.templates.render(template, {**frame, **context, **({"typed": held} if held.values else {})})

    def hold(self, fields: Mapping[str, str]) -> None:
        """Keep what was typed, for this page to show it once more when somebody comes back to it."""
        self.session.change(held=Held(path=self.request.url.path, fields=fields))

    def hold_for(self, holder: str, path: str, fields: Mapping[str, str]) -> None:
        """Keep what was typed after the session had lapsed, for the same person once he has signed in again."""
        until = self.site.clock.now() + HELD_FOR
        self.session.change(held=Held(path=path, fields=fields, holder=holder, until=until))

    def held_of(self, holder: str, before: S) -> Held | None:
        """What a session that has just been opened takes over from the one before: nothing of anybody else's."""
        held = before.held
        if held is None or held.holder != holder or held.until is None or self.site.clock.now() >= held.until:
            return None
        return held

    def _held(self) -> Typed:
        held = self.session.state.held
        if held is None or held.path != self.request.url.path or held.holder not in {None, self.session.holder}:
            return Typed()
        self.session.change(held=None)
        return Typed(held.fields)

    async def go(self, path: str, *, notice: str | None = None) -> Response:
        """On to another page, which the browser gets: reloading it sends nothing again."""
        if notice is not None:
            self.session.change(notice=notice)
        return await self.answer(RedirectResponse(path, SEE_OTHER))

    async def lapse(self) -> None:
        """The session was ended elsewhere: the browser's cookie opens nothing any more, and nothing is written down."""
        self.session = await self.site.sessions.lapse(self.session)
        self._before = self.session.state

    async def sign_out(self, path: str) -> Response:
        """Forget the session here and in the browser."""
        await self.site.sessions.end(self.session)
        response = RedirectResponse(path, SEE_OTHER, headers=dict(CLEAR))
        response.delete_cookie(COOKIE, **COOKIE_OPTIONS)
        return response

    async def answer(self, response: Response) -> Response:
        """Keep what has changed, and give the browser the cookie that it needs."""
        if self.session.state is not self._before:
            await self.site.sessions.keep(self.session)
        if not self.session.known and (self._cookie_needed or self.session.kept):
            response.set_cookie(COOKIE, self.session.cookie, **COOKIE_OPTIONS)
        return response


def bare_frame(request: Request) -> dict[str, Any]:
    """What the frame of a page needs where there is no visit: nobody is signed in, nothing was typed."""
    return {"member": None, "path": request.url.path, "notice": None, "typed": Typed(), "dates": frozenset()}


def local_path(text: str | None) -> str | None:
    """A path of ours, for a link back; anything else is none."""
    return text if text is not None and _LOCAL.fullmatch(text) and "//" not in text else None
