"""Internal tokens: who calls, for which member, proved by an edge's signature for 60 seconds and one service."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import ConfigDict, ValidationError

from shared.clock import Clock
from shared.kernel import Value
from shared.problems import Refused

LIFETIME: Final = 60
LEEWAY: Final = 5
STEP_UP: Final = "step-up"
"""What `acr` says for some minutes after a member has given his code and a second factor once more."""
STEP_UP_LASTS: Final = dt.timedelta(minutes=10)
TYPE: Final = "internal+jwt"
ALGORITHM: Final = "Ed25519"
"""EdDSA under its fully specified name (RFC 9864): `EdDSA` alone would also let Ed448 pass."""

_HEADER: Final = frozenset({"alg", "kid", "typ"})
"""A token has these and nothing else: no jku, jwk, x5u, x5c, crit that could bring a key or a rule of its own."""
_THUMB: Final = 12
_BEARER: Final = HTTPBearer(auto_error=False, bearerFormat="JWT", description="Internal token of an edge")


class Caller(Value):
    """Who calls. `member_id` is absent before sign-in, and for what concerns no member."""

    member_id: str | None
    actor: str
    actor_kind: str
    acr: str
    auth_time: dt.datetime | None
    issuer: str
    session: str | None
    by_program: bool = False  # which the member has let in; otherwise a page of ours

    @property
    def channel(self) -> str:
        """By which way it comes, as an event's metadata say it."""
        return ("api" if self.by_program else "web") if self.issuer == "gateway" else "desk"

    @property
    def member(self) -> str:
        """The member whose account this is about.

        Raises:
            Refused: the call concerns no member.
        """
        if self.member_id is None:
            raise Refused("member-required")
        return self.member_id


class _Actor(Value):
    sub: str
    kind: str


class _Claims(Value):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    iss: str
    aud: str
    sub: str | None = None
    act: _Actor
    acr: str
    auth_time: int | None = None
    sid: str | None = None
    via: Literal["api"] | None = None
    jti: str
    iat: int
    exp: int

    def caller(self) -> Caller:
        return Caller(
            member_id=self.sub,
            actor=self.act.sub,
            actor_kind=self.act.kind,
            acr=self.acr,
            auth_time=None if self.auth_time is None else dt.datetime.fromtimestamp(self.auth_time, dt.UTC),
            issuer=self.iss,
            session=self.sid,
            by_program=self.via is not None,
        )


class TokenIssuer:
    """Signs tokens for one edge. `kid` is derived from issuer and key where it isn't given, as in the key set."""

    def __init__(self, private_pem: str, issuer: str, kid: str | None, clock: Clock) -> None:
        self._key = OKPKey.import_key(private_pem)
        self._issuer = issuer
        self._kid = kid or key_id(issuer, self._key)
        self._clock = clock

    def issue(
        self,
        audience: str,
        *,
        actor: str,
        actor_kind: str,
        acr: str,
        member_id: str | None = None,
        auth_time: dt.datetime | None = None,
        session: str | None = None,
        by_program: bool = False,
    ) -> str:
        """A token for one service, good for 60 seconds."""
        now = int(self._clock.now().timestamp())
        claims = _Claims(
            iss=self._issuer,
            aud=audience,
            sub=member_id,
            act=_Actor(sub=actor, kind=actor_kind),
            acr=acr,
            auth_time=None if auth_time is None else int(auth_time.timestamp()),
            sid=session,
            via="api" if by_program else None,
            jti=str(uuid.uuid4()),
            iat=now,
            exp=now + LIFETIME,
        )
        header = {"alg": ALGORITHM, "kid": self._kid, "typ": TYPE}
        return jwt.encode(header, claims.model_dump(exclude_none=True), self._key, algorithms=[ALGORITHM])


