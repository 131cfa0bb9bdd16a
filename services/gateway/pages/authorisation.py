"""An application asks to act for a member: he signs in here as always, says yes, and it gets a code (RFC 8252)."""

import re
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from services.gateway.drafts import Authorising
from services.gateway.pages.asking import MemberVisit, Posting, StepUpNeeded, Visiting
from services.gateway.pages.visit import Visit
from services.gateway.settings import Application
from shared.security import STEP_UP
from shared.web.security_headers import leading_to
from shared.web.visits import SEE_OTHER

BASE: Final = "/application"
LOOPBACK: Final = "127.0.0.1"
LONGEST: Final = 500
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""SHA-256 in base64url: the one method there is."""

router = APIRouter()


@router.get("/.well-known/oauth-authorization-server")
async def metadata(visit: Visiting) -> Response:
    """RFC 8414."""
    origin = visit.site.settings.origin
    return JSONResponse(
        {
            "issuer": origin,
            "authorization_endpoint": f"{origin}{BASE}",
            "token_endpoint": f"{origin}/api/v1/token",
            "revocation_endpoint": f"{origin}/api/v1/revocation",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "acr_values_supported": [STEP_UP],
            "authorization_response_iss_parameter_supported": True,
            "service_documentation": f"{origin}/api",
        }
    )


@router.get(BASE)
async def asked(
    visit: Visiting,
    client_id: Annotated[str, Query(max_length=LONGEST)],
    redirect_uri: Annotated[str, Query(max_length=LONGEST)],
    response_type: str = "",
    code_challenge: str = "",
    code_challenge_method: str = "",
    state: Annotated[str, Query(max_length=LONGEST)] = "",
    acr_values: str = "",
) -> Response:
    """Kept in the session, for the sign-in that may come between."""
    application = visit.site.settings.applications.get(client_id)
    if application is None or not _known(redirect_uri, application):
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    if response_type != "code":
        return _back(visit, redirect_uri, state, error="unsupported_response_type")
    if code_challenge_method != "S256" or not _CHALLENGE.fullmatch(code_challenge):
        return _back(visit, redirect_uri, state, error="invalid_request")
    visit.session.change(
        authorising=Authorising(
            client_id=client_id,
            redirect_uri=redirect_uri,
            challenge=code_challenge,
            state=state,
            step_up=STEP_UP in acr_values.split(),
        )
    )
    return await visit.go(f"{BASE}/accord")


@router.get(f"{BASE}/accord")
async def question(visit: MemberVisit) -> Response:
    wanted = visit.session.state.authorising
    if wanted is None:
        return await visit.go("/mon-compte")
    if wanted.step_up and not visit.stepped_up:
        raise StepUpNeeded
    application = visit.site.settings.applications[wanted.client_id]
    page = await visit.page("application/question.html", application=application)
    page.headers["Content-Security-Policy"] = leading_to(_source(wanted.redirect_uri))
    return page


@router.post(f"{BASE}/accord")
async def answered(visit: MemberVisit, posted: Posting) -> Response:
    """The code goes to the application alone; what it stands for is kept for a minute."""
    wanted = visit.session.state.authorising
    if wanted is None:
        return await visit.go("/mon-compte")
    if wanted.step_up and not visit.stepped_up:
        raise StepUpNeeded
    visit.session.change(authorising=None)
    if posted.fields.get("accord") != "oui":
        return await visit.answer(_back(visit, wanted.redirect_uri, wanted.state, error="access_denied"))
    code = await _grant(visit, wanted)
    return await visit.answer(_back(visit, wanted.redirect_uri, wanted.state, code=code))


async def _grant(visit: Visit, wanted: Authorising) -> str:
    state = visit.session.state
    known = {"email_confirmed", "identity_session", "cgu_version", "checked_at", "signed_in_at", "stepped_up_at"}
    member = type(state).model_validate(state.model_dump(include=known))
    session = await visit.site.grants.open(None)
    session.holder = visit.session.holder
    session.change(asked=wanted, member=member, until=visit.session.expires)
    await visit.site.grants.keep(session)
    return session.cookie


def _known(uri: str, application: Application) -> bool:
    """Exactly one of those that are registered; of a loopback address, whatever its port (RFC 8252 7.3)."""
    if uri in application.redirects:
        return True
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    plain = f"{parts.scheme}://{LOOPBACK}{parts.path}"
    return (
        host == LOOPBACK and uri == f"{parts.scheme}://{LOOPBACK}:{port}{parts.path}" and plain in application.redirects
    )


def _source(uri: str) -> str:
    """Where the form of the page leads to, as the browser's policy says it."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def _back(visit: Visit, uri: str, state: str, **answer: str) -> Response:
    """To the application, with who answers (RFC 9207)."""
    values = {**answer, "iss": visit.site.settings.origin} | ({"state": state} if state else {})
    return RedirectResponse(f"{uri}{'&' if '?' in uri else '?'}{urlencode(values)}", SEE_OTHER)
