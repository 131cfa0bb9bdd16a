"""Group commit against the real server: what goes together, and that a bad append fails alone."""

import asyncio
import uuid
from collections.abc import Sequence
from typing import Any

import pytest

from shared.event_store import (
    AppendError,
    ClaimTaken,
    Commit,
    Conflict,
    Corrupted,
    Draft,
    MongoEventStore,
    StoreUnavailable,
)
from shared.event_store.batches import MAX_BYTES, MAX_CLAIMING, MAX_COMMITS
from shared.event_store.log import Log
from shared.event_store.protocol import Appended, CommandReused
from shared.event_store.writer import Writer
from shared.mongo import Client, connect
from shared.testing.clock import HandClock
from shared.testing.store_cases.kit import draft, outcome, whole

pytestmark = pytest.mark.connected


class WatchedLog(Log):
    """Remembers how many commits each insert was given."""

    def __init__(self, client: Client, database: str) -> None:
        super().__init__(client, client[database])
        self.sizes: list[int] = []

    async def insert(self, commits: Sequence[Commit], drafts: Sequence[Draft]) -> int:
        self.sizes.append(len(commits))
        return await super().insert(commits, drafts)


@pytest.fixture
def log(mongo: Client, store: MongoEventStore) -> WatchedLog:
    return WatchedLog(mongo, store.database.name)


@pytest.fixture
def writer(log: WatchedLog) -> Writer:
    return Writer(log, HandClock(), lambda: None)


async def settled(appends: Sequence[asyncio.Future[Appended]]) -> list[Any]:
    return await asyncio.gather(*appends, return_exceptions=True)


async def test_an_append_alone_goes_at_once(writer: Writer, log: WatchedLog) -> None:
    for number in range(3):
        await writer.submit(draft(f"box:{number}"))
    assert log.sizes == [1, 1, 1]


async def test_appends_of_a_moment_go_together(writer: Writer, log: WatchedLog, store: MongoEventStore) -> None:
    answers = await asyncio.gather(*(writer.submit(draft(f"box:{number}")) for number in range(200)))
    assert log.sizes == [200]
    assert [answer.position for answer in answers] == list(range(1, 201))
    assert len(await whole(store)) == 200


async def test_a_batch_is_bounded_in_number(writer: Writer, log: WatchedLog, store: MongoEventStore) -> None:
    count = MAX_COMMITS + 7
    await asyncio.gather(*(writer.submit(draft(f"box:{number}")) for number in range(count)))
    assert log.sizes == [MAX_COMMITS, 7]
    assert len(await whole(store)) == count


