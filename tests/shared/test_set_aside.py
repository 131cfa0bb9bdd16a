"""Lines that were set aside: they wait until an agent has seen to them, the oldest first, and no longer."""

import datetime as dt
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.admin import Decided, WorkItem
from shared.feeds import FeedAccepted, feed_log
from shared.feeds.log import FeedLineSettled, FeedStarted, SetAside, Settled, SettleLine, StartFeed
from shared.feeds.set_aside import KEPT, SetAsideLines, Shown, evolve, set_aside_lines, settle
from shared.testing.spec import Spec

AT = dt.datetime(2026, 11, 24, 6, 0, tzinfo=dt.UTC)
log = Spec(feed_log)


def accepted(sequence: int, *lines: int) -> FeedAccepted:
    listed = tuple(SetAside(line=line, reason="name-taken") for line in lines)
    return FeedAccepted(at=AT, feed="sums", sequence=sequence, as_of=AT, lines=100, set_aside=len(lines), listed=listed)


def settled(sequence: int, line: int) -> FeedLineSettled:
    return FeedLineSettled(at=AT, feed="sums", sequence=sequence, line=line, how=Settled.CORRECTED)


def waiting(*events: Shown) -> list[tuple[int, int]]:
    shown: SetAsideLines | None = reduce(evolve, events, None)
    return [(one.sequence, one.line) for one in shown.lines] if shown else []


def test_lines_of_all_files_wait() -> None:
    assert waiting(accepted(1, 3, 9), accepted(2), accepted(3, 3)) == [(1, 3), (1, 9), (3, 3)]


def test_a_settled_one_waits_no_longer() -> None:
    assert waiting(accepted(1, 3, 9), accepted(2, 3), settled(1, 3)) == [(1, 9), (2, 3)]


@given(st.lists(st.integers(0, 900), min_size=1, max_size=12))
def test_of_a_flood_the_newest_are_kept(counts: list[int]) -> None:
    events = [accepted(number, *range(count)) for number, count in enumerate(counts, 1)]
    everything = [(number, line) for number, count in enumerate(counts, 1) for line in range(count)]
    assert waiting(*events) == everything[-KEPT:]


def test_the_log_settles_a_line_once_and_remembers_it_over_files() -> None:
    command = SettleLine(at=AT, feed="sums", sequence=1, line=3, how=Settled.CORRECTED)
    log.given(accepted(1, 3)).when(command).then(settled(1, 3))
    log.given(accepted(1, 3), settled(1, 3)).when(command).nothing()
    later = FeedStarted(at=AT, feed="sums", sequence=2, as_of=AT, file="f")
    log.given(accepted(1, 3), settled(1, 3), later).when(command).nothing()
    log.given(settled(1, 3), later).when(StartFeed(at=AT, feed="sums", sequence=2, as_of=AT, file="f")).nothing()


@pytest.mark.parametrize("how", Settled)
def test_a_decision_is_a_command_of_the_feed(how: Settled) -> None:
    summary = {"feed": "sums", "sequence": "4", "line": "17", "reason": "name-taken"}
    item = WorkItem(kind="feed-line", id="sums-4-17", since=AT, summary=summary)
    issued = settle(item, Decided(decision=how.value, reason="Vu avec l'expéditeur"), AT)
    assert issued.stream == "feed:sums"
    assert issued.command == SettleLine(at=AT, feed="sums", sequence=4, line=17, how=how)


def test_a_service_has_one_of_its_own() -> None:
    assert (set_aside_lines("toy").name, set_aside_lines("toy").key(settled(1, 3))) == ("toy.set_aside_lines", "sums")
