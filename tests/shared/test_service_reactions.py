"""Reactions of a whole worker on real Kafka: across services, from their beginning on, and new ones in an old group."""

import asyncio
import datetime as dt
from dataclasses import replace

import pytest

from shared.kernel import Issued
from shared.messaging import Delivered
from shared.reactions import Incoming, On, Reaction
from shared.service import Definition, Service
from shared.service.joining import join_reactions, reactions_group
from shared.service.worker import run_worker
from shared.topics import commit_ends
from tests import toy
from tests.shared.reacting import EPOCH, inbox, parked
from tests.shared.toybox import box, in_background, open_box, put, some_id, until

pytestmark = pytest.mark.connected


@pytest.fixture
def name(topic) -> str:
    made = f"toy{some_id()[:8]}"
    topic(made)
    return made


class Opened(Incoming):
    person_id: str


def copy_of(event: Opened, delivery: Delivered) -> list[Issued]:
    opening = toy.Open(at=delivery.recorded_at, person_id=event.person_id, label=f"copy for {event.person_id}")
    return [Issued(box(event.person_id), opening)]


def copying(source: str, since: dt.datetime = EPOCH, *, called: str = "copying") -> Reaction:
    return Reaction(called, source, since, {"BoxOpened": On(Opened, copy_of)})


def reacting(name: str, *reactions: Reaction) -> Definition:
    return replace(toy.definition(name), reactions=reactions)


async def test_an_event_of_another_service_becomes_a_command_once_and_since_leaves_out_the_past(
    make_service, name, topic, settings
):
    source = await make_service(toy.definition(name))
    before = await open_box(source)
    since = dt.datetime.now(dt.UTC) + dt.timedelta(milliseconds=5)
    await asyncio.sleep(0.02)
    after = await open_box(source)
    own = f"{name}copy"
    topic(own)
    other = Service(reacting(own, copying(name, since)), settings.model_copy(update={"mongo_database": f"{own}_db"}))
    await other.prepare()
    async with in_background(source.relay(same_process=True).run(), run_worker(other), run_worker(other)):
        await until(lambda: _exists(other, after))
        await until(lambda: _inbox_is(other, {before: 1, after: 1}))
    assert (await other.state(box(before)))[1] == 0
    assert (await other.state(box(after)))[1] == 1
    assert await parked(other) == {}
    await other.close()


async def test_a_new_reaction_reads_what_its_group_has_passed_and_no_stream_begins_with_a_gap(
    make_service, name, topic, settings
):
    source = await make_service(toy.definition(name))
    old = [await open_box(source, 1) for _ in range(3)]
    async with in_background(source.relay(same_process=True).run()):
        await until(lambda: _relayed(source, 6))
        own = f"{name}copy"
        topic(own)
        elsewhere = settings.model_copy(update={"mongo_database": f"{own}_db"})
        first = Service(reacting(own), elsewhere)
        await first.prepare()
        await commit_ends(first.kafka, f"{name}.events.v1", reactions_group(first))
        since = dt.datetime.now(dt.UTC)
        new = Service(reacting(own, copying(name, since)), elsewhere)
        async with in_background(run_worker(new)):
            await until(lambda: _has_joined(new, name))
            late = await open_box(source)
            await put(source, old[0], 2)
            await until(lambda: _inbox_is(new, {old[0]: 3, old[1]: 2, old[2]: 2, late: 1}))
            await until(lambda: _exists(new, late))
        assert await parked(new) == {}
        assert [(await new.state(box(person)))[1] for person in old] == [0, 0, 0]
        await new.close()
        await first.close()


async def test_a_handler_that_joined_once_reads_nothing_again(make_service, name):
    source = await make_service(reacting(name, copying(name)))
    await join_reactions(source, source.reactors())
    marks = await source.database["inbox"].find_one({"_id": "copying"})
    assert marks["topic"] == f"{name}.events.v1"
    await join_reactions(source, source.reactors())
    assert await source.database["inbox"].find_one({"_id": "copying"}) == marks


async def _has_joined(service: Service, source: str) -> bool:
    marks = service.database["inbox"].find({"joined_at": {"$exists": True}})
    return [(row["_id"], row["topic"]) async for row in marks] == [("copying", f"{source}.events.v1")]


async def _exists(service: Service, person: str) -> bool:
    return (await service.state(box(person)))[1] > 0


async def _inbox_is(service: Service, expected: dict[str, int]) -> bool:
    return await inbox(service) == expected


async def _relayed(service: Service, position: int) -> bool:
    row = await service.database["relay_checkpoints"].find_one({"_id": "relay"})
    return bool(row and row["position"] == position)
