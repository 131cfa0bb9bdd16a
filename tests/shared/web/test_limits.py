"""How many public forms one network may send. The same on both stores."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request

from deploy.local.stack import Stack
from shared.mongo import connect
from shared.web.limits import Counters, Limits, MongoCounters, TooManyRequests, address_prefix
from tests.web import MemoryCounters, SetClock


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.connected)])
async def counters(request: pytest.FixtureRequest) -> AsyncIterator[Counters]:
    if request.param == "memory":
        yield MemoryCounters()
        return
    stack: Stack = request.getfixturevalue("stack")
    client = connect(stack.mongo_url())
    yield MongoCounters(client["web_limits_test"])
    await client.drop_database("web_limits_test")
    client.close()


async def test_so_many_pass_and_the_next_waits_for_the_window(counters: Counters) -> None:
    clock = SetClock()
    limits = Limits(counters, clock, b"k", 3)
    assert [await limits.wait("sign-in", "192.0.2.0/24") for _ in range(4)] == [0, 0, 0, 473]
    clock.pass_(seconds=473)
    assert await limits.wait("sign-in", "192.0.2.0/24") == 0


async def test_networks_and_kinds_are_counted_apart(counters: Counters) -> None:
    limits = Limits(counters, SetClock(), b"k", 1)
    assert await limits.wait("sign-in", "192.0.2.0/24") == 0
    assert await limits.wait("sign-in", "198.51.100.0/24") == 0
    assert await limits.wait("enrolment", "192.0.2.0/24") == 0
    assert await limits.wait("sign-in", "192.0.2.0/24") > 0


async def test_many_at_once_are_all_counted(counters: Counters) -> None:
    limits = Limits(counters, SetClock(), b"k", 10)
    waits = await asyncio.gather(*(limits.wait("sign-in", "192.0.2.0/24") for _ in range(15)))
    assert waits.count(0) == 10


async def test_counts_are_forgotten_after_their_window(counters: Counters) -> None:
    clock = SetClock()
    limits = Limits(counters, clock, b"k", 1)
    await limits.wait("sign-in", "192.0.2.0/24")
    await limits.purge()
    assert await limits.wait("sign-in", "192.0.2.0/24") > 0
    clock.pass_(minutes=10)
    await limits.purge()
    assert await limits.wait("sign-in", "192.0.2.0/24") == 0


async def test_no_address_is_written() -> None:
    counters = MemoryCounters()
    await Limits(counters, SetClock(), b"k", 1).wait("sign-in", "192.0.2.0/24")
    assert "192.0.2" not in repr(counters.counts)


def request(peer: str, forwarded: str = "") -> Request:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "prefix"),
    [
        ("192.0.2.77", "", 0, "192.0.2.0/24"),
        ("192.0.2.77", "203.0.113.5", 0, "192.0.2.0/24"),
        ("10.0.0.1", "203.0.113.5", 1, "203.0.113.0/24"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.5", 1, "203.0.113.0/24"),
        ("10.0.0.1", "203.0.113.5, 10.0.0.2", 2, "203.0.113.0/24"),
        ("10.0.0.1", "", 1, "10.0.0.0/24"),
        ("2001:db8:1:2::7", "", 0, "2001:db8:1::/48"),
        ("10.0.0.1", "no-address", 1, "unknown"),
    ],
)
def test_the_network_is_what_the_last_trusted_proxy_saw(peer: str, forwarded: str, proxies: int, prefix: str) -> None:
    assert address_prefix(request(peer, forwarded), proxies) == prefix


async def test_one_too_many_is_refused_with_the_time_to_wait() -> None:
    limits = Limits(MemoryCounters(), SetClock(), b"k", 1)
    await limits.take("sign-in", "192.0.2.0/24")
    with pytest.raises(TooManyRequests) as refused:
        await limits.take("sign-in", "192.0.2.0/24")
    assert 0 < refused.value.seconds <= 600
    await limits.take("sign-in", "192.0.2.0/24", allowed=3)
