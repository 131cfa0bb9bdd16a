"""What reads find."""

import asyncio
from typing import Any

from shared.event_store.protocol import MAX_EVENTS, EventStore
from shared.testing.clock import HandClock
from shared.testing.store_cases.kit import Case, draft


async def windows_are_bounded_by_positions(store: EventStore, _: HandClock) -> None:
    await asyncio.gather(*(store.append(draft(f"box:{n}")) for n in range(7)))
    assert [one["_id"] for one in await store.window(0, 3)] == [1, 2, 3]
    assert [one["_id"] for one in await store.window(5, 3)] == [6, 7]
    assert await store.window(7) == []
    assert await store.window(1000) == []


async def a_stream_is_read_after_any_version(store: EventStore, _: HandClock) -> None:
    version = 0
    for events in (1, 3, 2, 0, 1):
        await store.append(draft("box:1", version, events))
        await store.append(draft("box:2", version, events))
        version += events
    starts = [[one["v0"] for one in await store.stream("box:1", after)] for after in range(version + 1)]
    assert starts == [[1, 2, 5, 7], [2, 5, 7], [2, 5, 7], [2, 5, 7], [5, 7], [5, 7], [7], []]


async def what_follows_a_version_is_read_alone(store: EventStore, _: HandClock) -> None:
    for version, count in ((0, 3), (3, 1), (4, 0), (4, 2)):
        await store.append(draft("box:1", version, count))
    await store.append(draft("box:2"))
    for version, begins in ((0, [1, 4, 5]), (3, [4, 5]), (4, [5]), (6, [])):
        assert [one["v0"] for one in await store.later("box:1", version)] == begins


async def the_longest_commit_is_found_from_its_last_version(store: EventStore, _: HandClock) -> None:
    await store.append(draft("box:1", 0, 1))
    await store.append(draft("box:1", 1, MAX_EVENTS))
    found = await store.stream("box:1", after_version=MAX_EVENTS)
    assert [one["n"] for one in found] == [MAX_EVENTS]
    try:
        draft("box:1", MAX_EVENTS + 1, MAX_EVENTS + 1)
    except ValueError:
        return
    raise AssertionError("a commit longer than reads can find was let through")


async def streams_are_found_by_whom_they_concern(store: EventStore, _: HandClock) -> None:
    await store.append(draft("box:1", person_id="anne"))
    await store.append(draft("box:1", 1, person_id="anne", member_id="paul"))
    await store.append(draft("box:2", member_id="anne"))
    await store.append(draft("box:3", member_id="paul"))
    assert sorted(await store.streams_of("anne")) == ["box:1", "box:2"]
    assert sorted(await store.streams_of("paul")) == ["box:1", "box:3"]


async def acts_are_found_by_who_acted_and_for_whom(store: EventStore, _: HandClock) -> None:
    anne: dict[str, Any] = {"member_id": "anne", "person_id": "anne"}
    await store.append(draft("box:1", actor="anne", **anne))
    await store.append(draft("box:2", actor="register", actor_kind="feed", **anne))
    await store.append(draft("box:3", actor="visitor", actor_kind="visitor", **anne))
    await store.append(draft("box:4", actor="anne", member_id="anne", person_id="tom", acting_for="tom"))
    await store.append(draft("box:5", actor="agent-7", actor_kind="agent", **anne))
    await store.append(draft("box:6", events=0, actor="anne", **anne))
    await store.append(draft("box:7", actor="tom", member_id="tom", person_id="tom"))
    assert [one["s"] for one in await store.acts_of("anne", 10)] == ["box:4", "box:3", "box:1"]
    assert [one["s"] for one in await store.acts_of("anne", 2)] == ["box:4", "box:3"]
    assert [one["s"] for one in await store.acts_of("tom", 10)] == ["box:7", "box:4"]
    assert await store.acts_of("eve", 10) == []
    assert [one["s"] for one in await store.acts_of("tom", 10, {"BoxFilled"})] == ["box:7", "box:4"]
    assert await store.acts_of("tom", 10, {"BoxOpened"}) == []


async def a_conversation_is_read_in_order(store: EventStore, _: HandClock) -> None:
    for number in range(6):
        await store.append(draft(f"box:{number}", correlation_id=f"c-{number % 2}"))
    assert [one["_id"] for one in await store.correlated("c-1")] == [2, 4, 6]


CASES: tuple[Case, ...] = (
    windows_are_bounded_by_positions,
    a_stream_is_read_after_any_version,
    what_follows_a_version_is_read_alone,
    the_longest_commit_is_found_from_its_last_version,
    streams_are_found_by_whom_they_concern,
    acts_are_found_by_who_acted_and_for_whom,
    a_conversation_is_read_in_order,
)
