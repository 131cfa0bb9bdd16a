"""A state is remembered for a moment: only what follows is read, whoever wrote it, and memory stays bounded."""

import pytest

from shared.codec import EventCodec
from shared.command_handler import CommandHandler
from shared.envelope import EventRegistry
from shared.event_store import Commit, MemoryEventStore
from shared.personal_data import MemoryKeyStore, Vault
from shared.states import Folded, States
from shared.testing.clock import HandClock
from tests import toy
from tests.shared.toybox import box, meta, some_id


class WatchedStore(MemoryEventStore):
    """Remembers from which version streams were read."""

    def __init__(self) -> None:
        super().__init__(HandClock())
        self.read: list[int] = []

    async def later(self, stream: str, version: int) -> list[Commit]:
        self.read.append(version)
        return await super().later(stream, version)


@pytest.fixture
def store() -> WatchedStore:
    return WatchedStore()


@pytest.fixture
def vault() -> Vault:
    return Vault(MemoryKeyStore(), bytes(32))


def handler(store: WatchedStore, vault: Vault) -> CommandHandler:
    codec = EventCodec(EventRegistry("toy", toy.EVENTS, toy.UPCASTERS), vault)
    return CommandHandler("toy", store, codec, vault, bytes(32))


async def do(commands: CommandHandler, command: toy.BoxCommand) -> None:
    await commands.handle(toy.box, box("ann"), command, cmd=some_id(), meta=meta("ann"))


async def test_only_what_follows_is_read_and_the_state_is_that_of_the_whole_stream(store, vault):
    commands = handler(store, vault)
    await do(commands, toy.Open(at=toy.T0, person_id="ann", label="x"))
    for amount in (1, 2, 3):
        await do(commands, toy.Put(at=toy.T0, person_id="ann", amount=amount))
    assert store.read == [0, 0, 1, 2]
    assert await commands.state(toy.box, box("ann")) == (toy.Box(is_open=True, content=6), 4)
    assert await handler(store, vault).state(toy.box, box("ann")) == (toy.Box(is_open=True, content=6), 4)


async def test_what_another_process_has_written_counts(store, vault):
    one, other = handler(store, vault), handler(store, vault)
    await do(one, toy.Open(at=toy.T0, person_id="ann", label="x"))
    await one.state(toy.box, box("ann"))
    await do(other, toy.Put(at=toy.T0, person_id="ann", amount=5))
    await do(one, toy.Put(at=toy.T0, person_id="ann", amount=1))
    assert (await other.state(toy.box, box("ann")))[0].content == 6
    assert {commit["meta"]["pk"] for commit in store.commits} == {"ann"}


async def test_a_stream_that_does_not_exist_is_not_remembered_as_such(store, vault):
    commands = handler(store, vault)
    assert await commands.state(toy.box, box("ann")) == (toy.Box(), 0)
    await do(handler(store, vault), toy.Open(at=toy.T0, person_id="ann", label="x"))
    assert (await commands.state(toy.box, box("ann")))[1] == 1


def folded(version: int) -> Folded:
    return Folded(state=f"state {version}", version=version, pk="ann")


def test_a_state_is_forgotten_when_its_time_is_over_however_often_it_was_used():
    states = States(seconds=0)
    states.put("a", folded(1))
    assert states.get("a") is None
    kept = States(seconds=60)
    kept.put("a", folded(1))
    _, until = kept._held["a"]
    kept.put("a", folded(2))
    assert kept.get("a") == folded(2)
    assert kept._held["a"][1] == until


def test_the_least_recently_used_goes_first_and_a_state_is_counted_by_its_events():
    states = States(events=10)
    for name, version in (("a", 4), ("b", 4)):
        states.put(name, folded(version))
    assert states.get("a")
    states.put("c", folded(4))
    assert [states.get(name) is not None for name in "abc"] == [True, False, True]
    states.put("c", folded(5))
    assert [states.get(name) is not None for name in "abc"] == [True, False, True]
    states.put("d", folded(11))
    assert [states.get(name) for name in "abcd"] == [None] * 4
    states.put("e", folded(10))
    assert states.get("e")


def test_what_nobody_asks_for_any_more_makes_room_before_the_bound_is_reached():
    states = States(seconds=0)
    for number in range(10):
        states.put(f"household {number}", folded(1))
    assert len(states._held) == 0
