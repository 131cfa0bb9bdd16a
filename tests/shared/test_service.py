"""A service composed from its definition: each part is there, wired, and safe to start twice."""

import asyncio
from typing import Any

import pytest

from shared.clock import SystemClock
from shared.effects import Effect
from shared.event_store import ClaimTaken, Draft
from shared.kernel import Issued, Rejected
from shared.mongo import connect
from shared.parking import parking
from shared.reactions import Reaction
from shared.service import Aggregate, Definition, Service
from shared.service.worker import release_group
from shared.settings import SecretMissing
from tests import toy
from tests.shared.reacting import EPOCH
from tests.shared.toybox import box, meta, open_box, some_id

pytestmark = pytest.mark.connected


async def sent(*_: Any) -> None:
    return None


async def cannot_say(_: str) -> None:
    return None


WELCOME = Effect("welcome", toy.BoxOpened, sent, cannot_say)


def opening(person: str, label: str = "hush") -> toy.Open:
    return toy.Open(at=toy.T0, person_id=person, label=label)


@pytest.fixture
async def service(make_service) -> Service:
    return await make_service(toy.definition())


async def test_several_processes_prepare_the_same_service_at_once_and_again(settings):
    services = [Service(toy.definition(), settings) for _ in range(3)]
    await asyncio.gather(*(one.prepare() for one in services))
    await services[0].prepare()
    found = services[0].database
    assert {"cmd_1", "meta.person_id_1__id_1"} <= set(await found["commits"].index_information())
    assert "person_id_1" in await found[toy.summary.id].index_information()
    assert {row["_id"]: row["version"] async for row in found["pointers"].find()} == {"toy.summary": 1, "toy.heaps": 1}
    for one in services:
        await one.close()


async def test_a_command_finds_its_aggregate_by_the_streams_category(service):
    person = some_id()
    answer = await service.handle(box(person), opening(person), cmd=some_id(), meta=meta(person))
    assert (answer.stream, answer.version, answer.events, answer.repeated) == (box(person), 1, 1, False)
    assert await service.state(box(person)) == (toy.Box(is_open=True), 1)
    assert await service.state(box(some_id())) == (toy.Box(), 0)
    with pytest.raises(KeyError, match="crate"):
        await service.handle(f"crate:{person}", opening(person), cmd=some_id(), meta=meta(person))


async def test_claims_of_an_aggregate_keep_a_name_for_one_stream(settings):
    services: list[Service] = []

    def claims(state: toy.Box, events: Any) -> Any:
        return toy.claim_label(services[0].blind("label"))(state, events)

    with pytest.raises(SecretMissing, match="label"):
        Service(toy.definition(), settings).blind("label")
    services.append(Purposeful(toy.definition(claims=claims), settings))
    service = services[0]
    await service.prepare()
    first, second = some_id(), some_id()
    await service.handle(box(first), opening(first), cmd=some_id(), meta=meta(first))
    with pytest.raises(ClaimTaken):
        await service.handle(box(second), opening(second), cmd=some_id(), meta=meta(second))
    assert not await service.execute(Issued(box(second), opening(second)), some_id(), meta(second))
    assert await service.execute(Issued(box(second), opening(second, "other")), some_id(), meta(second))
    await service.close()


class Purposeful(Service):
    """The toy's only purpose of a keyed hash uses a key that is there."""

    def blind(self, purpose: str) -> Any:
        return super().blind("fingerprint" if purpose == "label" else purpose)


async def test_a_command_of_a_process_that_a_rule_refuses_is_an_answer_and_other_errors_are_not(service):
    person = await open_box(service)
    again = Issued(box(person), opening(person))
    with pytest.raises(Rejected, match="already-open"):
        await service.handle(again.stream, again.command, cmd=some_id(), meta=meta(person))
    assert not await service.execute(again, some_id(), meta(person))
    with pytest.raises(KeyError):
        await service.execute(Issued("crate:1", opening(person)), some_id(), meta(person))


async def test_handlers_are_grouped_by_the_topic_they_read(make_service):
    made = toy.definition(processes=[toy.filler], effects=[WELCOME])
    reactions = [Reaction(f"from-{name}", name, EPOCH) for name in ("cards", "identity")]
    service = await make_service(Definition(**{**vars(made), "reactions": reactions}))
    reactors = service.reactors()
    assert {topic: reactor.names for topic, reactor in reactors.items()} == {
        "cards.events.v1": ["from-cards"],
        "identity.events.v1": ["from-identity"],
        "toy.events.v1": ["filler", "effect.welcome"],
    }
    resumer = service.resumer(service.projector(service.definition.projections), reactors)
    assert set(resumer._projectors) == {toy.summary.id, toy.heaps.id}
    assert set(resumer._reactors) == {"from-cards", "from-identity", "filler", "effect.welcome"}


async def test_a_service_that_reacts_to_nothing_has_no_reactor(service):
    assert service.reactors() == {}
    assert service.definition.deadlines == []


async def test_a_release_has_a_group_of_its_own(make_service):
    assert release_group(await make_service(toy.definition(release=3))) == "toy.read-models.r3"


async def test_readiness_asks_the_database(service):
    assert await service.ready() == {"database": True}
    nowhere = connect("mongodb://127.0.0.1:9", serverSelectionTimeoutMS=100)
    service.database = nowhere["toy"]
    assert await service.ready() == {"database": False}
    nowhere.close()


async def test_the_time_comes_from_the_clock_it_is_given_or_from_the_offset_file(settings, tmp_path):
    offset = tmp_path / "offset"
    offset.write_text("86400")
    moved = Service(toy.definition(), settings.model_copy(update={"clock_offset_file": offset}))
    ahead = moved.clock.now() - SystemClock().now()
    assert 86_390 < ahead.total_seconds() < 86_410
    moved.client.close()


async def test_a_skip_of_a_parked_event_is_an_aggregate_of_every_service(service):
    assert service._aggregates == {"box": Aggregate(toy.box), "parking": Aggregate(parking)}


async def test_closing_finishes_the_appends_under_way(settings):
    service = Service(toy.definition(), settings)
    await service.prepare()
    draft = Draft(stream="box:a", expected=0, cmd=some_id(), fp=b"", events=[], meta=meta("a").dump())
    appending = asyncio.ensure_future(service.store.append(draft))
    await asyncio.sleep(0)
    await service.close()
    assert (await appending).position == 1
