"""Whom a rebuild covers: one person, or everybody touched since a position or a date."""

import datetime as dt

import pytest

from shared.scopes import WHOLE, Scope
from tests import toy
from tests.shared.lab import Lab
from tests.shared.toybox import opened_and_filled

PERSONS = [f"p{number}" for number in range(5)]


class Moving:
    """A clock that goes on by an hour at each look."""

    def __init__(self) -> None:
        self.hours = 0

    def now(self) -> dt.datetime:
        self.hours += 1
        return toy.T0 + dt.timedelta(hours=self.hours)


@pytest.fixture
async def lab() -> Lab:
    """Five persons, one after the other, then the first again."""
    made = Lab(toy.summary)
    made.store._clock = Moving()
    for person in PERSONS:
        await made.append(person, *opened_and_filled(person, 1)[1])
    await made.append("p0", toy.BoxFilled(at=toy.T0, person_id="p0", amount=2))
    return made


async def covered(lab: Lab, scope: Scope, after: int = 0) -> list[tuple[int, str]]:
    return [one async for one in scope.persons(lab.store, after)]


async def test_one_person_is_covered_whatever_she_did_and_when(lab):
    assert await covered(lab, Scope(person="p3")) == [(0, "p3")]


@pytest.mark.parametrize(("since", "expected"), [(0, PERSONS), (3, ["p0", "p3", "p4"]), (5, ["p0"]), (6, []), (99, [])])
async def test_everybody_touched_since_a_position_is_covered_once(lab, since, expected):
    assert [person for _, person in await covered(lab, Scope(since=since))] == expected


@pytest.mark.parametrize(
    ("hours", "expected"), [(0, PERSONS), (1, PERSONS), (4, ["p0", "p3", "p4"]), (6, ["p0"]), (6.5, []), (99, [])]
)
async def test_everybody_touched_since_a_date_is_covered_the_date_included(lab, hours, expected):
    scope = Scope(since=toy.T0 + dt.timedelta(hours=hours))
    assert [person for _, person in await covered(lab, scope)] == expected


async def test_an_empty_log_covers_nobody():
    assert await covered(Lab(toy.summary), Scope(since=toy.T0)) == []


async def test_members_can_be_meant_and_commits_that_name_none_are_left_out(lab):
    lab.store.commits[1]["meta"] = {**lab.store.commits[1]["meta"], "member_id": "m1"}
    assert [person for _, person in await covered(lab, Scope(since=0, by="member_id"))] == ["m1"]


def test_a_jobs_name_says_its_scope_and_no_persons_id():
    assert str(WHOLE) == "whole"
    assert str(Scope(since=7, by="member_id")) == "member_id since 7"
    assert "p0" not in str(Scope(person="p0"))
    assert WHOLE.whole
    assert not Scope(person="p0").whole
    assert not Scope(since=0).whole


@pytest.mark.parametrize(
    ("person", "since", "expected"),
    [
        ("", "", WHOLE),
        ("p0", "", Scope(person="p0")),
        ("", "17", Scope(since=17)),
        ("", "2026-03-14", Scope(since=dt.datetime(2026, 3, 14, tzinfo=dt.UTC))),
        ("", "2026-03-14T01:00:00+01:00", Scope(since=dt.datetime(2026, 3, 14, tzinfo=dt.UTC))),
    ],
)
def test_a_scope_is_read_as_it_is_typed(person, since, expected):
    assert Scope.parse(person, since) == expected


@pytest.mark.parametrize(("person", "since"), [("p0", "17"), ("", "yesterday"), ("", "-3")])
def test_a_scope_that_makes_no_sense_is_refused(person, since):
    with pytest.raises(ValueError, match=r".+"):
        Scope.parse(person, since)
