"""A whole worker on real Kafka: read models, reactions, processes, effects, deadlines, parked keys."""

import asyncio
from typing import Any

import pytest

from shared.effects import Effect
from shared.projections.queries import Written
from shared.service import Service
from shared.service.worker import run_worker
from tests import toy
from tests.shared import deadlines
from tests.shared.reacting import parked
from tests.shared.toybox import box, cursor, fold_of, in_background, open_box, put, read_model, some_id, until

pytestmark = pytest.mark.connected


@pytest.fixture
def name(topic) -> str:
    made = f"toy{some_id()[:8]}"
    topic(made)
    return made


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
