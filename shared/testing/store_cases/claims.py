"""Names that belong to one stream."""

import asyncio
import uuid

from shared.event_store.protocol import Appended, ClaimTaken, Conflict, EventStore
from shared.testing.clock import HandClock
from shared.testing.store_cases.kit import Case, draft, outcome, refused, whole


async def a_claimed_name_belongs_to_one_stream(store: EventStore, _: HandClock) -> None:
    await store.append(draft("box:1", claims=["label:v1:ab"]))
    taken = await refused(store, draft("box:2", claims=["label:v1:ab"]))
    assert isinstance(taken, ClaimTaken)
    assert taken.kind == "label"
    assert "ab" not in str(taken).replace("label", "").split()
    await store.append(draft("box:1", 1, claims=["label:v1:ab", "label:v1:cd"]))
    assert isinstance(await refused(store, draft("box:2", claims=["label:v1:cd"])), ClaimTaken)


async def claims_are_taken_together_or_not_at_all(store: EventStore, _: HandClock) -> None:
    await store.append(draft("box:1", claims=["label:taken"]))
    assert isinstance(await refused(store, draft("box:2", claims=["label:free", "label:taken"])), ClaimTaken)
    await store.append(draft("box:3", claims=["label:free"]))
    assert isinstance(await refused(store, draft("box:1", 0, claims=["label:more"])), Conflict)
    await store.append(draft("box:3", 1, claims=["label:more"]))


async def of_two_that_race_for_a_name_one_gets_it(store: EventStore, _: HandClock) -> None:
    for name in ("label:a", "label:b", "label:c"):
        racers = [draft(f"box:{uuid.uuid4()}", claims=[name]) for _ in range(5)]
        answers = await asyncio.gather(*(outcome(store.append(racer)) for racer in racers))
        assert sum(isinstance(answer, Appended) for answer in answers) == 1
        assert sum(isinstance(answer, ClaimTaken) for answer in answers) == 4  # noqa: PLR2004 - all others
    assert len(await whole(store)) == 3  # noqa: PLR2004 - one for each name


async def a_released_name_is_free_again(store: EventStore, _: HandClock) -> None:
    await store.append(draft("box:1", claims=["label:a", "label:b"]))
    await store.append(draft("box:1", 1, releases=["label:a"]))
    await store.append(draft("box:2", claims=["label:a"]))
    assert isinstance(await refused(store, draft("box:2", 1, claims=["label:b"])), ClaimTaken)
    await store.append(draft("box:1", 2, claims=["label:c"], releases=["label:b"]))
    await store.append(draft("box:2", 1, claims=["label:b"]))


async def a_stream_cannot_release_what_another_holds(store: EventStore, _: HandClock) -> None:
    await store.append(draft("box:1", claims=["label:a"]))
    await store.append(draft("box:2", releases=["label:a", "label:unknown"]))
    assert isinstance(await refused(store, draft("box:2", 1, claims=["label:a"])), ClaimTaken)


async def a_repeated_claim_gets_its_answer_even_when_the_name_has_gone_on(store: EventStore, _: HandClock) -> None:
    wanted = draft("box:1", claims=["label:a"])
    await store.append(wanted)
    await store.append(draft("box:1", 1, releases=["label:a"]))
    await store.append(draft("box:2", claims=["label:a"]))
    assert await store.append(wanted) == Appended(1, 1, 1, repeated=True)
    assert isinstance(await refused(store, draft("box:1", 2, claims=["label:a"])), ClaimTaken)


async def the_holder_of_a_name_is_told(store: EventStore, _: HandClock) -> None:
    await store.append(draft("box:1", claims=["label:a", "label:b"]))
    await store.append(draft("box:1", 1, releases=["label:b"]))
    assert await store.holders(["label:a", "label:b", "label:c"]) == {"label:a": "box:1"}
    assert await store.holders([]) == {}


CASES: tuple[Case, ...] = (
    a_claimed_name_belongs_to_one_stream,
    claims_are_taken_together_or_not_at_all,
    of_two_that_race_for_a_name_one_gets_it,
    a_released_name_is_free_again,
    a_stream_cannot_release_what_another_holds,
    a_repeated_claim_gets_its_answer_even_when_the_name_has_gone_on,
    the_holder_of_a_name_is_told,
)
