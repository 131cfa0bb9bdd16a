"""Positions, versions, conflicts and time."""

import asyncio
import uuid

from shared.event_store.chain import GENESIS
from shared.event_store.protocol import Appended, Commit, Conflict, EventStore, Head
from shared.testing.clock import HandClock
from shared.testing.store_cases.kit import MANY, Case, draft, outcome, refused, whole


async def an_empty_store_has_nothing(store: EventStore, _: HandClock) -> None:
    assert await store.head() == GENESIS == Head(0, bytes(32), GENESIS.at)
    assert await store.window(0) == []
    assert await store.stream("box:1") == []
    assert await store.command(str(uuid.uuid4())) is None
    assert await store.streams_of("p") == []
    assert await store.correlated("c") == []


async def positions_and_versions_count_up(store: EventStore, _: HandClock) -> None:
    answers = [
        await store.append(draft("box:1", 0, 2)),
        await store.append(draft("box:2", 0, 1)),
        await store.append(draft("box:1", 2, 3)),
    ]
    assert answers == [Appended(1, 2, 2), Appended(2, 1, 1), Appended(3, 5, 3)]
    commits = await whole(store)
    assert [(one["_id"], one["s"], one["v0"], one["n"]) for one in commits] == [
        (1, "box:1", 1, 2),
        (2, "box:2", 1, 1),
        (3, "box:1", 3, 3),
    ]


async def a_commit_is_kept_as_it_was_given(store: EventStore, clock: HandClock) -> None:
    wanted = draft(events=2, member_id="m", traceparent="00-aa-bb-01")
    wanted.events[1]["pii"] = {"label": {"k": "p/things", "c": bytes(range(256))}, "gone": {"k": "p/x", "c": None}}
    await store.append(wanted)
    [commit] = await store.window(0)
    assert set(commit) == set(Commit.__annotations__)
    assert commit["ev"] == list(wanted.events)
    assert (commit["s"], commit["cmd"], commit["fp"], commit["meta"]) == ("box:1", wanted.cmd, wanted.fp, wanted.meta)
    assert commit["at"] == clock.now()
    assert commit["at"].utcoffset() is not None
    assert commit == await store.command(wanted.cmd)


async def a_stream_that_moved_is_a_conflict(store: EventStore, _: HandClock) -> None:
    await store.append(draft(expected=0, events=2))
    assert isinstance(await refused(store, draft(expected=0)), Conflict)
    await store.append(draft(expected=2))
    assert isinstance(await refused(store, draft(expected=2)), Conflict)
    assert len(await whole(store)) == 2  # noqa: PLR2004 - two were stored


async def of_appends_to_one_stream_at_once_one_wins(store: EventStore, _: HandClock) -> None:
    answers = await asyncio.gather(*(outcome(store.append(draft(expected=0))) for _ in range(MANY)))
    assert sum(isinstance(answer, Appended) for answer in answers) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == MANY - 1
    assert len(await whole(store)) == 1


async def appends_to_many_streams_at_once_all_win(store: EventStore, _: HandClock) -> None:
    answers = await asyncio.gather(*(store.append(draft(f"box:{n}", events=1 + n % 3)) for n in range(MANY)))
    assert sorted(answer.position for answer in answers) == list(range(1, MANY + 1))
    for answer, commit in zip(sorted(answers, key=lambda one: one.position), await whole(store), strict=True):
        assert (answer.version, answer.events, answer.repeated) == (commit["n"], commit["n"], False)


async def time_never_runs_backwards(store: EventStore, clock: HandClock) -> None:
    start = clock.now()
    for seconds in (0, -3600, 0.0014, 7200):
        clock.move(seconds)
        await store.append(draft(f"box:{seconds}"))
    times = [one["at"] for one in await whole(store)]
    assert times == [start, start, start, clock.now()]
    assert (await store.head()).at == clock.now()


async def a_caller_who_goes_away_stops_nobody(store: EventStore, _: HandClock) -> None:
    gone = [asyncio.ensure_future(store.append(draft(f"gone:{n}"))) for n in range(5)]
    stay = [asyncio.ensure_future(store.append(draft(f"stay:{n}"))) for n in range(5)]
    await asyncio.sleep(0)
    for task in gone:
        task.cancel()
    answers = await asyncio.gather(*stay)
    await asyncio.gather(*gone, return_exceptions=True)
    assert len({answer.position for answer in answers}) == len(stay)
    streams = {one["s"] for one in await whole(store)}
    assert {f"stay:{n}" for n in range(5)} <= streams


CASES: tuple[Case, ...] = (
    an_empty_store_has_nothing,
    positions_and_versions_count_up,
    a_commit_is_kept_as_it_was_given,
    a_stream_that_moved_is_a_conflict,
    of_appends_to_one_stream_at_once_one_wins,
    appends_to_many_streams_at_once_all_win,
    time_never_runs_backwards,
    a_caller_who_goes_away_stops_nobody,
)
