"""The chain of hashes: golden commits, and every change to a log is seen at its position."""

import copy
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.event_store import GENESIS, Commit, Corrupted, Head, MemoryEventStore, verify
from shared.event_store.chain import body_digest, body_of, build, check_dense, commit_hash, head_of
from shared.testing.clock import HandClock
from shared.testing.store_cases.kit import draft, whole
from tests import recompute
from tests.golden_chain import WRITTEN, commit_of, golden

HEAD = "2865c177"


async def some_log(commits: int = 6) -> list[Commit]:
    store, clock = MemoryEventStore(HandClock()), HandClock()
    for number in range(commits):
        clock.move(1)
        wanted = draft(f"box:{number}", events=1 + number % 2, person_id="p")
        wanted.events[0]["pii"] = {"label": {"k": "p/things", "c": bytes([number] * 40)}}
        await store.append(wanted)
    return await whole(store)


def test_the_golden_chain_holds() -> None:
    assert verify(golden()).hash.hex()[:8] == HEAD


def test_the_golden_chain_holds_for_the_standard_library_alone() -> None:
    assert recompute.first_broken(WRITTEN) is None
    assert recompute.unb64(WRITTEN[-1]["h"]).hex()[:8] == HEAD


@pytest.mark.parametrize("written", WRITTEN, ids=lambda written: str(written["_id"]))
def test_each_golden_commit_has_its_hash(written: dict[str, Any]) -> None:
    commit = commit_of(written)
    body, size = body_digest(commit)
    assert commit_hash(commit, body) == commit["h"] == recompute.commit_hash(written)
    assert size == len(recompute.canonical({name: written[name] for name in recompute.BODY}))


def test_a_part_of_the_chain_is_checked_from_the_head_before_it() -> None:
    commits = golden()
    assert verify(commits[2:], head_of(commits[1])) == head_of(commits[-1])
    assert verify([], head_of(commits[1])) == head_of(commits[1])


CHANGES: dict[str, Any] = {
    "another stream": {"s": "box:2"},
    "another version": {"v0": 9},
    "another count": {"n": 9},
    "another time": {"at": dt.datetime(2026, 3, 14, 9, 26, 53, 590000, tzinfo=dt.UTC)},
    "another command": {"cmd": "5b0c3b1e-0000-4000-8000-000000000000"},
    "another fingerprint": {"fp": b"x"},
    "no events": {"ev": []},
    "another actor": {"meta": {"actor": "somebody else"}},
    "another hash": {"h": bytes(32)},
    "another link": {"ph": bytes(32)},
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("position", [2, 5])
async def test_every_field_is_covered(change: str, position: int) -> None:
    commits = await some_log()
    commits[position - 1] = {**commits[position - 1], **CHANGES[change]}
    with pytest.raises(Corrupted, match=f"at position {position}$"):
        verify(commits)
    assert recompute.first_broken(recompute.as_json(commits)) == position


@pytest.mark.parametrize(
    "path", [("type",), ("sv",), ("id",), ("data", "amount"), ("data", "text"), ("pii", "label", "c")], ids=str
)
async def test_every_part_of_an_event_is_covered_its_ciphertext_included(path: tuple[str, ...]) -> None:
    commits = copy.deepcopy(await some_log())
    part: Any = commits[3]["ev"][0]
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = b"changed" if path[-1] == "c" else "changed"
    with pytest.raises(Corrupted, match=r"at position 4$"):
        verify(commits)


async def test_a_commit_rewritten_with_a_fresh_hash_breaks_the_next_link() -> None:
    commits = await some_log()
    forged: Commit = {**commits[2], "s": "box:forged"}
    forged["h"] = commit_hash(forged, body_digest(forged)[0])
    commits[2] = forged
    with pytest.raises(Corrupted, match=r"at position 4$"):
        verify(commits)


@given(st.data())
async def test_what_is_missing_doubled_or_swapped_is_seen(data: st.DataObject) -> None:
    commits = await some_log()
    index = data.draw(st.integers(0, len(commits) - 2))
    kind = data.draw(st.sampled_from(["missing", "doubled", "swapped"]))
    wrong = {
        "missing": [*commits[:index], *commits[index + 1 :]],
        "doubled": [*commits[: index + 1], *commits[index:]],
        "swapped": [*commits[:index], commits[index + 1], commits[index], *commits[index + 2 :]],
    }
    with pytest.raises(Corrupted):
        verify(wrong[kind])


def test_positions_are_dense_or_the_log_is_corrupted() -> None:
    commits = golden()
    assert check_dense(commits, 0) == commits
    assert check_dense(commits[3:], 3) == commits[3:]
    assert check_dense([], 99) == []
    with pytest.raises(Corrupted, match="position 1 is missing before 2"):
        check_dense(commits[1:], 0)
    with pytest.raises(Corrupted, match="position 3 is missing before 4"):
        check_dense([*commits[:2], *commits[3:]], 0)


TIMES = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(st.lists(TIMES, min_size=1, max_size=8))
def test_whatever_the_clock_does_time_never_runs_backwards_and_the_chain_holds(times: list[dt.datetime]) -> None:
    head, commits = GENESIS, []
    for time in times:
        wanted = draft(f"box:{len(commits)}")
        commits.append(build(wanted, body_of(wanted)[0], head, time))
        head = head_of(commits[-1])
    assert [commit["at"] for commit in commits] == sorted(commit["at"] for commit in commits)
    assert all(commit["at"].microsecond % 1000 == 0 for commit in commits)
    assert verify(commits) == head


def test_a_body_does_not_depend_on_where_the_commit_lands() -> None:
    wanted = draft(expected=7)
    body, _ = body_of(wanted)
    for position, hash_ in ((0, bytes(32)), (41, b"x" * 32)):
        commit = build(wanted, body, Head(position, hash_, GENESIS.at), HandClock().now())
        assert body_digest(commit)[0] == body
        assert (commit["_id"], commit["v0"], commit["ph"]) == (position + 1, 8, hash_)


def test_what_the_topic_could_never_carry_is_refused() -> None:
    wanted = draft(events=3)
    for event in wanted.events:
        event["data"]["text"] = "x" * 600_000
    body_of(wanted)
    wanted.events[1]["data"]["text"] = "x" * 900_000
    with pytest.raises(ValueError, match="900000 bytes at most"):
        body_of(wanted)
