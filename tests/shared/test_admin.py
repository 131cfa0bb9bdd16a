"""What the console asks of every service, over HTTP: states, parked keys, rebuilds, explanations; and of nobody else."""

import datetime as dt
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from shared.admin.samples import sample
from shared.clock import SystemClock
from shared.kafka import partition_of
from shared.problems import ProblemCatalogue
from shared.projections.pulse import SILENT
from shared.security import TokenIssuer
from shared.service import Service
from shared.service.roles import build_app
from shared.testing.clock import HandClock
from tests import toy
from tests.shared.toybox import fill, log_of, open_box, opened_and_filled

pytestmark = pytest.mark.connected


def client_of(service: Service, issuer: str = "console", kind: str = "operations") -> httpx.AsyncClient:
    signer = TokenIssuer(service.settings.private_key(issuer), issuer, None, SystemClock())
    token = signer.issue(service.name, actor="agent-7", actor_kind=kind, acr="totp")
    app = build_app(service, lambda _: [], ProblemCatalogue())
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toy", headers=headers)


@pytest.fixture
async def service(make_service) -> Service:
    made = await make_service(toy.definition())
    await fill(made, [opened_and_filled(person, 1, 2) for person in ("ann", "bob")])
    await made.projector([toy.summary, toy.heaps]).apply(await log_of(made))
    return made


@pytest.fixture
async def console(service) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(service) as client:
        yield client


async def test_a_members_token_opens_nothing_internal(service):
    async with client_of(service, "gateway") as members:
        for path in ("ops/relay", "ops/projections", "ops/parked", "ops/explanations/toy.summary/ann", "audit/head"):
            answer = await members.get(f"/internal/{path}")
            assert (answer.status_code, answer.json()["code"]) == (403, "issuer-refused")


async def test_an_agent_of_the_desk_sees_nothing_of_operations_and_an_auditor_changes_nothing(service):
    async with client_of(service, kind="agent") as agent, client_of(service, kind="auditor") as auditor:
        for path in ("ops/relay", "audit/head", "audit/commits", "audit/persons/ann"):
            assert (await agent.get(f"/internal/{path}")).json()["code"] == "issuer-refused"
        assert (await auditor.get("/internal/ops/relay")).status_code == 200
        for path in ("flip/toy.summary", "rollback/toy.summary", "parked-groups/retry", "parked/x", "jobs"):
            body = {"kind": "fill", "consumer": "x", "error": "x", "cap": 1, "action": "retry", "reason": "why"}
            headers = {"Idempotency-Key": "8f7f9a2c-0000-4000-8000-000000000001"}
            answer = await auditor.post(f"/internal/ops/{path}", json=body, headers=headers)
            assert (path, answer.json()["code"]) in ((path, "issuer-refused"), (path, "request-invalid"))
        assert await service.database["jobs"].count_documents({}) == 0


async def test_a_meter_that_no_longer_sees_what_is_recorded_is_not_believed(service, console):
    await service.lag_meter().measure(toy.summary)
    await open_box(service, 1)
    soon = dt.timedelta(seconds=SILENT + 1)
    later = service.clock.now() + soon
    await service.database["progress"].update_one({"_id": toy.summary.id}, {"$set": {"at": later, "moved_at": later}})
    service.clock = HandClock(later)
    found = {one["name"]: one for one in (await console.get("/internal/ops/projections")).json()}
    assert (found["toy.summary"]["pulse"], found["toy.summary"]["lag_events"]) == ("blind", 0)
    relay = (await console.get("/internal/ops/relay")).json()
    assert relay["lag_seconds"] > SILENT
    assert relay["stalled"] is False


async def test_where_events_wait_it_is_said_by_partition_in_events_and_seconds(service, console):
    await service.lag_meter().measure(toy.summary)
    await open_box(service, 1, person="eve")
    await service.lag_meter().measure(toy.summary)
    found = {one["name"]: one for one in (await console.get("/internal/ops/projections")).json()}
    waits = found["toy.summary"]["lag_partitions"][str(partition_of("eve"))]
    assert waits["events"] == 2
    assert 0 <= waits["seconds"] < 60


async def test_the_graphs_are_drawn_from_samples(service, console):
    for _ in range(2):
        await service.database["samples"].insert_one(await sample(service))
        await open_box(service, 1)
    first, second = (await console.get("/internal/ops/samples")).json()
    assert (first["head"], second["head"], second["relay_lag"]) == (2, 4, 4)
    assert first["rate"] == 0
    assert second["rate"] > 0


async def test_the_state_of_every_read_model_and_of_the_relay(service, console):
    await service.lag_meter().measure(toy.summary)
    found = {one["name"]: one for one in (await console.get("/internal/ops/projections")).json()}
    assert found["toy.summary"]["live"] == toy.summary.id
    assert (found["toy.summary"]["position"], found["toy.summary"]["lag_events"]) == (2, 0)
    assert found["toy.heaps"]["measured_at"] is None
    assert (found["toy.summary"]["pulse"], found["toy.heaps"]["pulse"]) == ("current", "unknown")
    assert (found["toy.summary"]["trend"], found["toy.summary"]["lag_persons"]) == (0, 0)
    relay = (await console.get("/internal/ops/relay")).json()
    assert (relay["head"], relay["position"], relay["lag"]) == (2, 0, 2)


