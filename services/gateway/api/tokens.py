"""Tokens of applications: fetched once with a code and its proof (RFC 6749, RFC 7636), given back (RFC 7009)."""

import base64
import datetime as dt
import hashlib
import hmac
import re
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from services.gateway.api.calls import site_of
from services.gateway.drafts import Grant, State
from services.gateway.pages.site import CODE_LASTS, Site
from shared.kernel import Value
from shared.web.limits import address_prefix
from shared.web.sessions import Session

Text = Annotated[str, Form(max_length=500)]

_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")

router = APIRouter(tags=["Token"])


class Token(Value):
    """What opens the account to an application; it also ends when it has not been used for 15 minutes."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a word of the standard
    expires_in: int


class TokenError(Value):
    """RFC 6749 5.2."""

    error: str


@router.post(
    "/token", response_model=Token, responses={400: {"model": TokenError, "description": "Refused (RFC 6749 5.2)"}}
)
async def token(
    request: Request,
    grant_type: Text = "",
    code: Text = "",
    redirect_uri: Text = "",
    client_id: Text = "",
    code_verifier: Text = "",
) -> Any:
    """Exchange an authorisation code for a token. A code is good for a minute, and once."""
    site = site_of(request)
    await _counted(request, site)
    if grant_type != "authorization_code":
        return _error("unsupported_grant_type")
    grant = await site.grants.open(code)
    wanted, member = grant.state.asked, grant.state.member
    if wanted is None or grant.holder is None or not await site.once.take(f"code|{grant.id}", 2 * CODE_LASTS):
        return _error("invalid_grant")
    await site.grants.end(grant)
    if (wanted.client_id, wanted.redirect_uri) != (client_id, redirect_uri) or not proved(
        wanted.challenge, code_verifier
    ):
        return _error("invalid_grant")
    return await _opened(site, grant, member)


async def _opened(site: Site, grant: Session[Grant], member: State) -> Token:
    session = await site.tokens.open(None)
    session.holder, session.state = grant.holder, member
    session.expires = min(session.expires, grant.state.until or session.expires)
    await site.tokens.keep(session)
    left = session.expires - site.clock.now()
    return Token(access_token=session.cookie, expires_in=max(0, int(left / dt.timedelta(seconds=1))))


@router.post("/revocation")
async def revoke(request: Request, token: Text = "") -> Response:
    """Give a token back; one that opens nothing is none."""
    site = site_of(request)
    await _counted(request, site)
    session = await site.tokens.open(token)
    await site.tokens.end(session)
    return Response(status_code=HTTPStatus.OK)


def proved(challenge: str, verifier: str) -> bool:
    """Whether the application that fetches the token is the one that asked."""
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return bool(_VERIFIER.fullmatch(verifier)) and hmac.compare_digest(made, challenge)


def _error(code: str) -> Response:
    return JSONResponse({"error": code}, HTTPStatus.BAD_REQUEST)


async def _counted(request: Request, site: Site) -> None:
    await site.limits.take("api-token", address_prefix(request, site.settings.trusted_proxies))
