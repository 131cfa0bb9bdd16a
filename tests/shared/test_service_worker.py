"""A whole worker on real Kafka: read models, reactions, processes, effects, deadlines, parked keys."""

import asyncio
import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from shared.effects import Effect
from shared.kernel import Issued
from shared.messaging import Delivered
from shared.projections.queries import Written
from shared.reactions import Incoming, On, Reaction
from shared.service import Definition, Service
from shared.service.joining import join_reactions, reactions_group
from shared.service.worker import run_worker
from shared.topics import commit_ends
from tests import toy
from tests.shared import deadlines
from tests.shared.reacting import EPOCH, inbox, parked
from tests.shared.toybox import box, cursor, fold_of, in_background, open_box, put, read_model, some_id, until

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


async def test_a_command_is_seen_in_its_read_model_a_process_answers_it_and_its_effect_is_had(make_service, name):
    mails: list[str] = []

    async def mail(event: toy.BoxOpened, message_id: str) -> None:
        mails.append(event.person_id)

    async def was_accepted(message_id: str) -> None:
        return None

    welcome = Effect("welcome", toy.BoxOpened, mail, was_accepted)
    service = await make_service(toy.definition(name, processes=[toy.filler], effects=[welcome]))
    async with in_background(service.relay(same_process=True).run(), run_worker(service)):
        person = await open_box(service)
        assert await service.queries.wait(toy.summary, Written(box(person), 2), patience=20) == 0
        await until(lambda: _true(mails))
    found = await service.queries.get(toy.summary, person)
    assert found == toy.Summary(person_id=person, label=f"label of {person}", content=1, events=2)
    assert mails == [person]


async def test_a_deadline_is_fired_by_the_worker(make_service, name):
    service = await make_service(deadlines.definition(name))
    async with in_background(service.relay(same_process=True).run(), run_worker(service)):
        person = await open_box(service, 1)  # filled at T0, long ago
        assert await service.queries.wait(toy.summary, Written(box(person), 3), patience=20) == 0
    assert await service.state(box(person)) == (toy.Box(is_open=True), 3)


async def test_a_poisoned_event_parks_its_key_others_flow_and_requests_are_carried_out(make_service, name):
    fragile = toy.Fragile()
    tally = fragile.projection()
    service = await make_service(toy.definition(name, [toy.summary, tally]))
    async with in_background(service.relay(same_process=True).run(), run_worker(service)) as [_, worker]:
        skipped = await open_box(service, 1, toy.POISON, 2)
        mended = await open_box(service, 1, toy.POISON, 2)
        sound = await open_box(service, 1, 2)
        assert await service.queries.wait(tally, Written(box(sound), 3), patience=20) == 0
        await until(lambda: _are_parked(service, skipped, mended))
        assert await read_model(service, toy.summary) == await fold_of(service, toy.summary)
        await put(service, mended, 4)
        assert await service.parking.ask(f"{tally.id}|{box(skipped)}", "skip", "ann", "counted by hand")
        await until(lambda: _are_parked(service, mended))
        fragile.mended = True
        assert await service.parking.ask(f"{tally.id}|{box(mended)}", "retry", "ann", "mended")
        await until(lambda: _are_parked(service))
        await until(lambda: _cursor_is(service, mended, tally, 5))
        assert not worker.done()
    must = await fold_of(service, tally)
    must[skipped] = toy.Tally(total=3)
    assert await read_model(service, tally) == must


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


async def test_a_worker_ends_when_a_part_of_it_crashes(make_service, name):
    """The supervisor of the process starts it again; limping on would look healthy."""

    class Broken(Service):
        def projector(self, projections: Any) -> Any:
            made = super().projector(projections)
            made.apply = self.fail  # type: ignore[method-assign]
            return made

        async def fail(self, batch: Any) -> None:
            raise ZeroDivisionError

    service = await make_service(toy.definition(name))
    broken = Broken(service.definition, service.settings)
    async with in_background(service.relay(same_process=True).run()):
        await open_box(service)
        with pytest.raises(ExceptionGroup) as crashed:
            await asyncio.wait_for(run_worker(broken), 30)
    assert [str(one) for one in crashed.value.exceptions] == [f"{name}.read-models.r1 crashed"]
    await broken.close()


async def _true(value: Any) -> bool:
    return bool(value)


async def _are_parked(service: Service, *persons: str) -> bool:
    return set(await parked(service)) == set(persons)


async def _cursor_is(service: Service, person: str, projection: Any, version: int) -> bool:
    return await cursor(service, person, projection) == version


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