async def test_the_map_says_which_event_leads_where(console):
    found = (await console.get("/internal/ops/map")).json()
    assert (found["service"], found["release"]) == ("toy", 1)
    events = {one["type"]: one for one in found["events"]}
    assert events["BoxFilled"]["projections"] == ["toy.summary", "toy.heaps"]
    assert events["BoxOpened"]["projections"] == ["toy.summary"]
    assert events["BoxOpened"]["schema"] == 2


async def test_a_parked_key_is_seen_and_a_skip_needs_a_reason(service, console):
    projector = service.projector([toy.summary])
    working = projector.working_set()
    await working.load_streams(["box:eve"])
    working.park(toy.summary, "box:eve", {"kind": "projection", "version": 1, "error": "X", "at": toy.T0})
    await working.flush()
    states = {one["name"]: one for one in (await console.get("/internal/ops/projections")).json()}
    assert (states["toy.summary"]["parked_keys"], states["toy.summary"]["last_error"]) == (1, "X")
    [row] = (await console.get("/internal/ops/parked")).json()
    assert (row["stream"], row["error"], row["waiting"]) == ("box:eve", "X", 0)
    path = f"/internal/ops/parked/{row['_id']}"
    refused = await console.post(path, json={"action": "skip", "reason": " "})
    assert (refused.status_code, refused.json()["code"]) == (409, "reason-required")
    assert (await console.post(path, json={"action": "skip", "reason": "seen"})).status_code == 202
    [row] = await service.parking.rows()
    assert (row["request"]["action"], row["request"]["actor"]) == ("skip", "agent-7")
    assert (await console.post(f"{path}x", json={"action": "retry", "reason": ""})).json()["code"] == "not-parked"
    assert (await console.post(path, json={"action": "edit", "reason": "x"})).json()["code"] == "action-unknown"


async def test_parked_keys_are_grouped_by_error_and_tried_again_with_a_preview_and_a_cap(service, console):
    working = service.projector([toy.summary]).working_set()
    names = [f"box:{number}" for number in range(5)]
    await working.load_streams(names)
    for number, name in enumerate(names):
        error = "Gap" if number == 4 else "X"
        working.park(toy.summary, name, {"kind": "projection", "version": 1, "error": error, "at": toy.T0})
    await working.flush()
    most, other = (await console.get("/internal/ops/parked-groups")).json()
    assert (most["consumer"], most["error"], most["keys"], most["waiting"]) == (toy.summary.id, "X", 4, 0)
    assert (other["error"], other["keys"]) == ("Gap", 1)
    wish = {"consumer": toy.summary.id, "error": "X", "cap": 3}
    path = "/internal/ops/parked-groups/retry"
    assert (await console.post(path, json=wish)).json() == {"keys": 4, "chosen": 3, "requested": 0}
    assert [row for row in await service.parking.rows() if "request" in row] == []
    done = await console.post(path, json=wish | {"do": True, "reason": "mended"})
    assert done.json() == {"keys": 4, "chosen": 3, "requested": 3}
    asked = [row["request"]["action"] for row in await service.parking.rows() if "request" in row]
    assert asked == ["retry"] * 3
    assert (await console.post(path, json=wish | {"cap": 0})).status_code == 422


async def test_an_explanation_names_events_and_fields_and_shows_no_value(service, console):
    answer = await console.get("/internal/ops/explanations/toy.summary/ann")
    found = answer.json()
    assert found["as_live"] is True
    assert [(step["type"], step["version"], sorted(step["fields"])) for step in found["steps"]] == [
        ("BoxOpened", 1, ["content", "events", "label", "person_id"]),
        ("BoxFilled", 2, ["content", "events"]),
        ("BoxFilled", 3, ["content", "events"]),
    ]
    assert found["document"]["label"]["shape"] == "text(12)"
    assert found["steps"][0]["fields"]["label"]["before"] is None
    assert "label of ann" not in json.dumps(found)
    values = await console.get("/internal/ops/explanations/toy.summary/ann", params={"values": "true"})
    assert (values.status_code, values.json()["code"]) == (403, "issuer-refused")
    async with client_of(service, kind="supervisor") as supervisor:
        shown = await supervisor.get("/internal/ops/explanations/toy.summary/ann", params={"values": "true"})
        assert shown.json()["document"]["label"]["value"] == "label of ann"
    await service.database[toy.summary.id].update_one({"_id": "ann"}, {"$set": {"content": 99}})
    assert (await console.get("/internal/ops/explanations/toy.summary/ann")).json()["as_live"] is False
    past = {"until": "2020-01-01T00:00:00Z"}
    assert (await console.get("/internal/ops/explanations/toy.summary/ann", params=past)).json()["steps"] == []


async def test_the_log_is_read_without_a_value(service, console):
    person = await open_box(service, 3)
    head = (await console.get("/internal/audit/head")).json()
    assert head["position"] == 4
    facts = (await console.get(f"/internal/audit/streams/box:{person}")).json()
    assert [(fact["type"], fact["version"], fact["fields"]) for fact in facts] == [
        ("BoxOpened", 1, ["at", "label", "person_id"]),
        ("BoxFilled", 2, ["amount", "at", "person_id"]),
    ]
    assert (await console.get(f"/internal/audit/persons/{person}")).json() == [f"box:{person}"]
    assert len((await console.get(f"/internal/audit/correlations/{person}")).json()) == 2
    assert [fact["position"] for fact in (await console.get("/internal/audit/commits?after=3")).json()] == [4]
    assert (await console.get(f"/internal/audit/commits?after={1 << 63}")).status_code == 422
