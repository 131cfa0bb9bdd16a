"""The fold in memory: whatever order deliveries come in, the read model is the fold of the log."""

import asyncio
import uuid
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kernel import Projection
from shared.projections.projector import EventFailed
from tests import toy
from tests.shared.lab import Lab, MemoryWorkingSet
from tests.shared.toybox import box, opened_and_filled, some_id

PERSONS = [str(uuid.UUID(int=number)) for number in range(3)]
STEPS = st.lists(st.tuples(st.sampled_from(PERSONS), st.sampled_from([0, 1, 2])), max_size=12)


async def written(lab: Lab, steps: Sequence[tuple[str, int]]) -> None:
    """Open three boxes, then fill (1, 2) or empty (0) them in some interleaving."""
    for person in PERSONS:
        await lab.append(person, *opened_and_filled(person, 1)[1])
    for person, amount in steps:
        filled = toy.BoxFilled(at=toy.T0, person_id=person, amount=amount)
        await lab.append(person, filled if amount else toy.BoxEmptied(at=toy.T0, person_id=person))


def gone_when_empty(document: toy.Tally | None, event: toy.BoxEvent) -> toy.Tally | None:
    if isinstance(event, toy.BoxFilled):
        return toy.Tally(total=(document.total if document else 0) + event.amount)
    return None


present = Projection(
    name="toy.present",
    version=1,
    document=toy.Tally,
    handles=(toy.BoxFilled, toy.BoxEmptied),
    key=lambda event: event.person_id,
    evolve=gone_when_empty,
)
EVERY = (toy.summary, toy.heaps, present)


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, data=st.data())
def test_shuffled_and_duplicated_deliveries_in_any_batches_give_the_fold_of_the_log(steps, data):
    async def run() -> None:
        lab = Lab(*EVERY)
        await written(lab, steps)
        log = lab.log()
        deliveries = data.draw(st.permutations(log + data.draw(st.lists(st.sampled_from(log), max_size=6))))
        cut = data.draw(st.integers(1, len(deliveries)))
        for start in range(0, len(deliveries), cut):
            await lab.fold(deliveries[start : start + cut])
        for projection in EVERY:
            assert lab.memory.of(projection) == await lab.expected(projection)

    asyncio.run(run())


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, data=st.data())
def test_what_was_never_delivered_is_fetched_once_a_later_version_comes(steps, data):
    async def run() -> None:
        lab = Lab(*EVERY)
        await written(lab, steps)
        last = {delivery.stream: delivery for delivery in lab.log()}
        some = data.draw(st.lists(st.sampled_from(lab.log()), unique_by=id))
        for delivery in [*some, *data.draw(st.permutations(list(last.values())))]:
            await lab.fold([delivery])
        for projection in EVERY:
            assert lab.memory.of(projection) == await lab.expected(projection)

    asyncio.run(run())


async def test_every_event_of_a_stream_moves_the_cursor_handled_or_not():
    lab = Lab(toy.heaps)
    [person, events] = opened_and_filled(some_id(), 4, 4, 9)
    await lab.append(person, *events, toy.BoxEmptied(at=toy.T0, person_id=person))
    await lab.fold(lab.log())
    assert lab.memory.cursors == {box(person): {"toy_heaps__v1": 5}}
    assert lab.memory.of(toy.heaps) == {
        f"{person}|4": toy.Heap(amount=4, count=2),
        f"{person}|9": toy.Heap(amount=9, count=1),
    }


async def test_a_projection_that_is_behind_fetches_what_the_others_have_folded():
    lab = Lab(toy.summary, toy.heaps)
    await written(lab, [(PERSONS[0], 2)])
    await lab.fold(lab.log())
    lab.projector = lab.projector_of(*EVERY)
    await lab.append(PERSONS[0], toy.BoxFilled(at=toy.T0, person_id=PERSONS[0], amount=1))
    await lab.fold(lab.log()[-1:])
    assert lab.memory.of(present)[PERSONS[0]] == toy.Tally(total=4)
    assert lab.memory.of(toy.summary)[PERSONS[0]] == (await lab.expected(toy.summary))[PERSONS[0]]


