"""The desk's work in one shape: listed to the desk, decided by an agent, once, for a reason."""

import datetime as dt
import uuid
from collections.abc import AsyncIterator, Sequence
from typing import Any, cast

import pytest
from httpx import ASGITransport, AsyncClient, Response

from shared.admin import Decided, Decision, Field, Kind, Sent, WorkItem, work_router
from shared.envelope import Metadata
from shared.kernel import Issued
from shared.problems import ProblemCatalogue
from shared.service import Service
from shared.testing.clock import HandClock
from tests import toy
from tests.services.in_memory import InMemoryService

ANN = "3b9d0a51-8a47-4f6e-9d38-2f0c6d8e7a10"
SCAN = "scan"
DECISIONS = (Decision(name="put", fields=(Field(name="size", choices=("small", "large")),)), Decision(name="leave"))


@pytest.fixture
async def service() -> InMemoryService:
    made = InMemoryService(toy.definition(), HandClock(toy.T0))
    command = toy.Open(at=toy.T0, person_id=ANN, label="a label")
    meta = Metadata(pk=ANN, actor=ANN, actor_kind="member", correlation_id=ANN, person_id=ANN)
    await made.handle(f"box:{ANN}", command, cmd=str(uuid.uuid4()), meta=meta)
    return made


def kinds(service: InMemoryService) -> Sequence[Kind]:
    """A box that was opened waits until something was put into it; another thing waits for nobody."""

    async def empty() -> list[WorkItem]:
        if "BoxFilled" in service.types():
            return []
        return [_item("empty-box", toy.T0, decisions=DECISIONS, files=(SCAN,))]

    async def waiting() -> list[WorkItem]:
        return [_item("waiting", toy.T0 - dt.timedelta(days=1))]

    def put(item: WorkItem, form: Decided, now: dt.datetime) -> Issued:
        amount = 2 if form.fields["size"] == "large" else 1
        return Issued(f"box:{item.id}", toy.Put(at=now, person_id=item.id, amount=amount))

    async def scan(_: WorkItem, name: str) -> Sent | None:
        return Sent(b"bytes", "image/jpeg") if name == SCAN else None

    return [Kind("empty-box", empty, put, scan), Kind("waiting", waiting)]


def _item(kind: str, since: dt.datetime, **more: Any) -> WorkItem:
    return WorkItem(kind=kind, id=ANN, since=since, person_id=ANN, summary={"step": "opened"}, **more)


@pytest.fixture
async def client(service: InMemoryService) -> AsyncIterator[AsyncClient]:
    app = service.app([work_router(cast("Service", service), kinds(service))], ProblemCatalogue())
    async with AsyncClient(transport=ASGITransport(app), base_url="http://toy") as found:
        found.headers.update(service.token("agent-7", edge="console", kind="agent"))
        yield found


async def decide(client: AsyncClient, body: Any, *, kind: str = "empty-box", key: str = "", id_: str = ANN) -> Response:
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return await client.post(f"/internal/work/{kind}/{id_}/decision", json=body, headers=headers)


PUT = {"decision": "put", "reason": "Il manquait", "fields": {"size": "large"}}


async def test_the_oldest_comes_first(client: AsyncClient) -> None:
    first, second = (await client.get("/internal/work")).json()["items"]
    assert (first["kind"], first["decisions"]) == ("waiting", [])
    assert (second["kind"], second["person_id"], second["summary"]) == ("empty-box", ANN, {"step": "opened"})
    assert second["decisions"][0] == {"name": "put", "fields": [{"name": "size", "choices": ["small", "large"]}]}


async def test_no_more_of_a_kind_is_read_than_is_said(service: InMemoryService) -> None:
    async def many() -> list[WorkItem]:
        return [_item("many", toy.T0).model_copy(update={"id": str(number)}) for number in range(1500)]

    listed = work_router(cast("Service", service), [Kind("many", many), *kinds(service)])
    app = service.app([listed], ProblemCatalogue())
    headers = service.token(edge="console", kind="agent")
    async with AsyncClient(transport=ASGITransport(app), base_url="http://toy", headers=headers) as client:
        found = (await client.get("/internal/work")).json()
    assert (len(found["items"]), found["full"]) == (1002, ["many"])


