"""Many commands at once: nothing is read of a stream, and the store has the last word on what was believed of it."""

from collections.abc import Sequence

import pytest

from shared.bulk import Ask, BulkHandler
from shared.event_store import MemoryEventStore
from shared.event_store.protocol import Commit
from shared.kernel import Rejected
from shared.testing.clock import HandClock
from shared.testing.store_cases.kit import whole
from tests import toy
from tests.parts import SECRET, Toy, metadata, opening, put


class CountingStore(MemoryEventStore):
    reads = 0

    async def stream(self, stream: str, after_version: int = 0) -> list[Commit]:
        self.reads += 1
        return await super().stream(stream, after_version)


@pytest.fixture
def store() -> CountingStore:
    return CountingStore(HandClock())


@pytest.fixture
def box(store: CountingStore) -> Toy:
    return Toy(store)


def asks(box: Toy, names: Sequence[str]) -> list[Ask[toy.Box, toy.BoxCommand]]:
    return [
        Ask(f"box:{name}", opening(name), f"0b2f6f0e-6ad3-5d46-9b9e-6f4a4d3d{number:04d}", metadata(name), toy.Box())
        for number, name in enumerate(names)
    ]


def handler(box: Toy) -> BulkHandler:
    return BulkHandler("toy", box.store, box.codec, box.vault, SECRET)


async def test_new_streams_are_written_unread(box: Toy, store: CountingStore) -> None:
    answers = await handler(box).handle_all(toy.box, asks(box, ["anne", "paul", "zoe"]))
    assert [(one.stream, one.version) for one in answers] == [("box:anne", 1), ("box:paul", 1), ("box:zoe", 1)]
    assert store.reads == 0
    assert await box.state("box:zoe") == (toy.Box(is_open=True), 1)


async def test_the_same_again_is_the_same_answer(box: Toy, store: CountingStore) -> None:
    first = await handler(box).handle_all(toy.box, asks(box, ["anne", "paul"]))
    again = await handler(box).handle_all(toy.box, asks(box, ["anne", "paul"]))
    assert [one.position for one in again] == [one.position for one in first]
    assert all(one.repeated for one in again)
    assert len(await whole(store)) == 2


async def test_whoever_was_mistaken_about_a_stream_is_decided_on_what_it_says(box: Toy) -> None:
    await box.send(opening())
    await box.send(put(1))
    ask = Ask("box:anne", put(5), "0b2f6f0e-6ad3-5d46-9b9e-6f4a4d3d1a11", metadata(), toy.Box(is_open=True), 1)
    [answer] = await handler(box).handle_all(toy.box, [ask])
    assert answer.version == 3
    assert await box.state("box:anne") == (toy.Box(is_open=True, content=6), 3)


async def test_a_known_version_goes_on_from_there(box: Toy, store: CountingStore) -> None:
    await box.send(opening())
    reads = store.reads
    ask = Ask("box:anne", put(5), "0b2f6f0e-6ad3-5d46-9b9e-6f4a4d3d1a11", metadata(), toy.Box(is_open=True), 1)
    [answer] = await handler(box).handle_all(toy.box, [ask])
    assert (answer.version, store.reads) == (2, reads)
    assert await box.state("box:anne") == (toy.Box(is_open=True, content=5), 2)


async def test_a_refusal_is_raised_before_anything_is_stored(box: Toy, store: CountingStore) -> None:
    wrong = Ask("box:zoe", put(5), "0b2f6f0e-6ad3-5d46-9b9e-6f4a4d3d1a11", metadata(), toy.Box())
    with pytest.raises(Rejected):
        await handler(box).handle_all(toy.box, [*asks(box, ["anne"]), wrong])
    assert await whole(store) == []


async def test_nothing_is_asked_of_nobody(box: Toy) -> None:
    assert await handler(box).handle_all(toy.box, []) == []