async def test_a_failing_event_is_first_a_failure_of_the_batch_then_parks_its_key_alone():
    fragile = toy.Fragile().projection()
    lab = Lab(toy.summary, fragile)
    sick, sound = PERSONS[:2]
    await written(lab, [(sick, toy.POISON), (sound, 2), (sick, 2)])
    with pytest.raises(EventFailed) as failed:
        await lab.fold(lab.log())
    assert isinstance(failed.value.__cause__, ZeroDivisionError)
    assert lab.memory.cursors == {}
    await lab.fold(lab.log(), park=True)
    assert lab.memory.of(fragile)[sick] == toy.Tally(total=1)
    assert lab.memory.of(fragile)[sound] == toy.Tally(total=3)
    assert lab.memory.of(toy.summary) == await lab.expected(toy.summary)
    [row] = lab.memory.parked.values()
    assert row == {
        "_id": f"{fragile.id}|{box(sick)}",
        "kind": "projection",
        "consumer": fragile.id,
        "stream": box(sick),
        "version": 3,
        "position": 4,
        "event_id": lab.log()[6].stored["id"],
        "event_type": "BoxFilled",
        "error": "ZeroDivisionError",
        "at": toy.T0,
    }


async def test_an_event_whose_key_fails_parks_after_the_events_before_it():
    def key(event: toy.BoxFilled) -> str:
        return {1: event.person_id}[event.amount]

    picky = Projection(
        name="toy.picky", version=1, document=toy.Heap, handles=(toy.BoxFilled,), key=key, evolve=toy.heap_up
    )
    lab = Lab(picky)
    await written(lab, [(PERSONS[0], 2)])
    await lab.fold(lab.log(), park=True)
    assert lab.memory.of(picky)[PERSONS[0]] == toy.Heap(amount=1, count=1)
    [row] = lab.memory.parked.values()
    assert (row["version"], row["error"]) == (3, "KeyError")


async def test_an_event_that_todays_code_cannot_read_parks_its_key():
    lab = Lab(toy.summary)
    await written(lab, [])
    lab.store.commits[1]["ev"][1]["type"] = "BoxPainted"
    await lab.fold(lab.log(), park=True)
    assert lab.memory.of(toy.summary).keys() == set(PERSONS)
    [row] = lab.memory.parked.values()
    assert (row["stream"], row["version"], row["error"]) == (box(PERSONS[1]), 2, "KeyError")
    assert lab.memory.cursors[box(PERSONS[1])] == {"toy_summary__v1": 1}


async def test_a_version_that_even_the_store_lacks_is_never_jumped_over():
    lab = Lab(toy.summary)
    await written(lab, [])
    deliveries = lab.log()
    lab.store.commits.clear()
    ahead = [one for one in deliveries if one.version == 2]
    with pytest.raises(EventFailed):
        await lab.fold(ahead)
    await lab.fold(ahead, park=True)
    assert {row["error"] for row in lab.memory.parked.values()} == {"Gap"}
    assert lab.memory.documents == {}


async def test_a_document_that_cannot_be_read_parks_those_who_need_it():
    lab = Lab(toy.summary)
    rows = [{"_id": PERSONS[0], "_w": 1, "person_id": PERSONS[0], "pii": {"label": {"k": "lost/things", "c": b""}}}]
    [held] = await lab.documents.open(toy.summary, rows)
    working = MemoryWorkingSet(lab.memory, [toy.summary], lab.documents)
    working._held[(toy.summary.id, PERSONS[0])] = held
    await written(lab, [])
    lab.memory.cursors[box(PERSONS[0])] = {toy.summary.id: 1}
    await lab.projector.fold(working, lab.log(), park=True)
    await working.flush()
    assert [row["error"] for row in lab.memory.parked.values()] == ["KeyMissing"]
    assert lab.memory.of(toy.summary).keys() == set(PERSONS[1:])
