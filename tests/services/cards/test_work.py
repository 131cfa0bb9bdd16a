"""The desk's work on cards: what waits, what an agent sees of it, and what he decides."""

import uuid
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from httpx import ASGITransport, AsyncClient, Response

from services.cards.api.problems import CATALOGUE
from services.cards.domain import ceam_commands as cc
from services.cards.domain import order_commands as oc
from services.cards.main import routes
from services.cards.read_models.work_list import work_list
from shared.envelope import Metadata
from shared.kernel import Command
from shared.service import Service
from tests.services.cards import ceam_sample
from tests.services.cards.conftest import Feeding
from tests.services.cards.sample import LATER, PERSON, made
from tests.services.cards.test_inbound import CARD, lost, news
from tests.services.in_memory import InMemoryService

DOCUMENTS = "/internal/work/vitale-documents"


@pytest.fixture
async def client(service: InMemoryService) -> AsyncIterator[AsyncClient]:
    app = service.app(routes(cast("Service", service)), CATALOGUE)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://cards") as found:
        found.headers.update(service.token(edge="console", kind="agent"))
        yield found


async def do(service: InMemoryService, category: str, *commands: Command) -> None:
    meta = Metadata(pk=PERSON, actor="test", actor_kind="process", correlation_id=made("talk"), person_id=PERSON)
    for command in commands:
        await service.handle(f"{category}:{PERSON}", command, cmd=str(uuid.uuid4()), meta=meta)


async def listed(client: AsyncClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get("/internal/work")).json()["items"]
    return items


async def decide(client: AsyncClient, path: str, decision: str, **fields: str) -> Response:
    form = {"decision": decision, "reason": "looked at it", "fields": fields}
    return await client.post(f"{path}/decision", json=form, headers={"Idempotency-Key": str(uuid.uuid4())})


async def test_documents_wait_with_their_files_and_what_can_be_decided(
    service: InMemoryService, client: AsyncClient, feed: Feeding
) -> None:
    await feed("vitale-issued", CARD)
    order_id = await lost(service, validated=False)
    [item] = await listed(client)
    assert (item["kind"], item["id"], item["person_id"]) == ("vitale-documents", order_id, PERSON)
    assert (item["summary"], item["files"]) == ({"sent": "first"}, ["photo", "identity_document"])
    assert [one["name"] for one in item["decisions"]] == ["validate", "reject", "cancel"]
    assert (await decide(client, f"{DOCUMENTS}/{order_id}", "validate")).status_code == 200
    assert service.types()[-1] == "VitaleReplacementValidated"
    commit = service.store.commits[-1]
    assert (commit["meta"]["actor_kind"], commit["meta"]["channel"]) == ("agent", "desk")
    assert await listed(client) == []
    late = await decide(client, f"{DOCUMENTS}/{order_id}", "reject", fault="blurred")
    assert (late.status_code, late.json()["code"]) == (404, "work-unknown")


async def test_a_refused_photo_is_refused_for_a_known_fault_and_comes_again(
    service: InMemoryService, client: AsyncClient, feed: Feeding
) -> None:
    await feed("vitale-issued", CARD)
    order_id = await lost(service, validated=False)
    path = f"{DOCUMENTS}/{order_id}"
    for fields in ({}, {"fault": "ugly"}, {"fault": "blurred", "more": "x"}):
        answer = await decide(client, path, "reject", **fields)
        assert (answer.status_code, answer.json()["code"]) == (422, "decision-fields-invalid")
    assert (await decide(client, path, "reject", fault="blurred")).status_code == 200
    assert await service.queries.all(work_list) == {}
    facts: dict[str, Any] = {"at": LATER, "person_id": PERSON, "order_id": order_id}
    again = oc.ResubmitVitalePhoto(**facts, photo="e" * 64, identity_document=None, photo_is_recent=True)  # type: ignore[arg-type]
    await do(service, "vitale", again)
    assert [one["summary"] for one in await listed(client)] == [{"sent": "again"}]
    assert (await decide(client, path, "cancel")).status_code == 200
    assert (await service.events())[-1].cause == "agent"


@pytest.mark.parametrize(("made_by_now", "decisions"), [(False, ["cancel"]), (True, [])])
async def test_an_order_that_stands_still_is_cancelled_as_long_as_nothing_is_made(
    service: InMemoryService, client: AsyncClient, feed: Feeding, made_by_now: object, decisions: list[str]
) -> None:
    await feed("vitale-issued", CARD)
    order_id = await lost(service)
    if made_by_now:
        await feed("vitale-production", news("produced", order_id))
    order = (await service.state(f"vitale:{PERSON}"))[0].orders[order_id]
    facts: dict[str, Any] = {"at": LATER, "person_id": PERSON, "order_id": order_id}
    await do(service, "vitale", oc.NoticeVitaleStalled(**facts, step=order.step, since=order.since))
    [item] = await listed(client)
    assert (item["kind"], item["summary"]) == ("vitale-stalled", {"step": order.step})
    assert [one["name"] for one in item["decisions"]] == decisions
    answer = await decide(client, f"/internal/work/vitale-stalled/{order_id}", "cancel")
    assert answer.status_code == (200 if decisions else 422)


@pytest.mark.parametrize(("made_by_now", "decisions"), [(False, ["cancel"]), (True, [])])
async def test_a_european_order_that_stands_still_is_seen_to(
    service: InMemoryService, client: AsyncClient, made_by_now: object, decisions: list[str]
) -> None:
    sample = ceam_sample
    await do(service, "ceam", sample.order(), *((sample.SEND, sample.RETURN) if made_by_now else ()))
    order = (await service.state(f"ceam:{PERSON}"))[0].orders[sample.ORDER]
    notice = sample.NOTICE.model_copy(update={"step": order.step, "since": order.since})
    await do(service, "ceam", notice)
    [item] = await listed(client)
    assert (item["kind"], item["summary"]) == ("ceam-stalled", {"step": order.step})
    assert [one["name"] for one in item["decisions"]] == decisions
    answer = await decide(client, f"/internal/work/ceam-stalled/{sample.ORDER}", "cancel")
    assert answer.status_code == (200 if decisions else 422)
    assert ("CeamCancelled" in service.types()) is bool(decisions)


async def test_cards_that_go_out_again_wait_for_the_maker_alone(
    service: InMemoryService, client: AsyncClient, feed: Feeding
) -> None:
    await feed("vitale-issued", CARD)
    order_id = await lost(service)
    sent = news("sent", order_id, serial="98765432109")
    await feed("vitale-production", sent, news("returned", order_id))
    facts: dict[str, Any] = {"at": LATER, "person_id": PERSON}
    await do(service, "vitale", oc.CheckVitaleAddress(**facts, order_id=order_id))
    sample = ceam_sample
    await do(service, "ceam", sample.order(), sample.SEND, sample.RETURN, sample.CHECK)
    items = await listed(client)
    assert {one["kind"] for one in items} == {"card-to-send-again"}
    assert sorted(one["summary"]["card"] for one in items) == ["ceam", "vitale"]
    assert [one["decisions"] for one in items] == [[], []]
    await feed("vitale-production", sent)
    await do(service, "ceam", cc.RecordCeamSent(**sample.SEND.model_dump()))
    assert await listed(client) == []


@pytest.mark.parametrize("kind", ["feed", "auditor"])
async def test_only_the_desk_sees_its_work(service: InMemoryService, client: AsyncClient, kind: str) -> None:
    client.headers.update(service.token(edge="console", kind=kind))
    assert (await client.get("/internal/work")).status_code == 403
    client.headers.update(service.token(PERSON))
    assert (await client.get("/internal/work")).status_code == 403
