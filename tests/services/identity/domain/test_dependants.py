"""Who may see whom: given a child of the register, when a line or a birthday comes, then views begin and end."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import commands as c
from services.identity.domain import events as e
from services.identity.domain.ages import midnight, turns
from services.identity.domain.dependants import ViewReason, viewers_on
from services.identity.domain.ids import PersonId
from services.identity.domain.person import Person, person
from services.identity.domain.register import RegisterFacts
from services.identity.read_models.view_reviews import evolve
from shared.kernel import ERASED, members
from shared.testing.spec import Spec
from tests.services.identity.examples import AS_OF, CLAIRE, DAY, NOW, PAUL, after, facts, known, register, registered

LEA = PersonId("5d5e3c2b-9f3e-4f46-8a45-6a1f2e3d4c5b")
TODAY = NOW.date()
BORN: dict[str, Any] = {"person_id": LEA, "nir": None, "insured_person_id": CLAIRE}
SIX: dict[str, Any] = {**BORN, "birth_date": dt.date(2020, 3, 10), "parents": (CLAIRE, PAUL)}
ALMOST_18: dict[str, Any] = {**BORN, "birth_date": dt.date(2008, 11, 25), "parents": (CLAIRE,)}
ALMOST_16: dict[str, Any] = {**BORN, "birth_date": dt.date(2010, 11, 25), "parents": (CLAIRE,), "own_cover": True}

a_child: Spec[Person, c.PersonCommand, e.PersonEvent] = Spec(person)


def granted(viewer: PersonId, at: dt.datetime = NOW) -> e.ViewGranted:
    return e.ViewGranted(at=at, viewer_id=viewer, person_id=LEA, reason=ViewReason.PARENT)


def ended(viewer: PersonId, reason: ViewReason, at: dt.datetime = NOW) -> e.ViewEnded:
    return e.ViewEnded(at=at, viewer_id=viewer, person_id=LEA, reason=reason)


def review(at: dt.datetime) -> c.ReviewViews:
    return c.ReviewViews(at=at, person_id=LEA)


def test_a_minor_is_seen_by_the_parents_he_is_attached_to() -> None:
    a_child.when(register(**SIX)).then(*known(**SIX), granted(CLAIRE), granted(PAUL))


def test_each_view_is_granted_once() -> None:
    a_child.given(*known(**SIX), granted(CLAIRE), granted(PAUL)).when(register(**SIX)).nothing()


def test_who_pays_but_is_no_parent_sees_nothing() -> None:
    orphan = {**SIX, "parents": (), "insured_person_id": PAUL}
    a_child.when(register(**orphan)).then(*known(**orphan))


def test_an_adult_is_seen_by_nobody_whoever_covers_him() -> None:
    student = {**SIX, "birth_date": dt.date(2004, 5, 1)}
    a_child.when(register(**student)).then(*known(**student))


def test_nobody_is_granted_a_view_of_himself() -> None:
    own = {**SIX, "parents": (LEA,)}
    a_child.when(register(**own)).then(*known(**own))


def test_a_link_that_ends_ends_the_view_and_a_new_one_begins_it() -> None:
    moved = {**SIX, "parents": (PAUL,), "as_of": AS_OF + DAY}
    updated = e.PersonUpdated(at=NOW, **facts(**moved))
    seen = a_child.given(*known(**{**SIX, "parents": (CLAIRE,)}), granted(CLAIRE))
    seen.when(register(**moved)).then(updated, ended(CLAIRE, ViewReason.LINK_ENDED), granted(PAUL))


@pytest.mark.parametrize(
    ("child", "reason"), [(ALMOST_18, ViewReason.MAJORITY), (ALMOST_16, ViewReason.OWN_COVER)], ids=["18", "16"]
)
def test_the_view_ends_with_the_birthday_in_paris_and_not_a_second_before(
    child: dict[str, Any], reason: ViewReason
) -> None:
    seen = a_child.given(*known(**child), granted(CLAIRE))
    day = dt.datetime(2026, 11, 24, 23, tzinfo=dt.UTC)  # midnight in Paris, in winter
    seen.when(review(day - dt.timedelta(seconds=1))).nothing()
    seen.when(review(day)).then(ended(CLAIRE, reason, day))
    seen.given(ended(CLAIRE, reason, day)).when(review(after(days=400))).nothing()


def test_at_16_without_cover_of_his_own_the_view_goes_on() -> None:
    a_child.given(*known(**{**ALMOST_16, "own_cover": False}), granted(CLAIRE)).when(review(after(days=1))).nothing()


def test_cover_of_his_own_declared_after_16_ends_it_the_same_day() -> None:
    born = {**BORN, "birth_date": dt.date(2010, 1, 5), "parents": (CLAIRE,)}
    covered = {**born, "own_cover": True, "as_of": AS_OF + DAY}
    expected = [e.PersonUpdated(at=NOW, **facts(**covered)), ended(CLAIRE, ViewReason.OWN_COVER)]
    a_child.given(*known(**born), granted(CLAIRE)).when(register(**covered)).then(*expected)


def test_a_review_of_somebody_unknown_changes_nothing() -> None:
    a_child.when(review(NOW)).nothing()


def test_of_an_erased_person_nobody_sees_anything() -> None:
    gone = dict.fromkeys(set(SIX) | set(facts()) - {"person_id", "as_of"}, ERASED)
    erased = registered(**{**gone, "person_id": LEA})
    a_child.given(erased, granted(CLAIRE)).when(review(NOW)).then(ended(CLAIRE, ViewReason.ERASED))


def test_death_is_told_once() -> None:
    dead = {"died_on": dt.date(2026, 11, 20), "as_of": AS_OF + DAY}
    told = [e.PersonUpdated(at=NOW, **facts(**dead)), e.PersonDied(at=NOW, person_id=CLAIRE, died_on=dead["died_on"])]
    a_person: Spec[Person, c.PersonCommand, e.PersonEvent] = Spec(person)
    a_person.given(*known()).when(register(**dead)).then(*told)
    again = register(**{**dead, "as_of": AS_OF + 2 * DAY, "rank": 2})
    a_person.given(*known(), *told).when(again).then(
        e.PersonUpdated(at=NOW, **facts(died_on=dead["died_on"], as_of=AS_OF + 2 * DAY, rank=2))
    )


def test_birthdays_of_29_february() -> None:
    assert turns(18, dt.date(2008, 2, 29)) == dt.date(2026, 3, 1)
    assert turns(16, dt.date(2008, 2, 29)) == dt.date(2024, 2, 29)
    assert midnight(dt.date(2026, 7, 1)) == dt.datetime(2026, 6, 30, 22, tzinfo=dt.UTC)


# The deadline of the birthday.


def test_a_deadline_waits_for_the_birthday() -> None:
    deadline = evolve(None, registered(**ALMOST_18))
    assert deadline is not None
    assert deadline.due_at == dt.datetime(2026, 11, 24, 23, tzinfo=dt.UTC)
    assert c.ReviewViews.model_validate({**deadline.data, "at": NOW}) == review(NOW)
    assert (deadline.stream, deadline.person_id) == (f"person:{LEA}", LEA)
    at = deadline.due_at
    assert evolve(deadline, ended(CLAIRE, ViewReason.LINK_ENDED)) == deadline, "the other parent's goes on"
    assert evolve(deadline, ended(CLAIRE, ViewReason.MAJORITY, at)) is None


def test_none_for_who_has_no_parent_or_is_of_age() -> None:
    assert evolve(None, registered(**{**SIX, "parents": ()})) is None
    assert evolve(None, registered(**{**SIX, "birth_date": dt.date(2008, 11, 23)})) is None


def test_another_birthday_is_another_deadline() -> None:
    one, other = (evolve(None, registered(**child)) for child in (ALMOST_18, {**ALMOST_18, "own_cover": False, **SIX}))
    assert one is not None
    assert other is not None
    assert one.cmd != other.cmd


LINES = st.builds(
    lambda parents, own_cover, year, days: register(
        **{
            **BORN,
            "parents": tuple(parents),
            "own_cover": own_cover,
            "birth_date": dt.date(year, 6, 1),
            "as_of": AS_OF + days * DAY,
        }
    ),
    st.lists(st.sampled_from([CLAIRE, PAUL]), unique=True, max_size=2),
    st.booleans(),
    st.integers(2006, 2014),
    st.integers(0, 3),
)
REVIEWS = st.builds(lambda days: review(after(days=days)), st.integers(0, 4000))


@given(st.lists(LINES | REVIEWS, max_size=12))
def test_whatever_comes_in_whatever_order_views_are_what_the_last_line_and_day_say(
    commands: list[c.PersonCommand],
) -> None:
    history: list[e.PersonEvent] = []
    clock = NOW
    for command in commands:
        clock = max(clock, command.at)
        timed = command.model_copy(update={"at": clock})
        decided = person.decide(person.fold(history), timed)
        history += decided
        state = person.fold(history)
        assert person.decide(state, timed) == [], "a command twice is a command once"
        if isinstance(state.facts, RegisterFacts) and (decided or isinstance(timed, c.ReviewViews)):
            assert state.viewers == viewers_on(state.facts, clock.date())
    views = [event for event in history if isinstance(event, members(e.ViewGranted | e.ViewEnded))]
    for viewer in (CLAIRE, PAUL):
        own = [type(event) for event in views if event.viewer_id == viewer]
        assert own == [e.ViewGranted, e.ViewEnded] * (len(own) // 2) + [e.ViewGranted] * (len(own) % 2)
