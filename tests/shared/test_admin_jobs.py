"""Jobs of operations: asked over HTTP, carried out by a worker, whoever asked may be gone."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from typing import Any

import httpx
import pytest

from shared.admin.checks import models_against_store
from shared.admin.jobs import Ask, Jobs, Kind
from shared.admin.runner import LOOKS, WRITES, JobRunner
from shared.jobs import JobRow, JobState
from shared.leases import LeaseLost
from shared.service import Service
from tests import toy
from tests.shared.test_admin import client_of
from tests.shared.toybox import fill, fold_of, log_of, opened_and_filled, read_model, some_id, until

pytestmark = pytest.mark.connected


class Wrong:
    """A read model whose content is one too many: the bug that a new version mends."""

    @staticmethod
    def evolve(document: toy.Summary | None, event: Any) -> toy.Summary | None:
        right = toy.summarise(document, event)
        return right.model_copy(update={"events": 0}) if right else None


V2 = (replace(toy.summary, version=2, evolve=Wrong.evolve), replace(toy.heaps, version=2))


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


async def ask(console: httpx.AsyncClient, **wanted: Any) -> httpx.Response:
    return await console.post("/internal/ops/jobs", json=wanted, headers={"Idempotency-Key": some_id()})


async def done(service: Service, console: httpx.AsyncClient, **wanted: Any) -> dict[str, Any]:
    """Ask, and let a worker do it."""
    asked = await ask(console, **wanted)
    assert asked.status_code == 202, asked.text
    await turn(service)
    return (await console.get(f"/internal/ops/jobs/{asked.json()['id']}")).json()


async def turn(service: Service, lease: str = "all") -> None:
    runner = JobRunner(service, (*WRITES, *LOOKS), service.lease(lease))
    assert await runner._lease.acquire()
    await runner.turn()
    await runner._lease.release()


async def test_a_dry_run_counts_and_writes_nothing_but_its_answer(service, console):
    found = await done(service, console, kind="plan")
    assert found["state"] == "done"
    assert found["result"]["by_type"] == {"BoxOpened": 2, "BoxFilled": 4}
    assert (found["result"]["events"], found["result"]["effects"]) == (6, 0)
    one = await done(service, console, kind="plan", person="ann")
    assert one["result"]["events"] == 3


async def test_a_replay_of_one_person_mends_in_place(service, console):
    await service.database[toy.summary.id].update_many({}, {"$set": {"content": 99}})
    found = await done(service, console, kind="fill", person="ann")
    assert (found["state"], found["result"]["events"], found["actor"]) == ("done", 3, "agent-7")
    models = await read_model(service, toy.summary)
    assert (models["ann"].content, models["bob"].content) == (3, 99)


async def test_what_makes_no_sense_is_refused_and_leaves_nothing(service, console):
    both = await ask(console, kind="fill", person="ann", since="1")
    unknown = await ask(console, kind="compare", projection="toy.none")
    assert [one.json()["code"] for one in (both, unknown)] == ["scope-invalid", "projection-unknown"]
    assert (await ask(console, kind="destroy")).status_code == 422
    assert (await console.get("/internal/ops/jobs")).json() == []
    assert (await console.get("/internal/ops/jobs/none")).json()["code"] == "job-unknown"


async def test_the_same_request_twice_is_one_job(service, console):
    headers = {"Idempotency-Key": some_id()}
    for _ in range(2):
        await console.post("/internal/ops/jobs", json={"kind": "plan"}, headers=headers)
    assert len((await console.get("/internal/ops/jobs")).json()) == 1


async def test_a_new_version_is_filled_beside_compared_by_field_flipped_and_taken_back(service, make_service):
    new = await make_service(toy.definition(projections=V2, release=2))
    async with client_of(new) as console:
        assert (await done(new, console, kind="fill"))["result"]["events"] == 6
        found = (await done(new, console, kind="compare", projection="toy.summary"))["result"]
        assert (found["from"], found["to"], found["equal"], found["different"]) == (1, 2, False, 2)
        assert found["fields"] == {"events": 2}
        assert found["hashes"]["live"] != found["hashes"]["candidate"]
        [sample, _] = found["shown"]["events"]
        assert (sample["key"], sample["live"]["shape"]) == ("ann", "number")
        assert sample["live"]["hash"] != sample["candidate"]["hash"]
        assert "label of" not in json.dumps(found)
        same = (await done(new, console, kind="compare", projection="toy.heaps"))["result"]
        assert same["equal"] is True
        assert same["hashes"]["live"] == same["hashes"]["candidate"]
        assert (await console.post("/internal/ops/flip/toy.summary")).json() == {"flipped": True}
        assert (await new.queries.get(V2[0], "ann")).events == 0
        assert (await console.post("/internal/ops/rollback/toy.summary")).json() == {"rolled_back": True}
        assert (await new.queries.get(V2[0], "ann")).events == 3
        assert (await console.post("/internal/ops/flip/toy.unknown")).json()["code"] == "projection-unknown"


async def test_paused_it_waits_killed_it_waits_still_and_then_it_goes_on(service, console, make_service):
    await fill(service, [opened_and_filled(some_id(), 1) for _ in range(300)])
    new = await make_service(toy.definition(projections=V2, release=2))
    async with client_of(new) as client:
        job = (await ask(client, kind="fill", limit=100)).json()["id"]
        path = f"/internal/ops/jobs/{job}"
        worker = asyncio.create_task(turn(new))

        async def state() -> str | None:
            return ((await client.get(path)).json()["progress"] or {}).get("state")

        async def is_running() -> bool:
            return await state() == "running"

        await until(is_running)
        await client.post(f"{path}/paused")
        await asyncio.sleep(1.5)
        worker.cancel()  # and nobody of the console is there
        await asyncio.gather(worker, return_exceptions=True)
        assert await state() == "paused"
        await new.database["leases"].update_one({"_id": "all"}, [{"$set": {"owner": None, "until": "$$NOW"}}])
        worker = asyncio.create_task(turn(new))
        await asyncio.sleep(0.7)
        assert await state() == "paused"
        await client.post(f"{path}/running")
        await asyncio.sleep(1.0)
        await client.post(f"{path}/cancelled")
        await worker
        assert (await client.get(path)).json()["state"] == "cancelled"
        assert (await client.post(f"{path}/running")).json()["code"] == "job-over"
        finished = await done(new, client, kind="fill")
        assert finished["state"] == "done"
    assert await read_model(new, V2[0]) == await fold_of(new, V2[0])


async def test_its_speed_is_changed_under_way(service, console, make_service):
    await fill(service, [opened_and_filled(some_id(), 1) for _ in range(300)])
    new = await make_service(toy.definition(projections=V2, release=2))
    async with client_of(new) as client:
        job = (await ask(client, kind="fill", limit=2)).json()["id"]
        path = f"/internal/ops/jobs/{job}"
        assert (await client.post(f"{path}/limit", json={"limit": 5})).json()["code"] == "job-not-running"
        worker = asyncio.create_task(turn(new))

        async def limit() -> float | None:
            return ((await client.get(path)).json()["progress"] or {}).get("limit")

        assert await until(limit) == 2
        for wrong in (-1, "fast", None):
            assert (await client.post(f"{path}/limit", json={"limit": wrong})).status_code == 422
        assert (await client.post(f"{path}/limit", json={"limit": 0})).status_code == 202
        await asyncio.wait_for(worker, 20)  # at the old speed: five minutes
        assert (await client.get(path)).json()["state"] == "done"
        assert (await client.post(f"{path}/limit", json={"limit": 5})).json()["code"] == "job-over"


async def test_what_cannot_be_compared_is_said(service, console, make_service):
    assert (await done(service, console, kind="compare", projection="toy.summary"))["result"]["unready"] == "same"
    new = await make_service(toy.definition(projections=V2, release=2))
    async with client_of(new) as client:
        found = await done(new, client, kind="compare", projection="toy.summary")
        assert found["result"] == {"from": 1, "to": 2, "unready": "candidate"}
        await done(new, client, kind="fill")
        await new.database[toy.summary.id].update_one({"_id": "ann"}, {"$set": {"of_another_time": 1}})
        found = await done(new, client, kind="compare", projection="toy.summary")
        assert (found["state"], found["result"]["unready"]) == ("done", "shape")
        await new.database[toy.summary.id].delete_many({})
        assert (await done(new, client, kind="compare", projection="toy.summary"))["result"]["unready"] == "live"


async def test_a_holder_that_was_overtaken_writes_no_more(service):
    rows = service.database["rebuilds"]
    old, new = service.lease("replays"), service.lease("replays")
    assert await old.acquire()
    stale = JobRow(rows, "x", service.clock, old)
    await stale.begin(0)
    await service.database["leases"].update_one({"_id": "replays"}, [{"$set": {"until": "$$NOW"}}])
    assert await new.acquire()
    fresh = JobRow(rows, "x", service.clock, new)
    await fresh.begin(7)
    with pytest.raises(LeaseLost):
        await stale.save(position=3)
    assert (await fresh.read())["position"] == 7


async def test_a_job_that_fails_says_its_class_and_the_next_one_runs(service, console):
    jobs = Jobs(service.database, service.clock)
    await jobs.ask("bad", Ask(kind=Kind.COMPARE, projection="toy.gone"), "x")
    await done(service, console, kind="plan")
    row = await jobs.rows.find_one({"_id": "bad"})
    assert (row["state"], row["error"]) == (JobState.FAILED.value, "Rejected")


async def test_the_map_says_what_the_last_check_found(service, console):
    async def checks() -> dict[str, Any]:
        return {one["name"]: one["check"] for one in (await console.get("/internal/ops/projections")).json()}

    assert set((await checks()).values()) == {None}
    await service.database[toy.summary.id].update_one({"_id": "bob"}, {"$set": {"content": 99}})
    job = Ask(kind=Kind.RECONCILE)
    found = [asdict(await models_against_store(service, one)) for one in service.definition.projections]
    jobs = Jobs(service.database, service.clock)
    await jobs.ask("check", job, "x")
    await jobs.set("check", JobState.DONE, result={"models": found})
    said = (await checks())["toy.summary"]
    assert (said["checked"], said["different"], said["fields"]) == (2, 1, ["content"])
    assert (await checks())["toy.heaps"]["different"] == 0