async def test_a_batch_is_bounded_in_bytes(writer: Writer, log: WatchedLog, store: MongoEventStore) -> None:
    wanted = [draft(f"box:{number}") for number in range(10)]
    for one in wanted:
        one.events[0]["data"]["text"] = "x" * (MAX_BYTES // 5)
    await asyncio.gather(*map(writer.submit, wanted))
    assert max(log.sizes) < 5
    assert sum(log.sizes) == 10
    assert len(await whole(store)) == 10


async def test_drafts_with_claims_go_together_between_the_others(writer: Writer, log: WatchedLog) -> None:
    names = {3: ["label:a"], 4: ["label:b", "label:c"], 6: ["label:d"]}
    drafts = [draft(f"box:{n}", claims=names.get(n, ()), releases=["x"] if n == 5 else ()) for n in range(9)]
    answers = await asyncio.gather(*map(writer.submit, drafts))
    assert log.sizes == [3, 4, 2]
    assert [answer.position for answer in answers] == list(range(1, 10))


async def test_who_wants_the_same_name_waits_for_the_next_transaction(writer: Writer, log: WatchedLog) -> None:
    wanted = [
        draft("box:1", claims=["label:a"]),
        draft("box:2", claims=["label:b"]),
        draft("box:3", claims=["label:a"]),
    ]
    first, second, third = await settled([writer.submit(one) for one in wanted])
    assert (first.position, second.position) == (1, 2)
    assert isinstance(third, ClaimTaken)
    assert log.sizes == [2, 1]


async def test_of_claims_that_go_together_one_that_is_taken_fails_alone(
    writer: Writer, store: MongoEventStore, log: WatchedLog
) -> None:
    await writer.submit(draft("box:old", claims=["label:2"]))
    log.sizes.clear()
    wanted = [draft(f"box:{n}", claims=[f"label:{n}"]) for n in range(5)]
    answers = await settled([writer.submit(one) for one in wanted])
    assert [type(answer) for answer in answers] == [Appended, Appended, ClaimTaken, Appended, Appended]
    assert log.sizes == [5, 4]
    assert {claim["s"] async for claim in log.claims.find()} == {"box:old", "box:0", "box:1", "box:3", "box:4"}
    assert len(await whole(store)) == 5


async def test_a_transaction_with_claims_is_bounded_in_number(writer: Writer, log: WatchedLog) -> None:
    appends = [writer.submit(draft(f"box:{n}", claims=[f"label:{n}"])) for n in range(MAX_CLAIMING + 7)]
    await asyncio.gather(*appends)
    assert log.sizes == [MAX_CLAIMING, 7]


def too_large_an_integer() -> Draft:
    wanted = draft("box:bad")
    wanted.events[0]["data"]["amount"] = 2**63
    return wanted


def a_key_without_form() -> Draft:
    wanted = draft("box:bad")
    wanted.events[0]["data"]["nul\0"] = 1
    return wanted


def too_long_a_document() -> Draft:
    wanted = draft("box:bad", events=20)
    for event in wanted.events:
        event["data"]["text"] = "x" * 890_000
    return wanted


def a_stale_decision() -> Draft:
    return draft("box:known", expected=0)


def anothers_command() -> Draft:
    return draft("box:bad", cmd=KNOWN, actor="somebody else")


KNOWN = "0b2f6f0e-6ad3-5d46-9b9e-6f4a4d3d1a11"


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (too_large_an_integer, OverflowError),
        (a_key_without_form, Exception),
        (too_long_a_document, Exception),
        (a_stale_decision, Conflict),
        (anothers_command, CommandReused),
    ],
)
@pytest.mark.parametrize("place", [0, 5, 9])
async def test_one_bad_append_fails_alone(
    writer: Writer, store: MongoEventStore, bad: Any, error: type[Exception], place: int
) -> None:
    await store.append(draft("box:known", cmd=KNOWN))
    drafts = [draft(f"box:{number}") for number in range(9)]
    drafts.insert(place, bad())
    answers = await settled([writer.submit(one) for one in drafts])
    assert isinstance(answers.pop(place), error)
    assert all(isinstance(answer, Appended) for answer in answers)
    if issubclass(error, AppendError):  # judged alone: those before it are known to be stored, and not found so
        assert not any(answer.repeated for answer in answers)
    assert len(await whole(store)) == 10
    await writer.submit(draft("box:after"))


async def test_what_waits_behind_a_bad_append_is_written_too(writer: Writer, store: MongoEventStore) -> None:
    first = writer.submit(too_large_an_integer())
    await asyncio.sleep(0)
    behind = [writer.submit(draft(f"box:{number}", claims=[f"label:{number}"])) for number in range(3)]
    answers = await asyncio.wait_for(settled([first, *behind]), 5)
    assert [type(answer) for answer in answers] == [OverflowError, Appended, Appended, Appended]
    assert len(await whole(store)) == 3


async def test_every_kind_of_answer_in_one_batch(writer: Writer, store: MongoEventStore) -> None:
    again = draft("box:known", cmd=KNOWN)
    await store.append(again)
    drafts = [
        draft("box:a"),
        again,
        draft("box:a"),
        too_large_an_integer(),
        draft("box:b", events=0),
        a_stale_decision(),
    ]
    answers = await settled([writer.submit(one) for one in drafts])
    assert [type(answer) for answer in answers] == [Appended, Appended, Conflict, OverflowError, Appended, Conflict]
    assert answers[1] == Appended(1, 1, 1, repeated=True)
    assert len(await whole(store)) == 3


