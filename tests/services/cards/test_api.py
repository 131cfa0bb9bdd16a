"""The cards service over HTTP: who may see and declare what, and how each error is answered."""

import uuid
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from httpx import ASGITransport, AsyncClient

from services.cards.main import CATALOGUE, routes
from shared.envelope import Metadata
from shared.service import Service
from tests.services.cards.conftest import Feeding
from tests.services.cards.sample import AT, PERSON, SUBMIT, VALIDATE, made
from tests.services.cards.test_inbound import CARD, news
from tests.services.feed_files import Senders, feed_file
from tests.services.in_memory import InMemoryService

VITALE = f"/persons/{PERSON}/vitale"
STREAM = f"vitale:{PERSON}"


@pytest.fixture
async def client(service: InMemoryService) -> AsyncIterator[AsyncClient]:
    app = service.app(routes(cast("Service", service)), CATALOGUE)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://cards") as found:
        yield found


@pytest.fixture
async def member(service: InMemoryService, feed: Feeding, client: AsyncClient) -> AsyncClient:
    """The member signed in, with a card."""
    await feed("vitale-issued", CARD)
    client.headers.update(service.token(PERSON))
    return client


async def form(member: AsyncClient, **change: Any) -> dict[str, Any]:
    card = (await member.get(VITALE)).json()
    return {
        "reason": "lost",
        "card_id": card["card_id"],
        "place": "Toulon, gare",
        "happened_on": AT.date().isoformat(),
        "declared_on_honour": True,
        **change,
    }


def once() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


async def test_a_member_sees_the_card_and_never_its_whole_number(member: AsyncClient) -> None:
    answer = await member.get(VITALE)
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["serial_end"]) == ("active", "909")
    assert "12345678" not in answer.text
    assert answer.headers["X-Lag"] == "0"


@pytest.mark.parametrize("reason", ["lost", "stolen", "damaged"])
async def test_a_declaration_is_answered_with_where_it_stands(
    member: AsyncClient, service: InMemoryService, reason: str
) -> None:
    answer = await member.post(f"{VITALE}/reports", json=await form(member, reason=reason), headers=once())
    version = 2 if reason == "damaged" else 3
    assert (answer.status_code, answer.json()) == (200, {"stream": STREAM, "version": version})
    card = (await member.get(VITALE, headers={"X-Written": f"{version}@{STREAM}"})).json()
    assert (card["status"], card["reason"]) == (("damaged", None) if reason == "damaged" else ("opposed", reason))
    assert str(service.queries.waited[-1]) == f"{version}@{STREAM}"


async def validated(service: InMemoryService, order_id: str) -> None:
    """Photo and document were sent and found right."""
    meta = Metadata(pk=PERSON, actor="a-1", actor_kind="agent", correlation_id=made("desk"), person_id=PERSON)
    for step in (SUBMIT, VALIDATE):
        await service.handle(STREAM, step.model_copy(update={"order_id": order_id}), cmd=str(uuid.uuid4()), meta=meta)


async def test_the_replacement_can_be_followed(member: AsyncClient, service: InMemoryService, feed: Feeding) -> None:
    assert (await member.get(f"{VITALE}/tracking")).status_code == 404
    await member.post(f"{VITALE}/reports", json=await form(member), headers=once())
    await service.settle()
    tracking = (await member.get(f"{VITALE}/tracking")).json()
    assert (tracking["stage"], tracking["next"]) == ("requested", "documents_received")
    await validated(service, tracking["order_id"])
    await feed("vitale-production", news("sent", tracking["order_id"], serial="98765432109"))
    tracking = (await member.get(f"{VITALE}/tracking")).json()
    assert (tracking["stage"], tracking["expected_until"]) == ("sent", "2026-12-15")


async def test_the_same_request_twice_is_answered_twice_and_done_once(
    member: AsyncClient, service: InMemoryService
) -> None:
    body, key = await form(member), once()
    first = await member.post(f"{VITALE}/reports", json=body, headers=key)
    second = await member.post(f"{VITALE}/reports", json=body, headers=key)
    assert first.json() == second.json()
    assert service.types().count("VitaleReportedLost") == 1


async def test_one_key_for_two_requests_is_refused(member: AsyncClient) -> None:
    key = once()
    await member.post(f"{VITALE}/reports", json=await form(member), headers=key)
    other = await member.post(f"{VITALE}/reports", json=await form(member, place="Hyères"), headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "command-reused")


async def test_the_edge_may_name_the_declaration(member: AsyncClient) -> None:
    mine = made("declaration of the edge")
    await member.post(f"{VITALE}/reports", json=await form(member, declaration_id=mine), headers=once())
    assert (await member.get(f"{VITALE}/tracking")).json()["declaration_id"] == mine


REFUSED = [
    ({"declared_on_honour": False}, 422, "declaration-not-on-honour"),
    ({"happened_on": "2026-11-26"}, 422, "vitale-date-in-future"),
    ({"card_id": made("another card")}, 409, "vitale-unknown"),
    ({"card_id": "x"}, 422, "request-invalid"),
    ({"reason": "eaten"}, 422, "request-invalid"),
    ({"place": " "}, 422, "request-invalid"),
    ({"nir": "185018313704278"}, 422, "request-invalid"),
]


