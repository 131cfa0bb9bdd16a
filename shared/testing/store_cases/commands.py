"""A command id has one answer for ever."""

import asyncio
import uuid

from shared.event_store.protocol import Appended, CommandReused, Conflict, EventStore
from shared.testing.clock import HandClock
from shared.testing.store_cases.kit import MANY, OTHER, Case, draft, outcome, refused, whole


async def a_command_has_one_answer_for_ever(store: EventStore, _: HandClock) -> None:
    wanted = draft(events=2)
    first = await store.append(wanted)
    await store.append(draft(expected=2))
    again = await store.append(wanted)
    redecided = await store.append(draft(expected=3, events=1, cmd=wanted.cmd))
    assert again == redecided == Appended(first.position, first.version, first.events, repeated=True)
    assert len(await whole(store)) == 2  # noqa: PLR2004 - two were stored


async def a_command_sent_many_times_at_once_is_stored_once(store: EventStore, _: HandClock) -> None:
    wanted = draft()
    answers = await asyncio.gather(*(outcome(store.append(wanted)) for _ in range(MANY)))
    places = {answer.position for answer in answers if isinstance(answer, Appended)}
    assert places == {1}
    assert all(isinstance(answer, Appended | Conflict) for answer in answers)
    assert sum(isinstance(answer, Appended) and not answer.repeated for answer in answers) == 1
    assert len(await whole(store)) == 1


async def a_repeat_takes_a_position_but_no_version(store: EventStore, _: HandClock) -> None:
    await store.append(draft(expected=0, events=2))
    nothing = draft(expected=2, events=0)
    assert await store.append(nothing) == Appended(2, 2, 0)
    assert await store.append(nothing) == Appended(2, 2, 0, repeated=True)
    assert await store.append(draft(expected=2, events=0)) == Appended(3, 2, 0)
    assert await store.append(draft(expected=2)) == Appended(4, 3, 1)
    assert [one["_id"] for one in await store.stream("box:1")] == [1, 4]
    assert [one["n"] for one in await whole(store)] == [2, 0, 0, 1]


async def a_repeat_is_no_conflict_though_the_stream_has_moved(store: EventStore, _: HandClock) -> None:
    await store.append(draft(expected=0))
    await store.append(draft(expected=1))
    assert await store.append(draft(expected=1, events=0)) == Appended(3, 1, 0)


async def repeats_at_once_all_get_an_answer(store: EventStore, _: HandClock) -> None:
    wanted = draft("box:new", events=0)
    answers = await asyncio.gather(*(store.append(wanted) for _ in range(MANY)))
    assert {(answer.position, answer.version, answer.events) for answer in answers} == {(1, 0, 0)}
    assert sum(not answer.repeated for answer in answers) == 1


async def a_command_id_belongs_to_what_it_first_stood_for(store: EventStore, _: HandClock) -> None:
    for cmd, events in ((str(uuid.uuid4()), 1), (str(uuid.uuid4()), 0)):
        stream = f"box:{cmd}"
        await store.append(draft(stream, events=events, cmd=cmd))
        for other in (
            draft(stream, expected=events, cmd=cmd, fp=OTHER),
            draft(stream, expected=events, cmd=cmd, actor="member-2"),
            draft("box:other", cmd=cmd),
            draft("box:other", cmd=cmd, events=0),
        ):
            assert isinstance(await refused(store, other), CommandReused)


CASES: tuple[Case, ...] = (
    a_command_has_one_answer_for_ever,
    a_command_sent_many_times_at_once_is_stored_once,
    a_repeat_takes_a_position_but_no_version,
    a_repeat_is_no_conflict_though_the_stream_has_moved,
    repeats_at_once_all_get_an_answer,
    a_command_id_belongs_to_what_it_first_stood_for,
)
