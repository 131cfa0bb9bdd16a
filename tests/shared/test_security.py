"""Internal tokens: what a good one says, and every bad one refused with the same word."""

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from fastapi import Depends, FastAPI
from httpx import ASGITransport, AsyncClient
from joserfc.jwk import OKPKey

from shared.problems import ProblemCatalogue, Refused, install
from shared.security import (
    STEP_UP,
    Caller,
    TokenIssuer,
    TokenVerifier,
    caller,
    console_caller,
    gateway_caller,
    issuer_of,
    key_id,
    stepped_up_caller,
)

NOW = dt.datetime(2026, 11, 24, 22, 54, 6, 500_000, tzinfo=dt.UTC)


class SetClock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> dt.datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += dt.timedelta(seconds=seconds)


def pem_of(key: Ed25519PrivateKey | Ed448PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


KEYS = {name: Ed25519PrivateKey.generate() for name in ("gateway", "console", "stranger")}


def jwk_of(name: str) -> dict[str, Any]:
    key = OKPKey.import_key(pem_of(KEYS[name]))
    return {**key.as_dict(private=False), "kid": key_id(name, key), "use": "sig", "alg": "EdDSA"}


JWKS = {"keys": [jwk_of("gateway"), jwk_of("console")]}


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def gateway(clock: SetClock) -> TokenIssuer:
    return TokenIssuer(pem_of(KEYS["gateway"]), "gateway", None, clock)


@pytest.fixture
def console(clock: SetClock) -> TokenIssuer:
    return TokenIssuer(pem_of(KEYS["console"]), "console", None, clock)


@pytest.fixture
def verifier(clock: SetClock) -> TokenVerifier:
    return TokenVerifier(JWKS, "cards", ["gateway", "console"], clock)


def member_token(issuer: TokenIssuer, audience: str = "cards") -> str:
    return issuer.issue(
        audience, member_id="m-1", actor="m-1", actor_kind="member", acr="code", auth_time=NOW, session="s-1"
    )


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(unb64(token.split(".")[1]))
    return claims


def forge(header: dict[str, Any], claims: Any, sign: Callable[[bytes], bytes] = KEYS["gateway"].sign) -> str:
    body = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
    return f"{body}.{b64(sign(body.encode()))}"


HEADER = {"alg": "Ed25519", "kid": JWKS["keys"][0]["kid"], "typ": "internal+jwt"}
CLAIMS: dict[str, Any] = {
    "iss": "gateway",
    "aud": "cards",
    "sub": "m-1",
    "act": {"sub": "m-1", "kind": "member"},
    "acr": "code",
    "auth_time": int(NOW.timestamp()),
    "sid": "s-1",
    "jti": "j-1",
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 60,
}


def test_a_token_says_who_calls(gateway: TokenIssuer, verifier: TokenVerifier) -> None:
    assert verifier.verify(member_token(gateway)) == Caller(
        member_id="m-1",
        actor="m-1",
        actor_kind="member",
        acr="code",
        auth_time=NOW.replace(microsecond=0),
        issuer="gateway",
        session="s-1",
    )


@pytest.mark.parametrize(("by_program", "channel"), [(False, "web"), (True, "api")])
def test_a_token_says_whether_a_program_calls(
    gateway: TokenIssuer, verifier: TokenVerifier, *, by_program: bool, channel: str
) -> None:
    token = gateway.issue("cards", actor="m-1", actor_kind="member", acr="code", member_id="m-1", by_program=by_program)
    assert verifier.verify(token).channel == channel
    assert ("via" in claims_of(token)) is by_program  # services of the release before know no such claim


def test_who_comes_through_the_console_comes_by_the_desk(console: TokenIssuer, verifier: TokenVerifier) -> None:
    assert verifier.verify(console.issue("cards", actor="a-1", actor_kind="agent", acr="totp")).channel == "desk"


def test_before_sign_in_there_is_no_member(gateway: TokenIssuer, verifier: TokenVerifier) -> None:
    found = verifier.verify(gateway.issue("cards", actor="visitor", actor_kind="visitor", acr="none"))
    assert (found.member_id, found.auth_time, found.session) == (None, None, None)
    with pytest.raises(Refused, match="member-required"):
        _ = found.member


def test_two_tokens_are_never_the_same(gateway: TokenIssuer) -> None:
    assert claims_of(member_token(gateway))["jti"] != claims_of(member_token(gateway))["jti"]


def test_the_token_built_here_by_hand_is_good_so_that_the_bad_ones_are_bad_for_one_reason(
    verifier: TokenVerifier,
) -> None:
    assert verifier.verify(forge(HEADER, CLAIMS)).member_id == "m-1"


def hs256_with_the_public_key(data: bytes) -> bytes:
    public = KEYS["gateway"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return hmac.new(public, data, hashlib.sha256).digest()


ED448 = Ed448PrivateKey.generate()
NO_SIGNATURE = forge({**HEADER, "alg": "none"}, CLAIMS, lambda _: b"")

ATTACKS = {
    "alg none": NO_SIGNATURE,
    "alg none, in capitals": forge({**HEADER, "alg": "NONE"}, CLAIMS, lambda _: b""),
    "no signature under the right alg": forge(HEADER, CLAIMS, lambda _: b""),
    "HS256 with the public key": forge({**HEADER, "alg": "HS256"}, CLAIMS, hs256_with_the_public_key),
    "EdDSA, the name that also means Ed448": forge({**HEADER, "alg": "EdDSA"}, CLAIMS),
    "Ed448": forge({**HEADER, "alg": "Ed448"}, CLAIMS, ED448.sign),
    "a stranger's key": forge(HEADER, CLAIMS, KEYS["stranger"].sign),
    "an unknown kid": forge({**HEADER, "kid": "gateway-0"}, CLAIMS),
    "a kid that is no text": forge({**HEADER, "kid": ["x"]}, CLAIMS),
    "no kid": forge({"alg": "Ed25519", "typ": "internal+jwt"}, CLAIMS),
    "typ JWT": forge({**HEADER, "typ": "JWT"}, CLAIMS),
    "no typ": forge({"alg": "Ed25519", "kid": HEADER["kid"]}, CLAIMS),
    "its own key in the header": forge({**HEADER, "jwk": jwk_of("stranger")}, CLAIMS, KEYS["stranger"].sign),
    "its own key, signed well": forge({**HEADER, "jwk": jwk_of("gateway")}, CLAIMS),
    "jku": forge({**HEADER, "jku": "https://evil.example/jwks.json"}, CLAIMS),
    "x5u": forge({**HEADER, "x5u": "https://evil.example/cert.pem"}, CLAIMS),
    "x5c": forge({**HEADER, "x5c": ["MIIB"]}, CLAIMS),
    "crit": forge({**HEADER, "crit": ["exp"]}, CLAIMS),
    "b64 false": forge({**HEADER, "b64": False, "crit": ["b64"]}, CLAIMS),
    "another audience": forge(HEADER, {**CLAIMS, "aud": "identity"}),
    "a list of audiences": forge(HEADER, {**CLAIMS, "aud": ["cards", "identity"]}),
    "no audience": forge(HEADER, {k: v for k, v in CLAIMS.items() if k != "aud"}),
    "an unknown issuer": forge(HEADER, {**CLAIMS, "iss": "stranger"}),
    "the gateway's key for the console": forge(HEADER, {**CLAIMS, "iss": "console"}),
    "an issuer that is a prefix": forge(HEADER, {**CLAIMS, "iss": "gate"}),
    "no issuer": forge(HEADER, {k: v for k, v in CLAIMS.items() if k != "iss"}),
    "expired": forge(HEADER, {**CLAIMS, "iat": CLAIMS["iat"] - 100, "exp": CLAIMS["iat"] - 40}),
    "from the future": forge(HEADER, {**CLAIMS, "iat": CLAIMS["iat"] + 40, "exp": CLAIMS["iat"] + 100}),
    "good for an hour": forge(HEADER, {**CLAIMS, "exp": CLAIMS["iat"] + 3600}),
    "ends before it begins": forge(HEADER, {**CLAIMS, "exp": CLAIMS["iat"] - 1}),
    "no expiry": forge(HEADER, {k: v for k, v in CLAIMS.items() if k != "exp"}),
    "an expiry that is text": forge(HEADER, {**CLAIMS, "exp": str(CLAIMS["exp"])}),
    "an expiry that is true": forge(HEADER, {**CLAIMS, "exp": True}),
    "an expiry without end": forge(HEADER, {**CLAIMS, "exp": 1e400}),
    "no actor": forge(HEADER, {k: v for k, v in CLAIMS.items() if k != "act"}),
    "an actor that is text": forge(HEADER, {**CLAIMS, "act": "m-1"}),
    "a claim we do not know": forge(HEADER, {**CLAIMS, "admin": True}),
    "claims that are a list": forge(HEADER, [CLAIMS]),
    "claims that are not JSON": f"{b64(json.dumps(HEADER).encode())}.{b64(b'x')}.{b64(b'y')}",
    "a header that is a list": forge([HEADER], CLAIMS),  # type: ignore[arg-type] # the point
    "two parts": NO_SIGNATURE.rpartition(".")[0],
    "five parts": "a.b.c.d.e",
    "nothing": "",
    "not ASCII": "é.é.é",
    "a header nested too deep": f"{b64(b'[' * 20_000)}.{b64(b'x')}.{b64(b'y')}",
    "a time beyond the calendar": forge(HEADER, {**CLAIMS, "auth_time": 10**17}),
    "very long": "a" * 200_000,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_bad_token_is_refused_with_the_same_word(verifier: TokenVerifier, attack: str) -> None:
    with pytest.raises(Refused) as caught:
        verifier.verify(ATTACKS[attack])
    assert caught.value.code == "token-invalid"


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_token_changed_anywhere_is_refused(gateway: TokenIssuer, verifier: TokenVerifier, part: int) -> None:
    parts = member_token(gateway).split(".")
    changed = bytearray(unb64(parts[part]))
    changed[len(changed) // 2] ^= 1
    parts[part] = b64(bytes(changed))
    with pytest.raises(Refused, match="token-invalid"):
        verifier.verify(".".join(parts))


@pytest.mark.parametrize("seconds", [-5, 0, 59, 64])
def test_a_token_is_good_for_sixty_seconds_give_or_take_five(
    gateway: TokenIssuer, verifier: TokenVerifier, clock: SetClock, seconds: float
) -> None:
    token = member_token(gateway)
    clock.move(seconds)
    assert verifier.verify(token)


@pytest.mark.parametrize("seconds", [-6, 65, 3600])
def test_it_is_not_good_before_or_after(
    gateway: TokenIssuer, verifier: TokenVerifier, clock: SetClock, seconds: float
) -> None:
    token = member_token(gateway)
    clock.move(seconds)
    with pytest.raises(Refused, match="token-invalid"):
        verifier.verify(token)


def test_an_issuer_that_a_service_does_not_accept_is_refused(console: TokenIssuer, clock: SetClock) -> None:
    members_only = TokenVerifier(JWKS, "cards", ["gateway"], clock)
    with pytest.raises(Refused, match="token-invalid"):
        members_only.verify(member_token(console))


def test_a_key_does_not_speak_for_an_issuer_whose_name_begins_like_its_own(clock: SetClock) -> None:
    both = TokenVerifier(JWKS, "cards", ["gate", "gateway"], clock)
    with pytest.raises(Refused, match="token-invalid"):
        both.verify(forge(HEADER, {**CLAIMS, "iss": "gate"}))


@pytest.mark.parametrize(
    "jwk",
    [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "gateway-1"},
        {"kty": "OKP", "crv": "X25519", "x": "x", "kid": "gateway-1"},
        {**jwk_of("gateway"), "d": b64(KEYS["gateway"].private_bytes_raw())},
    ],
)
def test_a_key_set_with_anything_but_public_signing_keys_is_refused(jwk: dict[str, Any], clock: SetClock) -> None:
    with pytest.raises(ValueError, match="public Ed25519 keys only"):
        TokenVerifier({"keys": [jwk]}, "cards", ["gateway"], clock)


def client_for(app: FastAPI) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app, raise_app_exceptions=False), base_url="http://test")


@pytest.fixture
async def client(verifier: TokenVerifier) -> AsyncIterator[AsyncClient]:
    app = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})
    app.state.verifier = verifier
    install(app, ProblemCatalogue())

    @app.get("/any")
    async def anyone(known: Annotated[Caller, Depends(caller)]) -> str:
        return known.issuer

    @app.get("/cards")
    async def cards(known: Annotated[Caller, Depends(gateway_caller)]) -> str:
        return known.member

    @app.get("/what-matters")
    async def what_matters(known: Annotated[Caller, Depends(stepped_up_caller)]) -> str:
        return known.member

    @app.get("/internal/ops")
    async def ops(known: Annotated[Caller, Depends(console_caller)]) -> str:
        return known.actor

    async with client_for(app) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("path", ["/any", "/cards", "/internal/ops"])
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "token-missing"),
        ({"Authorization": "Basic dTpw"}, "token-missing"),
        ({"Authorization": "Bearer"}, "token-missing"),
        ({"Authorization": f"Bearer {NO_SIGNATURE}"}, "token-invalid"),
        ({"Authorization": f"Bearer {ATTACKS['expired']}"}, "token-invalid"),
    ],
)
async def test_no_good_token_no_entry(client: AsyncClient, path: str, headers: dict[str, str], code: str) -> None:
    answer = await client.get(path, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_each_group_of_routes_takes_the_tokens_of_its_own_edge(
    client: AsyncClient, gateway: TokenIssuer, console: TokenIssuer
) -> None:
    from_members, from_agents = bearer(member_token(gateway)), bearer(member_token(console))
    assert (await client.get("/cards", headers=from_members)).json() == "m-1"
    assert (await client.get("/internal/ops", headers=from_agents)).json() == "m-1"
    assert (await client.get("/any", headers=from_members)).json() == "gateway"
    for path, headers in (("/internal/ops", from_members), ("/cards", from_agents)):
        answer = await client.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "issuer-refused")


