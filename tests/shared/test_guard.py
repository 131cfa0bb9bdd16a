"""A record that the owner never wrote: his own consumers make nothing of it, it is parked, and the alarm goes."""

import hashlib
from dataclasses import replace

import pytest

from shared.admin.jobs import Ask, Jobs, Kind
from shared.admin.runner import LOOKS, JobRunner
from shared.guard import Guard
from shared.kafka import discard, topic_of
from shared.messaging import Delivered, delivered_of, messages_of
from shared.metrics import FOREIGN_RECORDS
from shared.projections.queries import Written
from shared.service import Service
from shared.service.worker import run_worker
from shared.signatures import Signer
from tests import toy
from tests.shared.toybox import box, in_background, log_of, open_box, put, some_id, until

pytestmark = pytest.mark.connected


@pytest.fixture
def name(topic) -> str:
    made = f"toy{some_id()[:8]}"
    topic(made)
    return made


async def forge(service: Service, person: str, amount: int) -> None:
    """A record as the next event of a person's box, under a hash that is nobody's, signed with a stolen key."""
    head = await service.store.head()
    [last] = await service.store.window(head.position - 1, 1)
    commit = {**last, "_id": head.position + 1, "v0": last["v0"] + 1, "h": hashlib.sha256(b"forged").digest()}
    commit["ev"] = [{**last["ev"][0], "id": some_id(), "data": {**last["ev"][0]["data"], "amount": amount}}]
    key, producer = service.settings.record_key(service.name), service.kafka.producer()
    await producer.start()
    try:
        for one in Signer(topic_of(service.name), key).sign(messages_of(service.name, commit)):
            await producer.send_and_wait(topic_of(service.name), one.value, key=one.key, headers=one.headers)
    finally:
        await discard(producer)


async def test_a_forged_record_is_folded_by_nobody_parked_and_counted(make_service, name):
    service = await make_service(toy.definition(name, processes=[toy.filler]))
    alarm = FOREIGN_RECORDS.labels(name)
    async with in_background(service.relay(same_process=True).run(), run_worker(service)):
        person = await open_box(service)
        assert await service.queries.wait(toy.summary, Written(box(person), 2), patience=30) == 0
        await forge(service, person, 500)

        async def parked() -> list[dict]:
            return await service.parking.rows()

        [row] = await until(parked)
        assert (row["kind"], row["error"], row["consumer"]) == ("record", "UnknownCommit", topic_of(name))
        await put(service, person, 2)
        assert await service.queries.wait(toy.summary, Written(box(person), 3), patience=30) == 0
        assert (await service.queries.get(toy.summary, person)).content == 3
        assert alarm._value.get() >= 1
        jobs = Jobs(service.database, service.clock)
        await jobs.ask("look", Ask(kind=Kind.RECONCILE), "x")
        runner = JobRunner(service, LOOKS, service.lease("here"))
        assert await runner._lease.acquire()
        await runner.turn()
    result = (await jobs.rows.find_one({"_id": "look"}))["result"]
    assert result["topic"]["first_difference"] == 4
    assert [one["different"] for one in result["models"]] == [0, 0]
    assert result["models"][0]["checked"] == 1


async def test_where_a_document_is_not_what_its_events_make_the_first_is_named_without_a_value(make_service, name):
    service = await make_service(toy.definition(name))
    person = await open_box(service, 5)
    await service.projector([toy.summary, toy.heaps]).apply(await log_of(service))
    await service.database[toy.summary.id].update_one({"_id": person}, {"$set": {"content": 99}})
    jobs = Jobs(service.database, service.clock)
    await jobs.ask("look", Ask(kind=Kind.RECONCILE), "x")
    runner = JobRunner(service, LOOKS, service.lease("here"))
    assert await runner._lease.acquire()
    await runner.turn()
    summary, heaps = (await jobs.rows.find_one({"_id": "look"}))["result"]["models"]
    assert (summary["different"], summary["first"]) == (1, {"key": person, "fields": ["content"]})
    assert (heaps["checked"], heaps["unexplained"]) == (0, 1)


async def test_one_look_tells_ours_from_others(make_service):
    service = await make_service(toy.definition())
    await open_box(service, 1)
    told: list[tuple[str, int, int, str]] = []

    async def tell(topic: str, partition: int, offset: int, error: Exception) -> None:
        told.append((topic, partition, offset, type(error).__name__))

    ours = [one for commit in await service.store.window(0) for one in delivered_of("toy", commit)]
    swapped: Delivered = replace(ours[0], commit_hash=ours[1].commit_hash, place=("t", 1, 2))
    beyond: Delivered = replace(ours[0], position=99, place=("t", 1, 3))
    guard = Guard("toy", service.database, tell)
    assert await guard.known([ours[0], swapped, ours[1], beyond]) == ours
    assert told == [("t", 1, 2, "UnknownCommit"), ("t", 1, 3, "UnknownCommit")]
