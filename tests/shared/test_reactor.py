"""The engine of reactions, processes and effects: each event once in effect, in order, per source stream."""

import asyncio
import datetime as dt

import pytest

from shared.event_store import Conflict, StoreUnavailable
from shared.kafka import KafkaError
from shared.metrics import REACTIONS
from shared.mongo import PyMongoError
from tests import toy
from tests.shared.reacting import Once, Recorder, Topic, inbox, parked, reactor

pytestmark = pytest.mark.connected


@pytest.fixture
async def source(make_service) -> Topic:
    return Topic(await make_service(toy.definition()))


async def test_each_event_is_told_once_in_order_however_often_it_is_delivered(source):
    await source.filled(a=[1, 2], b=[1])
    recorder = Recorder()
    for batch in (source.of("a", 1, 2), source.records, source.of("a", 2, 3) + source.of("b", 1, 2)):
        await reactor(source.service, recorder).apply(batch)
    assert [one for one in recorder.told if one[0] == "a"] == [("a", 1), ("a", 2), ("a", 3)]
    assert sorted(recorder.told) == [("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2)]
    assert await inbox(source.service) == {"a": 3, "b": 2}


async def test_each_handler_has_an_inbox_of_its_own(source):
    await source.filled(a=[1])
    first, second = Recorder("first"), Recorder("second")
    await reactor(source.service, first).apply(source.of("a"))
    await reactor(source.service, first, second).apply(source.of("a"))
    assert first.told == second.told == [("a", 1), ("a", 2)]


async def test_types_it_does_not_want_only_move_the_inbox(source):
    await source.filled(a=[1])
    recorder = Recorder(types=("BoxFilled",))
    await reactor(source.service, recorder).apply(source.of("a"))
    assert recorder.told == [("a", 2)]
    assert await inbox(source.service) == {"a": 2}


async def test_what_was_recorded_before_since_only_moves_the_inbox(source):
    await source.filled(a=[1])
    recorder = Recorder(since=dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1))
    await reactor(source.service, recorder).apply(source.of("a"))
    assert recorder.told == []
    assert await inbox(source.service) == {"a": 2}


async def test_a_refusal_is_an_answer_counted_and_not_parked(source):
    await source.filled(a=[1])

    class Refusing(Recorder):
        async def handle(self, delivery) -> str:
            await super().handle(delivery)
            return "refused"

    counter = REACTIONS.labels("toy", "refusing", "refused")
    before = counter._value.get()
    await reactor(source.service, Refusing("refusing")).apply(source.of("a"))
    assert counter._value.get() == before + 2
    assert await parked(source.service) == {}


@pytest.mark.parametrize(
    "error", [Conflict(), StoreUnavailable(), PyMongoError(), KafkaError(), ConnectionResetError()]
)
async def test_what_will_pass_is_tried_again_beyond_any_patience(source, error):
    await source.filled(a=[1])
    recorder = Once()
    recorder.fails("a", 1, *[error] * 4)
    await reactor(source.service, recorder, patience=0.0).apply(source.of("a"))
    assert recorder.told == [("a", 1), ("a", 2)]
    assert await parked(source.service) == {}


async def test_an_error_that_goes_within_the_patience_parks_nothing(source):
    await source.filled(a=[1])
    recorder = Once()
    recorder.fails("a", 1, ZeroDivisionError(), ZeroDivisionError())
    await reactor(source.service, recorder, patience=5.0).apply(source.of("a"))
    assert recorder.told == [("a", 1), ("a", 2)]
    assert await parked(source.service) == {}


async def test_a_failing_event_parks_its_key_and_the_others_flow(source):
    await source.filled(sick=[1, 2], sound=[1])
    recorder = Recorder()
    recorder.fails("sick", 2, ZeroDivisionError("a value that must not be kept"))
    one = reactor(source.service, recorder)
    await one.apply(source.of("sick", 1, 2) + source.of("sound"))
    await one.apply(source.of("sick", 3))
    assert sorted(recorder.told) == [("sick", 1), ("sound", 1), ("sound", 2)]
    assert await inbox(source.service) == {"sick": 1, "sound": 2}
    row = (await parked(source.service))["sick"]
    assert [pointer["version"] for pointer in row["waiting"]] == [2, 3]
    assert {key: row[key] for key in ("kind", "consumer", "stream", "source", "version", "event_type", "error")} == {
        "kind": "reaction",
        "consumer": "recorder",
        "stream": "box:sick",
        "source": "toy",
        "version": 2,
        "event_type": "BoxFilled",
        "error": "ZeroDivisionError",
    }
    assert "must not be kept" not in str(row)


async def test_one_handler_parks_a_key_and_the_other_goes_on(source):
    await source.filled(a=[1])
    sick, sound = Recorder("sick"), Recorder("sound")
    sick.fails("a", 1, ZeroDivisionError())
    await reactor(source.service, sick, sound).apply(source.of("a"))
    assert (sick.told, sound.told) == ([], [("a", 1), ("a", 2)])


async def test_streams_are_answered_side_by_side(source):
    await source.filled(a=[1], b=[1])
    both = asyncio.Barrier(2)

    class Meeting(Recorder):
        async def handle(self, delivery) -> str:
            await asyncio.wait_for(both.wait(), 5)
            return await super().handle(delivery)

    recorder = Meeting()
    await reactor(source.service, recorder).apply(source.records)
    assert len(recorder.told) == 4


async def test_killed_before_the_inbox_moved_the_event_is_told_again(source):
    """The handler answers for its effect: the same event, hence the same command id or ledger row."""
    await source.filled(a=[1])
    recorder, second_told = Recorder(), asyncio.Event()

    class Hanging(Recorder):
        async def handle(self, delivery) -> str:
            if delivery.version == 2:
                second_told.set()
                await asyncio.sleep(60)
            return await super().handle(delivery)

    hanging = Hanging()
    applying = asyncio.create_task(reactor(source.service, hanging).apply(source.of("a")))
    await second_told.wait()
    applying.cancel()
    await asyncio.gather(applying, return_exceptions=True)
    assert await inbox(source.service) == {}
    await reactor(source.service, recorder).apply(source.of("a"))
    assert (hanging.told, recorder.told) == ([("a", 1)], [("a", 1), ("a", 2)])


async def test_the_database_being_away_delays_a_batch_and_loses_nothing(source, stack):
    await source.filled(a=[1])
    recorder = Recorder()
    stack.component("mongo").pause()
    applying = asyncio.create_task(reactor(source.service, recorder).apply(source.of("a")))
    await asyncio.sleep(0.2)
    assert not applying.done()
    stack.component("mongo").resume()
    await asyncio.wait_for(applying, 20)
    assert await inbox(source.service) == {"a": 2}