async def test_two_writers_leave_no_hole(mongo: Client, store: MongoEventStore) -> None:
    name = store.database.name
    stores = [store, MongoEventStore(mongo, name, HandClock()), MongoEventStore(mongo, name, HandClock())]
    answers = await asyncio.gather(
        *(stores[n % 3].append(draft(f"box:{n}", claims=[f"c:{n}"] if n % 7 == 0 else ())) for n in range(90))
    )
    assert sorted(answer.position for answer in answers) == list(range(1, 91))
    assert len(await whole(store)) == 90


async def test_close_finishes_what_is_under_way(writer: Writer, store: MongoEventStore) -> None:
    appends = [writer.submit(draft(f"box:{number}")) for number in range(20)]
    await writer.close()
    assert all(append.done() for append in appends)
    assert len(await whole(store)) == 20
    await asyncio.gather(*appends)


async def test_a_writer_that_is_cancelled_leaves_nobody_waiting(writer: Writer, store: MongoEventStore) -> None:
    appends = [writer.submit(draft(f"box:{number}", claims=["c:same"])) for number in range(20)]  # one at a time
    await asyncio.sleep(0.005)
    assert writer._task is not None
    writer._task.cancel()
    answers = await asyncio.wait_for(settled(appends), 5)
    assert {type(answer) for answer in answers} <= {Appended, ClaimTaken, StoreUnavailable}
    assert StoreUnavailable in {type(answer) for answer in answers}
    again = [await store.append(draft(f"box:{n}", claims=[f"c:{n}"], cmd=str(uuid.uuid4()))) for n in range(20, 22)]
    assert len(await whole(store)) >= len(again)


async def test_each_batch_wakes_the_relay(mongo: Client, store: MongoEventStore) -> None:
    calls: list[int] = []
    waking = MongoEventStore(mongo, store.database.name, HandClock(), lambda: calls.append(1))
    await waking.append(draft())
    assert calls


async def test_without_a_database_an_append_is_given_back_as_unknown() -> None:
    client = connect("mongodb://127.0.0.1:1/?directConnection=true", serverSelectionTimeoutMS=50)
    writer = Writer(Log(client, client["nowhere"]), HandClock(), lambda: None, patience=0.3)
    answers = await asyncio.wait_for(settled([writer.submit(draft(f"box:{n}")) for n in range(3)]), 5)
    assert [type(answer) for answer in answers] == [StoreUnavailable] * 3
    client.close()


async def test_a_head_that_is_gone_halts_the_writer(store: MongoEventStore) -> None:
    for number in range(3):
        await store.append(draft(f"box:{number}"))
    await store.head()
    await store.log.commits.delete_many({"_id": {"$gte": 2}})
    with pytest.raises(Corrupted, match="position 3"):
        await store.head()
    other = MongoEventStore(store.log._client, store.database.name, HandClock())
    assert (await other.head()).position == 1


async def test_the_head_is_found_while_others_look_for_it_and_the_log_grows(store: MongoEventStore) -> None:
    async def grow() -> None:
        for number in range(40):
            await store.append(draft(f"box:{number}"))

    async def look() -> list[int]:
        return [(await store.head()).position for _ in range(40)]

    *_, seen, also = await asyncio.gather(grow(), look(), look())
    assert [seen, also] == [sorted(seen), sorted(also)]
    assert (await store.head()).position == 40


async def test_a_hole_is_never_read_over(store: MongoEventStore) -> None:
    for number in range(5):
        await store.append(draft(f"box:{number}"))
    await store.log.commits.delete_one({"_id": 3})
    with pytest.raises(Corrupted, match="position 3 is missing"):
        await store.window(0)
    assert [commit["_id"] for commit in await store.window(3)] == [4, 5]


async def test_an_outcome_is_one_answer_or_one_error(store: MongoEventStore) -> None:
    assert isinstance(await outcome(store.append(draft())), Appended)
    assert isinstance(await outcome(store.append(draft())), AppendError)