class TokenVerifier:
    """Reads tokens meant for one service. A key speaks for the issuer its id starts with, and for no other."""

    def __init__(self, jwks: Mapping[str, Any], audience: str, issuers: Collection[str], clock: Clock) -> None:
        self._keys = {str(key["kid"]): _public(key) for key in jwks["keys"]}
        self._audience = audience
        self._issuers = frozenset(issuers)
        self._clock = clock

    def verify(self, token: str) -> Caller:
        """The caller that a token proves.

        Raises:
            Refused: `token-invalid`, whatever is wrong with it.
        """
        try:
            kid = self._kid(token)
            claims = _Claims.model_validate(jwt.decode(token, self._keys[kid], algorithms=[ALGORITHM]).claims)
            found = claims.caller() if self._trusted(claims, kid) else None
        except (JoseError, ValidationError, ValueError, TypeError, KeyError, OverflowError, OSError):
            found = None
        if found is None:
            raise Refused("token-invalid")
        return found

    def stepped_up(self, known: Caller) -> bool:
        """Whether the caller has proved a short time ago that he still is who he was."""
        if known.acr != STEP_UP or known.auth_time is None:
            return False
        return self._clock.now() < known.auth_time + STEP_UP_LASTS + dt.timedelta(seconds=LEEWAY)

    def _kid(self, token: str) -> str:
        header = jws.extract_compact(token.encode("ascii")).headers()
        if header.keys() != _HEADER or header["typ"] != TYPE or header["alg"] != ALGORITHM:
            raise ValueError("header")
        return str(header["kid"])

    def _trusted(self, claims: _Claims, kid: str) -> bool:
        now = self._clock.now().timestamp()
        return (
            claims.iss in self._issuers
            and kid.startswith(f"{claims.iss}-")
            and claims.aud == self._audience
            and claims.iat - LEEWAY <= now < claims.exp + LEEWAY
            and 0 < claims.exp - claims.iat <= LIFETIME
        )


def key_id(issuer: str, key: OKPKey) -> str:
    """The name tells the issuers apart, the thumbprint two generations of one issuer's key."""
    return f"{issuer}-{key.thumbprint()[:_THUMB]}"


def issuer_of(kid: str) -> str:
    """Whom a key's id names. A thumbprint may hold a hyphen itself: only its length tells where it begins."""
    return kid[: -_THUMB - 1]


def _public(jwk: Mapping[str, Any]) -> OKPKey:
    if jwk["kty"] != "OKP" or jwk["crv"] != "Ed25519" or "d" in jwk:
        raise ValueError("a key set holds public Ed25519 keys only")
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": jwk["x"]})


async def caller(request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> Caller:
    """FastAPI dependency: the caller, whichever edge it came through. Expects `app.state.verifier`."""
    verifier: TokenVerifier = request.app.state.verifier
    if bearer is None:
        raise Refused("token-missing")
    return verifier.verify(bearer.credentials)


async def gateway_caller(known: Annotated[Caller, Depends(caller)]) -> Caller:
    """A caller that came through the members' edge."""
    return _through("gateway", known)


async def console_caller(known: Annotated[Caller, Depends(caller)]) -> Caller:
    """A caller that came through the console: the only one for routes under /internal."""
    return _through("console", known)


async def agent_caller(known: Annotated[Caller, Depends(console_caller)]) -> Caller:
    """An agent of the desk; others are refused (`issuer-refused`)."""
    return _of_kind({"agent"}, known)


async def desk_caller(known: Annotated[Caller, Depends(console_caller)]) -> Caller:
    """An agent of the desk, or who supervises it; others are refused (`issuer-refused`)."""
    return _of_kind({"agent", "supervisor"}, known)


async def stepped_up_caller(request: Request, known: Annotated[Caller, Depends(gateway_caller)]) -> Caller:
    """A member who has just confirmed that it is he, for what must not be done with a session alone (RFC 9470).

    Raises:
        Refused: `step-up-required`.
    """
    verifier: TokenVerifier = request.app.state.verifier
    if not verifier.stepped_up(known):
        raise Refused("step-up-required")
    return known


def _through(edge: Literal["gateway", "console"], known: Caller) -> Caller:
    if known.issuer != edge:
        raise Refused("issuer-refused")
    return known


def _of_kind(kinds: Collection[str], known: Caller) -> Caller:
    if known.actor_kind not in kinds:
        raise Refused("issuer-refused")
    return known
