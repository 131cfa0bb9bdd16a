"""One path on which anything is decided, on both stores: each command id has one answer, a refusal leaves nothing."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

import pytest

from shared.command_handler import Answer
from shared.event_store import CommandReused, EventStore, MemoryEventStore, StoreUnavailable
from shared.kernel import Rejected
from shared.testing.clock import HandClock
from shared.testing.store_cases.kit import whole
from tests import toy
from tests.parts import Toy, empty, metadata, opening, put
from tests.shared.unruly import UnrulyStore

CMD = "0b2f6f0e-6ad3-5d46-9b9e-6f4a4d3d1a11"

put_or_nothing = pytest.mark.parametrize("command", [put(5), empty()], ids=["put", "answered with nothing"])


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.connected)])
def store(request: pytest.FixtureRequest) -> UnrulyStore:
    behind: EventStore = (
        MemoryEventStore(HandClock()) if request.param == "memory" else request.getfixturevalue("mongo_store")
    )
    return UnrulyStore(behind)


@pytest.fixture
def box(store: UnrulyStore) -> Toy:
    return Toy(store)


async def test_an_answer_says_where_the_decision_stands(box: Toy) -> None:
    assert await box.send(opening()) == Answer("box:anne", 1, 1, 1, repeated=False)
    assert await box.send(opening("paul")) == Answer("box:paul", 1, 2, 1, repeated=False)
    assert await box.send(put(2)) == Answer("box:anne", 2, 3, 1, repeated=False)
    assert await box.state("box:anne") == (toy.Box(is_open=True, content=2), 2)
    assert await box.state("box:unknown") == (toy.Box(), 0)


async def test_a_refusal_stores_nothing_and_may_be_decided_anew(box: Toy, store: UnrulyStore) -> None:
    with pytest.raises(Rejected) as refusal:
        await box.send(put(), cmd=CMD)
    assert refusal.value.code == "not-open"
    assert await whole(store) == []
    await box.send(opening())
    assert await box.send(put(), cmd=CMD) == Answer("box:anne", 2, 2, 1, repeated=False)


async def test_a_command_sent_twice_is_stored_once(box: Toy, store: UnrulyStore) -> None:
    await box.send(opening())
    first = await box.send(put(5), cmd=CMD)
    assert await box.send(put(5), cmd=CMD) == Answer(first.stream, first.version, first.position, 1, repeated=True)
    assert await box.state("box:anne") == (toy.Box(is_open=True, content=5), 2)
    assert len(await whole(store)) == 2


async def test_a_command_accepted_before_keeps_its_answer_though_it_would_be_refused_now(box: Toy) -> None:
    first = await box.send(opening(), cmd=CMD)
    again = await box.send(opening(), cmd=CMD)
    assert (again.version, again.position, again.repeated) == (first.version, first.position, True)
    with pytest.raises(Rejected):
        await box.send(opening())


async def test_a_command_answered_with_nothing_never_becomes_something(box: Toy, store: UnrulyStore) -> None:
    await box.send(opening())
    first = await box.send(empty(), cmd=CMD)
    assert (first.version, first.events, first.repeated) == (1, 0, False)
    await box.send(put(9))
    late = await box.send(empty(), cmd=CMD)
    assert (late.version, late.position, late.events, late.repeated) == (1, first.position, 0, True)
    assert (await box.state("box:anne"))[0].content == 9
    assert [commit["n"] for commit in await whole(store)] == [1, 0, 1]


@put_or_nothing
async def test_copies_at_the_same_moment_get_the_same_answer(
    box: Toy, store: UnrulyStore, command: toy.BoxCommand
) -> None:
    await box.send(opening())
    answers = await asyncio.gather(*(box.send(command, cmd=CMD) for _ in range(10)))
    assert len({(answer.version, answer.position, answer.events) for answer in answers}) == 1
    assert sum(not answer.repeated for answer in answers) == 1
    assert len(await whole(store)) == 2


@put_or_nothing
async def test_after_a_lost_acknowledgement_the_answer_is_found(
    box: Toy, store: UnrulyStore, command: toy.BoxCommand
) -> None:
    await box.send(opening())
    store.loses_answers = 1
    with pytest.raises(StoreUnavailable):
        await box.send(command, cmd=CMD)
    answer = await box.send(command, cmd=CMD)
    assert (answer.position, answer.repeated) == (2, True)
    assert len(await whole(store)) == 2


@put_or_nothing
@pytest.mark.parametrize("other", ["body or type", "actor", "stream"])
async def test_an_id_that_stands_for_something_else_is_refused(
    box: Toy, store: UnrulyStore, other: str, command: toy.BoxCommand
) -> None:
    await box.send(opening())
    await box.send(opening("paul"))
    await box.send(command, cmd=CMD)
    before = await whole(store)
    attempts: dict[str, Callable[[], Awaitable[Answer]]] = {
        "body or type": lambda: box.send(put(6), cmd=CMD),
        "actor": lambda: box.send(command, cmd=CMD, meta=metadata(actor="somebody else")),
        "stream": lambda: box.send(command, cmd=CMD, box="box:paul"),
    }
    with pytest.raises(CommandReused):
        await attempts[other]()
    assert await whole(store) == before


async def test_what_we_supply_ourselves_is_no_part_of_what_was_asked(box: Toy) -> None:
    first = await box.send(opening(order_id="made first"), cmd=CMD)
    later = opening(order_id="made again").model_copy(update={"at": toy.T0 + dt.timedelta(hours=3)})
    again = await box.send(later, cmd=CMD)
    assert (again.position, again.repeated) == (first.position, True)
    with pytest.raises(CommandReused):
        await box.send(opening(label="another", order_id="made first"), cmd=CMD)


async def test_after_the_persons_key_is_destroyed_an_old_command_still_has_its_answer(box: Toy) -> None:
    await box.send(opening())
    first = await box.send(put(5), cmd=CMD)
    await box.vault.destroy("anne", "things", toy.T0)
    for _ in range(2):
        again = await box.send(put(5), cmd=CMD)
        assert (again.position, again.repeated) == (first.position, True)
    with pytest.raises(CommandReused):
        await box.send(put(5), cmd=CMD, meta=metadata(actor="somebody else"))
    new = await box.send(put(6))
    assert (new.version, new.repeated) == (3, False)