async def test_a_route_about_a_member_refuses_a_call_that_concerns_none(
    client: AsyncClient, gateway: TokenIssuer
) -> None:
    token = gateway.issue("cards", actor="visitor", actor_kind="visitor", acr="none")
    answer = await client.get("/cards", headers=bearer(token))
    assert (answer.status_code, answer.json()["code"]) == (403, "member-required")


def stepped_up_token(issuer: TokenIssuer, minutes_ago: float, acr: str = STEP_UP) -> str:
    at = NOW - dt.timedelta(minutes=minutes_ago)
    return issuer.issue("cards", member_id="m-1", actor="m-1", actor_kind="member", acr=acr, auth_time=at)


async def test_what_matters_is_done_within_ten_minutes_of_a_step_up(client: AsyncClient, gateway: TokenIssuer) -> None:
    assert (await client.get("/what-matters", headers=bearer(stepped_up_token(gateway, 10)))).json() == "m-1"
    assert (await client.get("/cards", headers=bearer(stepped_up_token(gateway, 10)))).json() == "m-1"


@pytest.mark.parametrize(("minutes_ago", "acr"), [(10.2, STEP_UP), (0, "full"), (0, "code")])
async def test_otherwise_it_says_what_is_missing(
    client: AsyncClient, gateway: TokenIssuer, minutes_ago: float, acr: str
) -> None:
    answer = await client.get("/what-matters", headers=bearer(stepped_up_token(gateway, minutes_ago, acr)))
    assert (answer.status_code, answer.json()["code"]) == (401, "step-up-required")
    asked = 'Bearer error="insufficient_user_authentication", acr_values="step-up", max_age=600'
    assert answer.headers["www-authenticate"] == asked


async def test_a_step_up_without_its_time_is_none(client: AsyncClient, gateway: TokenIssuer) -> None:
    token = gateway.issue("cards", member_id="m-1", actor="m-1", actor_kind="member", acr=STEP_UP)
    assert (await client.get("/what-matters", headers=bearer(token))).status_code == 401


async def test_an_agent_steps_up_for_no_member(client: AsyncClient, console: TokenIssuer) -> None:
    answer = await client.get("/what-matters", headers=bearer(stepped_up_token(console, 0)))
    assert answer.json()["code"] == "issuer-refused"


def test_a_key_s_id_gives_its_issuer_back_also_where_the_thumbprint_has_a_hyphen() -> None:
    ids = [key_id("pharmacy-software", OKPKey.generate_key("Ed25519")) for _ in range(200)]
    assert any("-" in kid[-12:] for kid in ids)
    assert {issuer_of(kid) for kid in ids} == {"pharmacy-software"}
