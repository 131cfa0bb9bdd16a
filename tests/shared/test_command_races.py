"""Lost races are decided again, three times at most; names belong to one; what is written about a command."""

import asyncio
import json
import uuid
from collections.abc import Callable, Sequence

import pytest
from structlog.testing import capture_logs

from shared.command_handler import ATTEMPTS, Claims
from shared.event_store import Appended, ClaimTaken, Conflict, EventStore, MemoryEventStore
from shared.kernel import Rejected
from shared.metrics import exposition
from shared.personal_data import BlindIndex
from shared.testing.clock import HandClock
from shared.testing.store_cases.kit import whole
from tests import toy
from tests.parts import SECRET, Toy, empty, metadata, opening, put
from tests.shared.unruly import UnrulyStore

LABELS = BlindIndex("label", 1, b"k" * 32)


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.connected)])
def store(request: pytest.FixtureRequest) -> UnrulyStore:
    behind: EventStore = (
        MemoryEventStore(HandClock()) if request.param == "memory" else request.getfixturevalue("mongo_store")
    )
    return UnrulyStore(behind)


def rivals(box: Toy, store: UnrulyStore, times: int) -> None:
    """Somebody else fills the same box before each of the next appends."""
    other = Toy(store._store, box.vault)
    store.rivals = [lambda: other.send(put(1), meta=metadata(actor="somebody else"))] * times


@pytest.mark.parametrize("times", range(ATTEMPTS))
async def test_a_lost_race_is_decided_again_on_what_is_there_now(store: UnrulyStore, times: int) -> None:
    box = Toy(store)
    await box.send(opening())
    rivals(box, store, times)
    store.appends = 0
    answer = await box.send(put(5))
    assert (answer.version, answer.repeated, store.appends) == (2 + times, False, times + 1)
    assert (await box.state("box:anne"))[0].content == 5 + times


async def test_after_three_lost_races_it_is_a_conflict(store: UnrulyStore) -> None:
    box = Toy(store)
    await box.send(opening())
    rivals(box, store, ATTEMPTS)
    store.appends = 0
    with pytest.raises(Conflict):
        await box.send(put(5))
    assert store.appends == ATTEMPTS == 3
    assert (await box.state("box:anne"))[0].content == ATTEMPTS
    assert (await box.send(put(5))).version == 2 + ATTEMPTS


async def test_a_race_that_changes_the_rule_is_decided_by_the_rule(store: UnrulyStore) -> None:
    box = Toy(store)
    other = Toy(store._store, box.vault)
    store.rivals = [lambda: other.send(opening(label="first"), meta=metadata(actor="somebody else"))]
    with pytest.raises(Rejected) as refusal:
        await box.send(opening(label="second"))
    assert refusal.value.code == "already-open"
    assert len(await whole(store)) == 1


async def test_many_on_one_stream_at_once_are_all_answered_and_none_is_half_done(store: UnrulyStore) -> None:
    box = Toy(store)
    await box.send(opening())
    answers = await asyncio.gather(*(box.send(put(1)) for _ in range(20)), return_exceptions=True)
    accepted = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert all(isinstance(answer, Conflict) for answer in answers if isinstance(answer, BaseException))
    assert ATTEMPTS <= len(accepted) == (await box.state("box:anne"))[0].content
    assert len(await whole(store)) == len(accepted) + 1


# Names


def releasing(_: toy.Box, events: Sequence[toy.BoxEvent]) -> Claims:
    """A box that is emptied gives its label back."""
    take = [LABELS.of(str(event.label)) for event in events if isinstance(event, toy.BoxOpened)]
    give = [LABELS.of("hush") for event in events if isinstance(event, toy.BoxEmptied)]
    return Claims(take=take, release=give)


