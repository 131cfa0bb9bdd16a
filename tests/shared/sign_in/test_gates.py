"""Tries are counted before they are made."""

import asyncio
import datetime as dt

import pytest

from shared.sign_in.gates import Gatekeeper, TooMany
from shared.sign_in.stores import MemoryTries
from shared.sign_in.tries import Policy, Tries
from shared.testing.clock import HandClock
from tests.shared.sign_in.times import NOW

POLICY = Policy(failures=5, window=dt.timedelta(days=1), delays_from=3)


@pytest.fixture
def gates(clock: HandClock) -> Gatekeeper:
    return Gatekeeper(MemoryTries(), clock)


async def test_a_gate_asks_to_wait_and_then_closes(gates: Gatekeeper, clock: HandClock) -> None:
    for _ in range(3):
        await gates.enter("gate", POLICY)
    with pytest.raises(TooMany) as waiting:
        await gates.enter("gate", POLICY)
    assert (waiting.value.code, waiting.value.seconds) == ("try-later", 1)
    clock.move(1)
    await gates.enter("gate", POLICY)
    clock.move(2)
    await gates.enter("gate", POLICY)
    clock.move(3600)
    with pytest.raises(TooMany) as closed:
        await gates.enter("gate", POLICY)
    assert (closed.value.code, closed.value.seconds) == ("tries-exhausted", 86_400 - 3603)


async def test_a_right_try_opens_the_gate_again(gates: Gatekeeper) -> None:
    for _ in range(3):
        await gates.enter("gate", POLICY)
    await gates.forgive("gate")
    await gates.enter("gate", POLICY)


async def test_gates_know_nothing_of_one_another(gates: Gatekeeper) -> None:
    for _ in range(3):
        await gates.enter("gate", POLICY)
    await gates.enter("another", POLICY)


async def test_a_crowd_at_one_gate_is_counted_one_by_one(clock: HandClock) -> None:
    """Between reading and counting others come; nobody gets through uncounted."""
    tries = _Yielding()
    gates = Gatekeeper(tries, clock)
    outcomes = await asyncio.gather(*(gates.enter("gate", POLICY) for _ in range(50)), return_exceptions=True)
    through = sum(outcome is None for outcome in outcomes)
    assert through == tries.rows["gate"].count == 3
    assert all(outcome is None or isinstance(outcome, TooMany) for outcome in outcomes)


class _Yielding(MemoryTries):
    async def load(self, gate: str) -> Tries:
        found = await super().load(gate)
        await asyncio.sleep(0)
        return found


async def test_where_nobody_waits_a_crowd_comes_through_as_far_as_there_is_room(clock: HandClock) -> None:
    tries = _Yielding()
    gates, policy = Gatekeeper(tries, clock), Policy(failures=40, window=dt.timedelta(hours=1))
    outcomes = await asyncio.gather(*(gates.enter("gate", policy) for _ in range(50)), return_exceptions=True)
    refused = [outcome.code for outcome in outcomes if isinstance(outcome, TooMany)]
    assert refused == ["tries-exhausted"] * 10
    assert sum(outcome is None for outcome in outcomes) == tries.rows["gate"].count == 40


async def test_a_right_try_at_a_shared_gate_gives_back_itself_alone(gates: Gatekeeper) -> None:
    policy = Policy(failures=5, window=dt.timedelta(hours=1))
    for _ in range(4):
        await gates.enter("gate", policy)
    for _ in range(10):
        await gates.enter("gate", policy)
        await gates.give_back("gate")
    await gates.enter("gate", policy)
    with pytest.raises(TooMany):
        await gates.enter("gate", policy)


async def test_time_is_the_services(gates: Gatekeeper, clock: HandClock) -> None:
    for _ in range(5):
        await gates.enter("gate", Policy(failures=5, window=dt.timedelta(days=1)))
    clock.time = NOW + dt.timedelta(days=1)
    await gates.enter("gate", POLICY)
