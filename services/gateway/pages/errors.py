"""Every failure as a page: what happened, what is safe, what to do next. What was typed is never echoed."""

import contextlib
import math
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Match

from services.gateway.drafts import Begun
from services.gateway.pages.asking import (
    AlreadyIn,
    EmailPending,
    ErasureWaits,
    SignInNeeded,
    StepUpNeeded,
    TermsDue,
    Works,
)
from services.gateway.pages.site import Site
from services.gateway.pages.visit import Visit
from shared.mongo import AutoReconnect, PyMongoError
from shared.telemetry import logger
from shared.web.channel import Refused, ServiceDown
from shared.web.csrf import CrossSite, FormExpired
from shared.web.french import NBSP
from shared.web.last_word import Unexpected
from shared.web.limits import TooManyRequests
from shared.web.visits import bare_frame, local_path

_KNOWN: Final = frozenset({403, 404, 409, 422, 429, 500, 503})
MINUTE: Final = 60
WORKS_SECONDS: Final = 600
_log = logger("pages")


def install(app: FastAPI) -> None:
    """Let every error of this app be answered as a page."""
    for kind in (CrossSite, FormExpired, HTTPException, RequestValidationError, ServiceDown, TooManyRequests, Works):
        app.add_exception_handler(kind, _page_of)
    for lost in (AutoReconnect, PyMongoError):  # the first one is already answered elsewhere, as a problem
        app.add_exception_handler(lost, _page_of)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.add_exception_handler(EmailPending, _to_pending)
    app.add_exception_handler(AlreadyIn, _to_home)
    app.add_exception_handler(TermsDue, _to_terms)
    app.add_exception_handler(ErasureWaits, _to_waiting)
    app.add_exception_handler(StepUpNeeded, _to_step_up)
    app.user_middleware.append(Middleware(Unexpected, page=error_page))


def error_page(request: Request, status: int, code: str, **context: Any) -> Response:
    """The page of a status, within the frame that the visitor knows where there is one."""
    request.state.problem = code
    site: Site = request.app.state.site
    shown = status if status in _KNOWN else (404 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500)
    values = {"code": code, "posted": request.method == "POST", "back": local_path(request.url.path), **context}
    visit: Visit | None = getattr(request.state, "visit", None)
    template = "errors/works.html" if code == "works" else f"errors/{shown}.html"
    if visit is not None:
        html = visit.render(template, {**values, "notice": None})
    else:
        html = site.templates.render(template, {**bare_frame(request), **values})
    headers = {"Retry-After": str(values["seconds"])} if "seconds" in values else {}
    return HTMLResponse(html, status, headers=headers)


async def _refused(request: Request, error: Exception) -> Response:
    """A service may ask for what a page has not asked for."""
    code = error.code if isinstance(error, Refused) else ""
    answers = {"step-up-required": _to_step_up, "erasure-closed": _to_waiting}
    return await answers.get(code, _page_of)(request, error)


async def _page_of(request: Request, error: Exception) -> Response:  # noqa: C901, PLR0911 - one case per kind
    match error:
        case CrossSite():
            return error_page(request, HTTPStatus.FORBIDDEN, "cross-site")
        case FormExpired():
            return error_page(request, HTTPStatus.FORBIDDEN, "form-expired")
        case TooManyRequests(seconds=seconds):
            return _wait(request, "too-many", seconds)
        case Works(words=words):
            return error_page(request, HTTPStatus.SERVICE_UNAVAILABLE, "works", works=words, seconds=WORKS_SECONDS)
        case Refused(status=HTTPStatus.TOO_MANY_REQUESTS, code=code, retry_after=seconds):
            return _wait(request, code, seconds or 60)
        case Refused(status=HTTPStatus.UNAUTHORIZED):
            return _down(request, "token-doubted", "gateway")
        case Refused(status=status, code=code):
            return error_page(request, status, code)
        case ServiceDown(service=service):
            return _down(request, "service-down", service)
        case PyMongoError():
            _log.warning("sessions-down", error=type(error).__name__)
            return _down(request, "sessions-down", "gateway")
        case HTTPException(status_code=status):
            return error_page(request, status, f"http-{status}")
        case _:
            return error_page(request, HTTPStatus.UNPROCESSABLE_ENTITY, "request-invalid")


def _wait(request: Request, code: str, seconds: int) -> Response:
    return error_page(request, HTTPStatus.TOO_MANY_REQUESTS, code, seconds=seconds, wait=_duration(seconds))


def _duration(seconds: int) -> str:
    if seconds < MINUTE:
        return f"{seconds}{NBSP}seconde{'s' if seconds > 1 else ''}"
    minutes = math.ceil(seconds / MINUTE)
    return f"{minutes}{NBSP}minute{'s' if minutes > 1 else ''}"


def _down(request: Request, code: str, service: str) -> Response:
    return error_page(request, HTTPStatus.SERVICE_UNAVAILABLE, code, service=service, seconds=30)


async def _to_sign_in(request: Request, _: Exception) -> Response:
    """Where he was going and why he is asked stand in the address: a visitor's session is not worth writing.

    What he had typed when his session had lapsed waits for him, and for nobody else.
    """
    visit: Visit = request.state.visit
    path = local_path(request.url.path)
    back = path if request.method == "GET" or (path is not None and await _kept(visit, path)) else None
    gone = "fermee" if visit.session.ended else None
    reason = {"session": "expiree" if visit.session.lapsed else gone}
    query = urlencode({name: value for name, value in {"suite": back, **reason}.items() if value}, safe="/")
    return await visit.go(f"/connexion?{query}" if query else "/connexion")


async def _kept(visit: Visit, path: str) -> bool:
    """Whether the form of a lapsed session was kept: one of ours, without files, that its page can show again."""
    left, form = visit.session.left, "application/x-www-form-urlencoded"
    if left is None or not visit.request.headers.get("content-type", "").startswith(form) or not _shown(visit, path):
        return False
    try:
        typed = (await visit.posted()).typed
    except (CrossSite, FormExpired):
        return False
    holder, state = left
    visit.hold_for(holder, path, typed)
    visit.session.change(begun=Begun(report=state.report, acting_for=state.acting_for))
    return True


def _shown(visit: Visit, path: str) -> bool:
    scope = {**visit.request.scope, "method": "GET", "path": path}
    return any(route.matches(scope)[0] is Match.FULL for route in visit.request.app.router.routes)


async def _to_step_up(request: Request, _: Exception) -> Response:
    """And back: what was typed in a form waits for him there."""
    visit: Visit = request.state.visit
    path = local_path(request.url.path)
    if path is not None and request.method == "POST":
        with contextlib.suppress(CrossSite, FormExpired):
            visit.hold((await visit.posted()).typed)
    return await visit.go(f"/confirmation-identite?suite={path or ''}")


async def _to_waiting(_: Request, __: Exception) -> Response:
    return RedirectResponse("/effacement", HTTPStatus.SEE_OTHER)


async def _to_terms(_: Request, __: Exception) -> Response:
    return RedirectResponse("/nouvelles-conditions", HTTPStatus.SEE_OTHER)


async def _to_pending(_: Request, __: Exception) -> Response:
    return RedirectResponse("/mon-compte/adresse-a-confirmer", HTTPStatus.SEE_OTHER)


async def _to_home(_: Request, __: Exception) -> Response:
    return RedirectResponse("/mon-compte", HTTPStatus.SEE_OTHER)