async def test_of_two_accounts_racing_for_one_name_one_gets_it(store: UnrulyStore) -> None:
    box = Toy(store, claims=toy.claim_label(LABELS))
    people = [f"person-{number}" for number in range(6)]
    answers = await asyncio.gather(*(box.send(opening(one, "the same")) for one in people), return_exceptions=True)
    taken = [answer for answer in answers if isinstance(answer, ClaimTaken)]
    assert len(taken) == 5
    assert {answer.kind for answer in taken} == {"label"}
    [commit] = await whole(store)
    assert commit["s"].partition(":")[2] in people


async def test_a_name_given_back_can_be_taken_by_another(store: UnrulyStore) -> None:
    box = Toy(store, claims=releasing)
    await box.send(opening("anne", "hush"))
    await box.send(put(1, "anne"))
    with pytest.raises(ClaimTaken):
        await box.send(opening("paul", "hush"))
    await box.send(empty("anne"))
    assert (await box.send(opening("paul", "hush"))).version == 1


async def test_a_repeat_takes_no_name(store: UnrulyStore) -> None:
    asked: list[Sequence[toy.BoxEvent]] = []

    def claims(_: toy.Box, events: Sequence[toy.BoxEvent]) -> Claims:
        asked.append(events)
        return Claims(take=["label:x"])

    await Toy(store, claims=claims).send(empty())
    assert asked == []


# What is written about a command


async def test_the_partition_key_is_fixed_when_a_stream_is_born(store: UnrulyStore) -> None:
    box = Toy(store)
    await box.send(opening(), meta=metadata("anne"))
    await box.send(put(), meta=metadata("anne", channel="mail").__class__(**{**metadata("anne").dump(), "pk": "moved"}))
    assert [commit["meta"]["pk"] for commit in await whole(store)] == ["anne", "anne"]


async def test_fingerprints_are_keyed_by_the_person_or_else_by_the_service() -> None:
    async def fingerprint(person_id: str | None) -> bytes:
        store = MemoryEventStore(HandClock())
        meta = metadata().__class__(**{**metadata().dump(), "person_id": person_id})
        await Toy(store).send(opening(), meta=meta)
        return store.commits[0]["fp"]

    own = [await fingerprint("anne") for _ in range(2)]
    nobodys = [await fingerprint(None) for _ in range(2)]
    assert len({*own, *nobodys}) == 3
    assert nobodys[0] == nobodys[1]
    assert {len(one) for one in (*own, *nobodys)} == {32}
    assert SECRET not in nobodys[0]


Try = Callable[[Toy], object]


async def test_one_line_and_one_count_for_each_outcome_and_no_payload() -> None:
    store = UnrulyStore(MemoryEventStore(HandClock()))
    box = Toy(store, claims=toy.claim_label(LABELS))
    cmd = str(uuid.uuid4())
    with capture_logs() as lines:
        await box.send(opening(label="canary"), cmd=cmd)
        await box.send(opening(label="canary"), cmd=cmd)
        await asyncio.gather(
            box.send(put(person="nobody")),
            box.send(opening("paul", "canary")),
            box.send(opening(label="other canary"), cmd=cmd),
            return_exceptions=True,
        )
    outcomes = ["accepted", "repeated", "rejected:not-open", "ClaimTaken", "CommandReused"]
    assert sorted(line["outcome"] for line in lines) == sorted(outcomes)
    assert {line["event"] for line in lines} == {"command"}
    assert "canary" not in json.dumps(lines)
    text = exposition()[0].decode()
    assert all(f'outcome="{outcome}"' in text for outcome in outcomes)
    assert "canary" not in text


async def test_a_caller_who_goes_away_is_noted_and_his_command_stands() -> None:
    class Slow(MemoryEventStore):
        async def append(self, draft: object) -> Appended:
            answer = await super().append(draft)  # type: ignore[arg-type]
            await asyncio.sleep(10)
            return answer

    store = Slow(HandClock())
    with capture_logs() as lines:
        task = asyncio.create_task(Toy(store).send(opening()))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert [line["outcome"] for line in lines] == ["cancelled"]
    assert len(store.commits) == 1