@pytest.mark.parametrize(("change", "status", "code"), REFUSED)
async def test_a_refusal_has_a_code_and_words_and_echoes_nothing(
    member: AsyncClient, service: InMemoryService, change: dict[str, Any], status: int, code: str
) -> None:
    answer = await member.post(f"{VITALE}/reports", json=await form(member, **change), headers=once())
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["title"]
    assert "185018313704278" not in answer.text
    assert "VitaleReportedLost" not in service.types()


async def test_an_opposed_card_is_not_declared_again(member: AsyncClient) -> None:
    body = await form(member)
    await member.post(f"{VITALE}/reports", json=body, headers=once())
    again = await member.post(f"{VITALE}/reports", json={**body, "reason": "stolen"}, headers=once())
    assert (again.status_code, again.json()["code"]) == (409, "vitale-already-opposed")


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "no uuid"}])
async def test_a_command_has_an_id(member: AsyncClient, key: dict[str, str]) -> None:
    answer = await member.post(f"{VITALE}/reports", json=await form(member), headers=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "request-invalid")


@pytest.mark.parametrize("path", ["", "/tracking"])
async def test_another_persons_card_does_not_exist_for_a_member(
    member: AsyncClient, service: InMemoryService, path: str
) -> None:
    member.headers.update(service.token(made("neighbour")))
    answer = await member.get(f"{VITALE}{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_nobody_declares_another_persons_card(member: AsyncClient, service: InMemoryService) -> None:
    body = await form(member)
    member.headers.update(service.token(made("neighbour")))
    answer = await member.post(f"{VITALE}/reports", json=body, headers=once())
    assert answer.status_code == 404
    assert "VitaleReportedLost" not in service.types()


async def test_only_members_come_in(member: AsyncClient, service: InMemoryService) -> None:
    member.headers.update(service.token(PERSON, edge="console"))
    assert (await member.get(VITALE)).json()["code"] == "issuer-refused"
    member.headers.update(service.token(None))
    assert (await member.get(VITALE)).json()["code"] == "member-required"
    del member.headers["Authorization"]
    assert (await member.get(VITALE)).status_code == 401


async def test_lag_is_told(member: AsyncClient, service: InMemoryService) -> None:
    service.queries.missing = 3
    assert (await member.get(VITALE)).headers["X-Lag"] == "3"


async def test_the_age_of_the_read_model_is_told_where_it_is_known(
    member: AsyncClient, service: InMemoryService
) -> None:
    assert "X-As-Of" not in (await member.get(VITALE)).headers
    service.queries.age = AT
    assert (await member.get(VITALE)).headers["X-As-Of"] == AT.isoformat()


async def test_who_did_it_stands_in_the_commit(member: AsyncClient, service: InMemoryService) -> None:
    talk = str(uuid.uuid4())
    headers = {**once(), "X-Correlation-Id": talk}
    await member.post(f"{VITALE}/reports", json=await form(member), headers=headers)
    meta = service.store.commits[-1]["meta"]
    assert (meta["actor"], meta["actor_kind"], meta["channel"], meta["pk"]) == (PERSON, "member", "web", PERSON)
    assert (meta["person_id"], meta["member_id"], meta["correlation_id"]) == (PERSON, PERSON, talk)


async def test_a_program_s_command_says_so(member: AsyncClient, service: InMemoryService) -> None:
    member.headers.update(service.token(PERSON, by_program=True))
    await member.post(f"{VITALE}/reports", json=await form(member), headers=once())
    assert service.store.commits[-1]["meta"]["channel"] == "api"


async def send(client: AsyncClient, senders: Senders, content: bytes, sender: str = "vitale-issuer") -> Any:
    headers = {"X-Feed-Signature": senders.sign(sender, content)}
    return await client.post("/internal/feeds/vitale-issued", content=content, headers=headers)


async def test_a_file_comes_in_through_the_console(
    client: AsyncClient, service: InMemoryService, senders: Senders
) -> None:
    client.headers.update(service.token(edge="console"))
    content = feed_file("vitale-issued", AT, CARD, {"kind": "?"})
    answer = await send(client, senders, content)
    assert answer.status_code == 200
    assert (answer.json()["lines"], answer.json()["set_aside"]) == (2, 1)
    again = await send(client, senders, content)
    assert (again.status_code, again.json()["code"]) == (409, "feed-repeated")
    forged = await send(client, senders, content, sender="manufacturer")
    assert (forged.status_code, forged.json()["code"]) == (403, "feed-signature-invalid")
    unsigned = await client.post("/internal/feeds/vitale-issued", content=content)
    assert unsigned.status_code == 422
    unknown = await client.post("/internal/feeds/register", content=content, headers={"X-Feed-Signature": "x"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "feed-unknown")


async def test_members_send_no_files(client: AsyncClient, service: InMemoryService, senders: Senders) -> None:
    client.headers.update(service.token(PERSON))
    answer = await send(client, senders, feed_file("vitale-issued", AT, CARD))
    assert (answer.status_code, answer.json()["code"]) == (403, "issuer-refused")
    assert service.types() == []
