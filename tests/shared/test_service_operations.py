"""What an operator does from a shell, and the processes that a service runs as."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
import typer

from deploy.local import ports
from shared.scopes import Scope
from shared.service import Service, operations
from tests import toy
from tests.shared.programs import program
from tests.shared.rounds import environment
from tests.shared.toybox import (
    fill,
    fold_of,
    log_of,
    open_box,
    opened_and_filled,
    read_model,
    some_id,
    until,
)

pytestmark = pytest.mark.connected
V2 = (replace(toy.summary, version=2), replace(toy.heaps, version=2))


@pytest.fixture
async def releases(make_service) -> tuple[Service, Service]:
    """The one whose read models are live, and the next."""
    name = f"toy{some_id()[:8]}"
    old = await make_service(toy.definition(name))
    await fill(old, [opened_and_filled(person, 1, 2) for person in ("ann", "bob")])
    await old.projector([toy.summary, toy.heaps]).apply(await log_of(old))
    return old, await make_service(toy.definition(name, V2, release=2))


async def test_plan_replay_compare_flip_and_roll_back(releases, capsys):
    old, new = releases
    await operations.plan(new)
    await operations.differences(new)
    await operations.flip(old)
    assert capsys.readouterr().out.count("missing=2") == 1  # summaries; heaps miss four
    await operations.replay(new, limit=0, again=False)
    await operations.differences(new)
    shown = capsys.readouterr().out
    assert "'position': 2, 'head': 2" in shown
    assert shown.count("different=0") == 2
    await operations.flip(new)
    assert (await old.pointers.first(toy.summary), await old.pointers.first(toy.heaps)) == (2, 2)
    await operations.roll_back(new, "toy.summary")
    await operations.roll_back(new, "toy.unknown")
    assert (await old.pointers.first(toy.summary), await old.pointers.first(toy.heaps)) == (1, 2)
    shown = capsys.readouterr().out
    assert (shown.count("flipped"), shown.count("rolled back"), shown.count("unchanged")) == (2, 1, 1)


async def test_a_replay_with_a_scope_mends_in_place_and_one_begun_again_keeps_the_rest(releases):
    old, _ = releases
    for person in ("ann", "bob"):
        await old.database[toy.summary.id].update_one({"_id": person}, {"$set": {"content": 99}})
    await operations.replay(old, limit=0, again=False, scope=Scope(person="ann"))
    found = await read_model(old, toy.summary)
    assert (found["ann"].content, found["bob"].content) == (3, 99)
    await operations.replay(old, limit=0, again=True)
    assert (await read_model(old, toy.summary))["bob"].content == 99
    await operations.replay(old, limit=0, again=False, scope=Scope(since=1))
    assert await read_model(old, toy.summary) == await fold_of(old, toy.summary)


async def test_the_chain_and_the_topic_are_checked_and_a_difference_ends_with_an_error(releases, topic, capsys):
    old, _ = releases
    topic(old.name)
    await operations.check_chain(old)
    await operations.check_topic(old)
    assert f"'hash': '{(await old.store.head()).hash.hex()}'" in capsys.readouterr().out.replace("\n", "")
    claimed = {"position": 2, "hash": bytes(32), "epoch": 1}
    await old.database["relay_checkpoints"].insert_one({"_id": "relay", **claimed})
    with pytest.raises(typer.Exit):
        await operations.check_topic(old)


@contextlib.asynccontextmanager
async def running(service: Service, *arguments: str, port: int = 0) -> AsyncIterator[asyncio.subprocess.Process]:
    env = {**environment(service.settings), "TOY_NAME": service.name, "HTTP_PORT": str(port), "LOG_LEVEL": "error"}
    async with program("worker_service", *arguments, env=env) as process:
        yield process


async def answers(port: int, path: str) -> httpx.Response | None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        try:
            return await client.get(path)
        except httpx.TransportError:
            return None


async def content(port: int, person: str) -> int:
    answer = await answers(port, f"/boxes/{person}")
    return int(answer.json()["content"]) if answer and answer.is_success else -1


async def test_api_relay_and_worker_as_three_processes_do_what_one_does(make_service, topic):
    name = f"toy{some_id()[:8]}"
    topic(name)
    service = await make_service(toy.definition(name))
    api, relay, worker = found = [ports.pick() for _ in range(3)]
    person = await open_box(service)
    async with (
        running(service, "api", port=api),
        running(service, "relay", port=relay),
        running(service, "worker", port=worker) as working,
    ):
        await until(lambda: _content_is(api, person, 1))
        for port in found:
            assert (await answers(port, "/readyz")).status_code == 200
        assert (await answers(worker, f"/boxes/{person}")).status_code == 404
        working.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(working.wait(), 20) == 0


async def test_all_in_one_process_and_a_signal_ends_it_in_order(make_service, topic):
    name = f"toy{some_id()[:8]}"
    topic(name)
    service = await make_service(toy.definition(name))
    port = ports.pick()
    async with running(service, "all", port=port) as process:
        person = await open_box(service)
        await until(lambda: _content_is(port, person, 1))
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 20) == 0
    lease = await service.database["leases"].find_one({"_id": "relay"})
    assert lease is not None
    assert lease["owner"] is None


async def test_a_command_line_says_what_it_offers_and_reads_a_scope(releases):
    old, _ = releases
    await old.database[toy.summary.id].update_many({}, {"$set": {"content": 99}})
    async with running(old, "--help") as helping, running(old, "replay", "--since", "1") as replaying:
        (out, _), _ = await asyncio.gather(helping.communicate(), replaying.communicate())
    offered = {"api", "relay", "worker", "all", "plan", "replay", "compare", "flip", "rollback", "verify", "reconcile"}
    assert offered <= set(out.decode().split())
    assert (helping.returncode, replaying.returncode) == (0, 0)
    assert {key: one.content for key, one in (await read_model(old, toy.summary)).items()} == {"ann": 99, "bob": 3}


async def _content_is(port: int, person: str, wanted: int) -> bool:
    return await content(port, person) == wanted
