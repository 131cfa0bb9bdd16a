"""What a log is held against: steps, patience, what is chosen of it."""

import datetime as dt
from collections.abc import Iterator

import pytest

from shared.kernel import Event
from shared.lifecycles import Conformance, Lifecycle, Lifecycles, Move, Wanted

AT = dt.datetime(2026, 11, 2, 8, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


class Put(Event, name="Put"):
    """A toy is in this state."""

    toy: str
    state: str


def moves(event: Event) -> Iterator[Move]:
    assert isinstance(event, Put)
    yield Move("toy", event.toy, event.state)


FOLLOWS = {None: frozenset({"new"}), "new": frozenset({"used"}), "used": frozenset({"broken"}), "broken": frozenset()}
TOYS = Lifecycles((Lifecycle("toy", FOLLOWS, {"new": 3 * DAY}, alone="used"),), moves)


def told(*steps: tuple[str, str, int], stream: str = "box:1") -> Conformance:
    found = Conformance(TOYS)
    for toy, state, day in steps:
        found.tell(stream, Put(at=AT + day * DAY, toy=toy, state=state), person_id="ann", codes={f"{toy}-code"})
    return found


def test_each_step_says_where_it_came_from_and_how_long_that_took() -> None:
    held = told(("car", "new", 0))
    [moved] = held.tell("box:1", Put(at=AT + 2 * DAY, toy="car", state="used"))
    assert (moved.before, moved.after, moved.allowed, moved.seconds) == ("new", "used", True, 2 * 86_400)
    [strayed] = held.tell("box:1", Put(at=AT + 3 * DAY, toy="car", state="new"))
    assert strayed.allowed is False
    assert [one.after for one in held.report().deviations] == ["new"]


def test_two_of_one_stream_are_not_used_at_once() -> None:
    held = told(("car", "new", 0), ("cat", "new", 0), ("car", "used", 1), ("cat", "used", 2))
    assert [(one.subject, one.person_id) for one in held.deviations] == [("cat", "ann")]
    other = told(("car", "new", 0), ("car", "used", 1))
    other.tell("box:2", Put(at=AT, toy="cat", state="new"))
    other.tell("box:2", Put(at=AT, toy="cat", state="used"))
    assert other.deviations == []


def test_what_stands_for_longer_than_declared_is_stuck_and_nothing_else() -> None:
    held = told(("car", "new", 0), ("cat", "new", 2), ("dog", "new", 0), ("dog", "used", 0))
    assert list(held.stuck(AT + 3 * DAY)) == []
    [stuck] = held.stuck(AT + 4 * DAY)
    assert (stuck.subject, stuck.state, stuck.late, stuck.person_id) == ("car", "new", 86_400, "ann")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), {"car", "cat"}),
        (Wanted(lifecycle="toy", state="used"), {"car"}),
        (Wanted(lifecycle="card"), set()),
        (Wanted(code="cat-code"), {"cat"}),
        (Wanted(since=AT + 5 * DAY), {"cat"}),
        (Wanted(until=AT + 5 * DAY), {"car"}),
        (Wanted(since=AT + DAY, until=AT + 2 * DAY), {"car"}),
        (Wanted(since=AT + DAY + DAY, until=AT + 5 * DAY), set()),
    ],
)
def test_lives_are_chosen_by_kind_state_code_and_time(wanted: Wanted, found: set[str]) -> None:
    held = told(("car", "new", 0), ("car", "used", 1), ("cat", "new", 5))
    assert {one.subject for one in held.those(wanted)} == found
