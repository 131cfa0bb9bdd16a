"""The line to the real server breaks under an append: nobody knows the outcome, and there is one all the same."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from deploy.local.stack import Stack
from shared.event_store import Appended, MongoEventStore
from shared.mongo import connect
from shared.testing.clock import HandClock
from shared.testing.store_cases.kit import draft, whole
from tests.shared.proxy import Lost, Proxy, proxied

pytestmark = [pytest.mark.connected, pytest.mark.parametrize("lost", list(Lost))]

INSERT = b"\x02insert\x00\x08\x00\x00\x00commits\x00"
CLAIM = b"\x02insert\x00\x07\x00\x00\x00claims\x00"
COMMIT = b"commitTransaction"


@pytest.fixture
async def proxy(stack: Stack) -> AsyncIterator[Proxy]:
    async with proxied(stack.mongo_url()) as found:
        yield found


@pytest.fixture
async def far(proxy: Proxy, store: MongoEventStore) -> AsyncIterator[MongoEventStore]:
    """The same store at the end of the line that breaks."""
    client = connect(proxy.url, directConnection=True)
    yield MongoEventStore(client, store.database.name, HandClock())
    await asyncio.to_thread(client.close)  # it says goodbye through the proxy, which runs in this loop


async def test_an_append_is_stored_once(far: MongoEventStore, store: MongoEventStore, proxy: Proxy, lost: Lost) -> None:
    await far.append(draft("box:0"))
    proxy.arm(INSERT, lost)
    answer = await far.append(draft("box:1", events=2))
    assert (proxy.cuts, answer) == (1, Appended(2, 2, 2, repeated=lost is Lost.ANSWER))
    assert await far.append(draft("box:2")) == Appended(3, 1, 1)
    assert len(await whole(store)) == 3


async def test_a_repeat_is_stored_once(far: MongoEventStore, store: MongoEventStore, proxy: Proxy, lost: Lost) -> None:
    proxy.arm(INSERT, lost)
    answer = await far.append(draft("box:1", events=0))
    assert (answer.position, answer.version, answer.events) == (1, 0, 0)
    assert len(await whole(store)) == 1


async def test_a_batch_is_stored_once(far: MongoEventStore, store: MongoEventStore, proxy: Proxy, lost: Lost) -> None:
    await far.append(draft("box:first"))
    proxy.arm(INSERT, lost)
    answers = await asyncio.gather(*(far.append(draft(f"box:{number}")) for number in range(30)))
    assert proxy.cuts == 1
    assert sorted(answer.position for answer in answers) == list(range(2, 32))
    assert len(await whole(store)) == 31


@pytest.mark.parametrize("marker", [CLAIM, INSERT, COMMIT], ids=["claim", "insert", "commit"])
async def test_a_commit_with_its_claims_is_stored_once_and_whole(
    far: MongoEventStore, store: MongoEventStore, proxy: Proxy, lost: Lost, marker: bytes
) -> None:
    await far.append(draft("box:0"))
    proxy.arm(marker, lost)
    answer = await far.append(draft("box:1", claims=["label:a", "label:b"]))
    assert (proxy.cuts, answer.position) == (1, 2)
    claims = await store.log.claims.find().sort("_id").to_list(None)
    assert [(claim["_id"], claim["s"]) for claim in claims] == [("label:a", "box:1"), ("label:b", "box:1")]
    assert len(await whole(store)) == 2
