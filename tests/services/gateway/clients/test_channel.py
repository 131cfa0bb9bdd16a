"""A line to a service: what is sent, what comes back, and every way of failing."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import OKPKey
from structlog.contextvars import bound_contextvars

from services.gateway.clients.cards import HttpCards, ReportFacts
from services.gateway.clients.ceam import HttpCeam
from services.gateway.clients.identity import Access, HttpIdentity
from services.gateway.clients.notifications import HttpNotifications
from services.gateway.clients.who import Who
from services.gateway.drafts import Identity
from shared.problems import Refused as TokenRefused
from shared.security import ALGORITHM, TokenIssuer, TokenVerifier, key_id
from shared.web.channel import Channel, Fresh, Refused, ServiceDown, Written, channel
from tests.services.gateway.fakes import CARD, CODE, EMAIL, MEMBER, NIR
from tests.web import NOW, SetClock

PEM = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
KEY = OKPKey.import_key(PEM)
JWKS = {"keys": [{**KEY.as_dict(private=False), "kid": key_id("gateway", KEY), "alg": ALGORITHM}]}
VISITOR = Who("session-1", origin="192.0.2.0/24")
MEMBER_FULL = Who("session-1", MEMBER, "full", NOW, "192.0.2.0/24")
COMMAND = "11111111-1111-4111-8111-111111111111"

Answers = Callable[[httpx.Request], httpx.Response]


class Line:
    """A service that answers as told, and what it was asked."""

    def __init__(self, answer: Answers | httpx.Response, service: str = "cards") -> None:
        self.asked: list[httpx.Request] = []
        self._answer = answer
        self.service = service
        issuer = TokenIssuer(PEM, "gateway", None, SetClock())
        self.channel: Channel
        self.channel, _ = channel(service, "http://service", issuer, 1.0, httpx.MockTransport(self._take))

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self._answer if isinstance(self._answer, httpx.Response) else self._answer(request)

    @property
    def last(self) -> httpx.Request:
        return self.asked[-1]

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.last.content)
        return found


def written(**more: Any) -> httpx.Response:
    return httpx.Response(200, json={"stream": f"vitale:{MEMBER}", "version": 3, **more})


async def command(line: Line) -> Written:
    return await line.channel.command(MEMBER_FULL, "/x", Written, command_id=COMMAND, body={"a": 1})


async def test_a_command_bears_its_id_a_token_the_trace_and_the_correlation() -> None:
    line = Line(written(more="ignored"))
    with bound_contextvars(correlation_id="22222222-2222-4222-8222-222222222222"):
        assert str(await command(line)) == f"3@vitale:{MEMBER}"
    headers = line.last.headers
    assert headers["Idempotency-Key"] == COMMAND
    assert headers["X-Correlation-Id"] == "22222222-2222-4222-8222-222222222222"
    assert headers["X-Origin"] == "192.0.2.0/24"
    caller = TokenVerifier(JWKS, "cards", ("gateway",), SetClock()).verify(
        headers["Authorization"].removeprefix("Bearer ")
    )
    assert (caller.member_id, caller.actor, caller.actor_kind, caller.acr) == (MEMBER, MEMBER, "member", "full")
    assert caller.auth_time == NOW.replace(microsecond=0)
    assert caller.session == "session-1"


async def test_a_token_is_for_one_service_and_one_minute() -> None:
    line = Line(written())
    await command(line)
    token = line.last.headers["Authorization"].removeprefix("Bearer ")
    later = SetClock()
    later.pass_(seconds=66)
    for verifier in (
        TokenVerifier(JWKS, "identity", ("gateway",), SetClock()),
        TokenVerifier(JWKS, "cards", ("gateway",), later),
    ):
        with pytest.raises(TokenRefused):
            verifier.verify(token)


async def test_a_visitor_s_token_names_no_member() -> None:
    line = Line(written(), "identity")
    await line.channel.command(VISITOR, "/x", Written, command_id=COMMAND, body={})
    token = line.last.headers["Authorization"].removeprefix("Bearer ")
    caller = TokenVerifier(JWKS, "identity", ("gateway",), SetClock()).verify(token)
    assert (caller.member_id, caller.actor_kind) == (None, "visitor")


async def test_a_query_says_what_was_written_and_hears_how_much_is_missing() -> None:
    line = Line(httpx.Response(200, json={"stream": "s", "version": 1}, headers={"X-Lag": "2"}))
    found = await line.channel.query(MEMBER_FULL, "/x", Written, written="3@vitale:1")
    assert line.last.headers["X-Written"] == "3@vitale:1"
    assert (found.value.stream, found.lag) == ("s", 2)


@pytest.mark.parametrize(
    ("said", "as_of"), [(NOW.isoformat(), NOW), ("2026-11-24T13:02:07", None), ("soon", None), ("", None)]
)
async def test_the_age_of_an_answer_is_a_moment_or_unknown(said: str, as_of: object) -> None:
    line = Line(httpx.Response(200, json={"stream": "s", "version": 1}, headers={"X-As-Of": said}))
    assert (await line.channel.query(VISITOR, "/x", Written)).as_of == as_of


@pytest.mark.parametrize("lag", ["", "x", "-1"])
async def test_a_lag_that_is_no_number_is_none(lag: str) -> None:
    line = Line(httpx.Response(200, json={"stream": "s", "version": 1}, headers={"X-Lag": lag}))
    assert (await line.channel.query(MEMBER_FULL, "/x", Written)).lag == 0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 422, 429])
async def test_a_refusal_has_its_code_and_status(status: int) -> None:
    line = Line(httpx.Response(status, json={"code": "some-code", "title": "…"}, headers={"Retry-After": "8"}))
    with pytest.raises(Refused) as refused:
        await command(line)
    assert (refused.value.code, refused.value.status, refused.value.retry_after) == ("some-code", status, 8)
    assert len(line.asked) == 1


async def test_a_refusal_that_cannot_be_read_is_unknown() -> None:
    with pytest.raises(Refused) as refused:
        await command(Line(httpx.Response(404, text="<html>")))
    assert refused.value.code == "unknown"


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.Response(503), httpx.Response(200, text="<html>"), httpx.Response(200, json={"stream": 1})])  # fmt: skip
async def test_a_service_that_fails_or_cannot_be_read_is_down(answer: httpx.Response) -> None:
    with pytest.raises(ServiceDown) as down:
        await command(Line(answer))
    assert down.value.service == "cards"


async def test_a_line_that_breaks_is_tried_once_more_under_the_same_id() -> None:
    def breaks_once(request: httpx.Request) -> httpx.Response:
        if len(line.asked) == 1:
            raise httpx.RemoteProtocolError("gone", request=request)
        return written()

    line = Line(breaks_once)
    assert (await command(line)).version == 3
    assert {request.headers["Idempotency-Key"] for request in line.asked} == {COMMAND}
    assert len(line.asked) == 2


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.ConnectTimeout])
async def test_no_line_is_tried_again_and_a_slow_answer_is_not(error: type[httpx.TransportError]) -> None:
    def fails(request: httpx.Request) -> httpx.Response:
        raise error("http://user:secret@host", request=request)

    line = Line(fails)
    with pytest.raises(ServiceDown) as down:
        await command(line)
    assert "secret" not in repr(down.value)
    assert down.value.__suppress_context__
    assert len(line.asked) == (1 if error is httpx.ReadTimeout else 2)


async def test_identity_is_asked_as_it_wants() -> None:
    answers = {
        "/enrolments": {"enrolment_id": "e"},
        "/enrolments/e/account": {"enrolment_id": "e"},
        "/sign-ins": {
            "member_id": MEMBER, "session_id": "s", "access": "email-pending", "stream": "account:1", "version": 1,
        },
        "/email-validations": {"stream": "account:1", "version": 2},
        "/email-validations/resend": {"stream": "account:1", "version": 3},
        "/sign-outs": {"stream": "account:1", "version": 4},
        "/account": {"member_id": MEMBER, "email": EMAIL, "email_validated": True, "created_at": "2026-11-24T00:00:00Z"},
    }  # fmt: skip
    line = Line(lambda request: httpx.Response(200, json=answers[request.url.path]), "identity")
    identity = HttpIdentity(line.channel)
    facts = Identity(surname="Martin", nir=NIR, birth_date=dt.date(1985, 1, 24), postcode="83000")
    await identity.enrol(VISITOR, COMMAND, facts, iban_end="7890189", serial="12345678909")
    assert line.body == {
        "surname": "Martin", "nir": NIR, "birth_date": "1985-01-24", "postcode": "83000", "iban_last_7": "7890189",
        "serial": "12345678909",
    }  # fmt: skip
    await identity.create_account(VISITOR, COMMAND, "e", cgu=("v", "h"), code=CODE, email=EMAIL)
    assert line.body == {"cgu_version": "v", "cgu_hash": "h", "code": CODE, "email": EMAIL}
    signed = await identity.sign_in(VISITOR, COMMAND, NIR, CODE)
    assert signed.access is Access.EMAIL_PENDING
    assert (await identity.confirm_email(VISITOR, COMMAND, "t")).version == 2
    assert line.body == {"token": "t"}
    assert (await identity.resend_confirmation(MEMBER_FULL, COMMAND)).version == 3
    await identity.sign_out(MEMBER_FULL, COMMAND, "s")
    assert line.body == {"session_id": "s"}
    assert (await identity.account(MEMBER_FULL, None)).value.email_validated


async def test_cards_are_asked_as_they_want() -> None:
    card = {"person_id": MEMBER, "card_id": CARD, "serial_end": "909", "status": "active", "since": NOW.isoformat(), "issued_on": "2021-03-04", "advice": "nothing", "opposed_at": None}  # fmt: skip
    tracking = {"person_id": MEMBER, "declaration_id": "d", "reason": "lost", "stage": "sent", "next": "delivered", "timeline": [{"stage": "sent", "at": NOW.isoformat()}]}  # fmt: skip
    path = f"/persons/{MEMBER}/vitale"
    answers = {
        path: card,
        f"/persons/{MEMBER}/cards": {"vitale": card, "tracking": tracking, "ceam": None},
        f"{path}/reports": {"stream": f"vitale:{MEMBER}", "version": 3},
    }
    line = Line(lambda request: httpx.Response(200, json=answers[request.url.path]))
    cards = HttpCards(line.channel)
    vitale = (await cards.vitale(MEMBER_FULL, None)).value
    assert vitale is not None
    assert vitale.reportable
    found = (await cards.tracking(MEMBER_FULL, None)).value
    assert found is not None
    assert found.under_way
    facts = ReportFacts(
        card_id=CARD, declaration_id=COMMAND, reason="lost", place="Toulon", happened_on=dt.date(2026, 11, 23)
    )
    await cards.report(MEMBER_FULL, COMMAND, facts)
    assert line.body == {
        "card_id": CARD, "declaration_id": COMMAND, "reason": "lost", "place": "Toulon", "happened_on": "2026-11-23",
        "declared_on_honour": True,
    }  # fmt: skip


async def test_nothing_there_is_an_answer_but_a_refusal_is_not() -> None:
    assert (
        await HttpCards(Line(httpx.Response(404, json={"code": "not-found"})).channel).vitale(MEMBER_FULL, None)
    ).value is None
    with pytest.raises(Refused):
        await HttpCards(Line(httpx.Response(403, json={"code": "x"})).channel).vitale(MEMBER_FULL, None)


async def test_that_there_is_none_has_an_age_too() -> None:
    none = httpx.Response(
        200, json={"vitale": None, "tracking": None, "ceam": None}, headers={"X-Lag": "1", "X-As-Of": NOW.isoformat()}
    )
    for client in (HttpCards(Line(none).channel).tracking, HttpCeam(Line(none).channel).ceam):
        assert await client(MEMBER_FULL, None) == Fresh(None, 1, NOW)


async def test_messages_are_asked_for_the_member() -> None:
    line = Line(httpx.Response(200, json={"messages": []}), "notifications")
    await HttpNotifications(line.channel).messages(MEMBER_FULL, "3@mailbox:m")
    assert line.last.url.path == f"/members/{MEMBER}/messages"
    assert line.last.headers["X-Written"] == "3@mailbox:m"


async def test_every_question_about_messages_goes_where_the_service_answers_it() -> None:
    message = {"message_id": "m", "template": "t", "title": "T", "at": "2026-11-24T09:30:00Z"}
    line = Line(httpx.Response(200, json={**message, "channel": "mail", "stream": "mailbox:m", "version": 3}))
    client = HttpNotifications(line.channel)
    paths = {
        f"/members/{MEMBER}/messages/m": client.message(MEMBER_FULL, "m"),
        f"/members/{MEMBER}/messages/read": client.read(MEMBER_FULL, ["m"], "c"),
        f"/members/{MEMBER}/contact": client.reach(MEMBER_FULL, None),
        f"/members/{MEMBER}/preferences": client.choose(MEMBER_FULL, ["b", "a"], "c"),
        "/references": client.ours(VISITOR, "7KQ2-M4XD-9VTA", "c"),
    }
    for path, asked in paths.items():
        await asked
        assert line.last.url.path == path


async def test_a_visitor_has_no_member_to_ask_for() -> None:
    with pytest.raises(AssertionError):
        _ = VISITOR.member