async def test_a_decision_is_one_command_of_the_agent(client: AsyncClient, service: InMemoryService) -> None:
    answer = await decide(client, PUT)
    assert answer.json() == {"stream": f"box:{ANN}", "version": 2}
    assert (await service.events())[-1].amount == 2
    meta = service.store.commits[-1]["meta"]
    assert (meta["actor"], meta["actor_kind"], meta["channel"], meta["person_id"]) == ("agent-7", "agent", "desk", ANN)
    assert [item["kind"] for item in (await client.get("/internal/work")).json()["items"]] == ["waiting"]


async def test_sent_twice_it_is_decided_once(client: AsyncClient, service: InMemoryService) -> None:
    key = str(uuid.uuid4())
    first, second = [await decide(client, PUT, key=key) for _ in range(2)]
    assert (second.status_code, second.json()) == (200, first.json())
    assert service.types().count("BoxFilled") == 1


async def test_what_another_has_decided_is_no_longer_there(client: AsyncClient, service: InMemoryService) -> None:
    key = str(uuid.uuid4())
    await decide(client, PUT, key=key)
    client.headers.update(service.token("agent-8", edge="console", kind="agent"))
    for answer in (await decide(client, PUT), await decide(client, PUT, key=key)):
        assert (answer.status_code, answer.json()["code"]) == (404, "work-unknown")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({**PUT, "decision": "burn"}, "decision-unknown"),
        ({**PUT, "fields": {}}, "decision-fields-invalid"),
        ({**PUT, "fields": {"size": "huge"}}, "decision-fields-invalid"),
        ({**PUT, "fields": {"size": "small", "colour": "red"}}, "decision-fields-invalid"),
        ({**PUT, "reason": "  "}, "request-invalid"),
        ({"decision": "put", "fields": {"size": "small"}}, "request-invalid"),
    ],
)
async def test_what_is_refused(client: AsyncClient, service: InMemoryService, body: Any, code: str) -> None:
    answer = await decide(client, body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert service.types() == ["BoxOpened"]


async def test_nobody_decides_what_ends_by_itself_or_is_not_listed(client: AsyncClient) -> None:
    assert (await decide(client, PUT, kind="waiting")).json()["code"] == "decision-unknown"
    for known in ({"kind": "unknown"}, {"id_": str(uuid.uuid4())}):
        assert (await decide(client, PUT, **known)).json()["code"] == "work-unknown"


async def test_an_agent_looks_at_what_was_sent(client: AsyncClient) -> None:
    answer = await client.get(f"/internal/work/empty-box/{ANN}/files/{SCAN}")
    assert (answer.content, answer.headers["content-type"]) == (b"bytes", "image/jpeg")
    assert answer.headers["cache-control"] == "no-store"
    assert (await client.get(f"/internal/work/empty-box/{ANN}/files/other")).json()["code"] == "not-found"


async def test_it_is_the_desks_alone(client: AsyncClient, service: InMemoryService) -> None:
    client.headers.update(service.token(edge="console", kind="supervisor"))
    assert (await client.get("/internal/work")).status_code == 200
    assert (await decide(client, PUT)).json()["code"] == "issuer-refused"
    assert (await client.get(f"/internal/work/empty-box/{ANN}/files/{SCAN}")).json()["code"] == "issuer-refused"
    others = [service.token(edge="console", kind=kind) for kind in ("operations", "auditor")]
    for headers in (*others, service.token(ANN, kind="agent")):
        client.headers.update(headers)
        assert (await client.get("/internal/work")).json()["code"] == "issuer-refused"
        assert (await decide(client, PUT)).json()["code"] == "issuer-refused"
