"""Forgetting a person: given what was asked and held before, when something is asked, then …"""

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import erasure_commands as c
from services.identity.domain import erasure_events as e
from services.identity.domain.erasure import erasure
from services.identity.domain.erasure_state import Erasure, Status
from services.identity.domain.register import RegisterFacts
from services.identity.domain.retention import SERVICES, cover_end, kept_from, recounted
from services.identity.domain.rights import RightsPeriod
from shared.kernel import Rejected
from shared.testing.spec import Spec
from tests.services.identity.erasure_examples import (
    ALL_ANSWERED,
    ANN,
    BACK,
    BOB,
    CANCELLED,
    CASE,
    DUE,
    ENDS,
    ERASED,
    ERASURE,
    HOLD,
    HOLD_ASKED,
    HOLD_ID,
    HOLD_PLACED,
    KEPT,
    LIFT_ASKED,
    NEXT_HOLD,
    OF,
    OTHER,
    REQUESTED,
    answer,
    answered,
    cancel,
    erase,
    lifted,
    request,
)
from tests.services.identity.examples import CLAIRE, DAY, NOW, facts

nobody: Spec[Erasure, c.ErasureCommand, e.ErasureEvent] = Spec(erasure)
ASKED = nobody.given(REQUESTED)
GONE = ASKED.given(ERASED)
DONE = GONE.given(*ALL_ANSWERED)
HELD = nobody.given(HOLD_ASKED, HOLD_PLACED)


class TestRequest:
    def test_it_is_held(self) -> None:
        nobody.when(request()).then(REQUESTED)

    def test_only_once(self) -> None:
        ASKED.when(request(erasure_id=OTHER)).rejected("erasure-already-requested")
        GONE.when(request(erasure_id=OTHER)).rejected("person-erased")
        DONE.when(request(erasure_id=OTHER)).rejected("person-erased")

    def test_taken_back_it_may_be_asked_again(self) -> None:
        again = request(erasure_id=OTHER)
        ASKED.given(CANCELLED).when(again).then(e.ErasureRequested(**again.model_dump()))

    def test_it_may_be_asked_while_a_hold_stands(self) -> None:
        HELD.when(request()).then(REQUESTED)

    def test_taking_it_back(self) -> None:
        ASKED.when(cancel()).then(CANCELLED)
        ASKED.given(CANCELLED).when(cancel()).nothing()
        nobody.when(cancel()).rejected("erasure-unknown")
        ASKED.when(cancel(erasure_id=OTHER)).rejected("erasure-unknown")
        GONE.when(cancel()).rejected("erasure-done")


class TestErasing:
    def test_not_before_its_time(self) -> None:
        ASKED.when(erase(DUE - dt.timedelta(seconds=1))).rejected("erasure-hold-not-over")
        ASKED.when(erase()).then(ERASED)

    def test_taken_back_or_done_there_is_nothing_to_do(self) -> None:
        ASKED.given(CANCELLED).when(erase()).nothing()
        GONE.when(erase()).nothing()
        ASKED.when(erase(erasure_id=OTHER)).nothing()

    def test_it_is_complete_once_everybody_has_answered(self) -> None:
        *first, last = SERVICES
        waiting = GONE.given(*map(answered, first))
        GONE.when(answer("cards")).then(answered("cards"))
        GONE.given(answered("cards")).when(answer("cards")).nothing()
        waiting.when(answer(last)).then(answered(last), e.ErasureCompleted(at=DUE, **OF))
        DONE.when(answer("cards")).nothing()

    def test_an_answer_to_another_erasure_is_none(self) -> None:
        ASKED.given(CANCELLED).given(e.ErasureRequested(**request(erasure_id=OTHER).model_dump())).when(
            answer("cards")
        ).nothing()


class TestRetention:
    def end(self, retention: str, at: dt.datetime) -> c.EndRetention:
        return c.EndRetention(at=at, **OF, retention=retention)

    def test_what_is_kept_goes_in_its_time(self) -> None:
        until = next(one.until for one in KEPT if one.retention == "access")
        assert until == dt.date(2027, 12, 8)
        due = dt.datetime(2027, 12, 8, tzinfo=dt.UTC)
        DONE.when(self.end("access", due - 2 * DAY)).rejected("retention-not-over")
        over = e.RetentionEnded(at=due, **OF, classes=("access",))
        DONE.when(self.end("access", due)).then(over)
        DONE.given(over).when(self.end("access", due)).nothing()
        DONE.given(HOLD_ASKED, HOLD_PLACED).when(self.end("access", due)).rejected("legal-hold")

    def test_while_the_fund_covers_the_person_there_is_no_end(self) -> None:
        open_end = GONE.given(e.RetentionChanged(at=DUE, **OF, kept=recounted(KEPT, None)))
        open_end.when(self.end("care", DUE + 9000 * DAY)).rejected("retention-not-over")

    def test_the_register_moves_the_end(self) -> None:
        later = dt.date(2030, 1, 1)
        moved = e.RetentionChanged(at=DUE, **OF, kept=recounted(KEPT, later))
        GONE.when(c.RecordCover(at=DUE, person_id=CLAIRE, covered_until=later)).then(moved)
        GONE.when(c.RecordCover(at=DUE, person_id=CLAIRE, covered_until=ENDS)).nothing()
        ASKED.when(c.RecordCover(at=DUE, person_id=CLAIRE, covered_until=later)).nothing()
        assert [one.until for one in moved.kept] == [dt.date(2040, 1, 1), dt.date(2035, 1, 1), dt.date(2027, 12, 8)]

    def test_whoever_comes_back_keeps_what_there_is(self) -> None:
        DONE.given(BACK).when(self.end("access", DUE + 9000 * DAY)).nothing()

    def test_every_class_has_its_text(self) -> None:
        assert {one.retention for one in kept_from(NOW.date(), None)} == {"care", "cards", "access"}
        assert all(one.source for one in kept_from(NOW.date(), None))


class TestReturning:
    back = c.ReturnPerson(at=DUE, person_id=CLAIRE)

    def test_only_once_everybody_has_forgotten(self) -> None:
        GONE.when(self.back).rejected("erasure-under-way")
        DONE.when(self.back).then(BACK)
        DONE.given(BACK).when(self.back).nothing()
        nobody.when(self.back).nothing()
        ASKED.when(self.back).nothing()

    def test_and_may_be_forgotten_again(self) -> None:
        again = request(erasure_id=OTHER)
        DONE.given(BACK).when(again).then(e.ErasureRequested(**again.model_dump()))


class TestLegalHold:
    def step(self, kind: Any, agent: str, hold_id: Any = HOLD_ID) -> Any:
        return kind(at=NOW, person_id=CLAIRE, hold_id=hold_id, agent_id=agent)

    def test_it_takes_two_to_place(self) -> None:
        ask = c.RequestLegalHold(**HOLD, agent_id=ANN, case=CASE)
        nobody.when(ask).then(HOLD_ASKED)
        asked = nobody.given(HOLD_ASKED)
        asked.when(ask).nothing()
        asked.when(self.step(c.ApproveLegalHold, ANN)).rejected("second-person-needed")
        asked.when(self.step(c.ApproveLegalHold, BOB)).then(HOLD_PLACED)
        HELD.when(self.step(c.ApproveLegalHold, BOB)).nothing()
        nobody.when(self.step(c.ApproveLegalHold, BOB)).rejected("legal-hold-unknown")

    def test_asked_for_alone_it_stops_nothing(self) -> None:
        ASKED.given(HOLD_ASKED).when(erase()).then(ERASED)

    def test_placed_it_stops_everything(self) -> None:
        ASKED.given(HOLD_ASKED, HOLD_PLACED).when(erase()).rejected("legal-hold")

    def test_it_takes_two_to_lift(self) -> None:
        HELD.when(self.step(c.ApproveLegalHoldLift, BOB)).rejected("legal-hold-lift-not-requested")
        HELD.when(self.step(c.RequestLegalHoldLift, ANN)).then(LIFT_ASKED)
        lifting = HELD.given(LIFT_ASKED)
        lifting.when(self.step(c.RequestLegalHoldLift, ANN)).nothing()
        lifting.when(self.step(c.ApproveLegalHoldLift, ANN)).rejected("second-person-needed")
        lifting.when(self.step(c.ApproveLegalHoldLift, BOB)).then(lifted(None, erasure_id=None))
        ASKED.given(HOLD_ASKED, HOLD_PLACED, LIFT_ASKED).when(erase()).rejected("legal-hold")

    def test_who_asked_first_may_agree_to_what_another_asks_for_anew(self) -> None:
        anew = e.LegalHoldLiftRequested(at=NOW, person_id=CLAIRE, hold_id=HOLD_ID, agent_id=BOB)
        lifting = HELD.given(LIFT_ASKED)
        lifting.when(self.step(c.RequestLegalHoldLift, BOB)).then(anew)
        lifting.given(anew).when(self.step(c.ApproveLegalHoldLift, BOB)).rejected("second-person-needed")

    def test_what_waited_goes_on(self) -> None:
        waiting = ASKED.given(HOLD_ASKED, HOLD_PLACED, LIFT_ASKED)
        waiting.when(self.step(c.ApproveLegalHoldLift, BOB)).then(lifted(DUE))
        waiting.given(lifted(DUE)).when(erase()).then(ERASED)
        done = DONE.given(HOLD_ASKED, HOLD_PLACED, LIFT_ASKED)
        done.when(self.step(c.ApproveLegalHoldLift, BOB)).then(lifted(None, KEPT))

    def test_but_for_another_one(self) -> None:
        other = {"at": NOW, "person_id": CLAIRE, "hold_id": NEXT_HOLD}
        both = ASKED.given(HOLD_ASKED, HOLD_PLACED, LIFT_ASKED).given(
            e.LegalHoldRequested(**other, agent_id=ANN, case=CASE), e.LegalHoldPlaced(**other, agent_id=BOB)
        )
        both.when(self.step(c.ApproveLegalHoldLift, BOB)).then(lifted(None, erasure_id=None))
        both.given(lifted(None, erasure_id=None)).when(erase()).rejected("legal-hold")

    def test_withdrawn_before_it_stands(self) -> None:
        gone = e.LegalHoldWithdrawn(**HOLD, agent_id=BOB)
        nobody.given(HOLD_ASKED).when(self.step(c.WithdrawLegalHold, BOB)).then(gone)
        nobody.given(HOLD_ASKED, gone).when(self.step(c.WithdrawLegalHold, BOB)).nothing()
        HELD.when(self.step(c.WithdrawLegalHold, BOB)).rejected("legal-hold-placed")


class TestCoverEnd:
    def of(self, **changes: Any) -> dt.date | None:
        return cover_end(RegisterFacts.model_validate(facts(**changes)))

    def test_open_rights_have_none(self) -> None:
        assert self.of() is None
        periods = (RightsPeriod(starts_on=NOW.date(), ends_on=ENDS), RightsPeriod(starts_on=NOW.date()))
        assert self.of(rights=periods) is None

    def test_the_last_period_ends_it(self) -> None:
        assert self.of(rights_to=ENDS) == ENDS
        periods = (
            RightsPeriod(starts_on=NOW.date(), ends_on=ENDS),
            RightsPeriod(starts_on=NOW.date(), ends_on=NOW.date()),
        )
        assert self.of(rights=periods) == ENDS

    def test_death_ends_it(self) -> None:
        assert self.of(died_on=ENDS) == ENDS

    def test_never_covered_is_over_already(self) -> None:
        assert self.of(rights_from=None, rights_to=None) == NOW.date()


REPEATED = (c.CancelErasure, c.ErasePerson, c.RecordErasureCompletion, c.EndRetention)
AGENTS = st.sampled_from([ANN, BOB])
HOLDS = st.sampled_from([HOLD_ID, NEXT_HOLD])
TIMES = st.sampled_from([NOW, DUE - DAY, DUE, DUE + 400 * DAY, DUE + 5000 * DAY])
_of_hold = st.builds(
    lambda at, hold_id, agent: {"at": at, "person_id": CLAIRE, "hold_id": hold_id, "agent_id": agent},
    TIMES,
    HOLDS,
    AGENTS,
)
COMMANDS = st.one_of(
    st.builds(
        lambda one, at: request(at=at, due_at=at + 14 * DAY, erasure_id=one), st.sampled_from([ERASURE, OTHER]), TIMES
    ),
    st.builds(lambda one, at: erase(at, one), st.sampled_from([ERASURE, OTHER]), TIMES),
    st.builds(lambda one: cancel(erasure_id=one), st.sampled_from([ERASURE, OTHER])),
    st.builds(answer, st.sampled_from(SERVICES)),
    st.just(TestReturning.back),
    st.builds(lambda at: c.EndRetention(at=at, **OF, retention="access"), TIMES),
    st.builds(lambda facts: c.RequestLegalHold(**facts, case=CASE), _of_hold),
    *(
        st.builds(lambda facts, kind=kind: kind(**facts), _of_hold)
        for kind in (c.ApproveLegalHold, c.WithdrawLegalHold, c.RequestLegalHoldLift, c.ApproveLegalHoldLift)
    ),
)


@given(st.lists(COMMANDS, max_size=40))
def test_whatever_is_asked_in_whatever_order(commands: list[c.ErasureCommand]) -> None:
    """Nothing is destroyed while a hold stands, nor before its time, and what was decided once is not decided again."""
    state, log = Erasure(), []
    for command in commands:
        try:
            events = erasure.decide(state, command)
        except Rejected:
            continue
        destroyed = [event for event in events if isinstance(event, e.PersonErased | e.RetentionEnded)]
        assert not (destroyed and state.held)
        for event in destroyed:
            if isinstance(event, e.PersonErased):
                assert state.due_at is not None
                assert event.at >= state.due_at
        log += events
        state = erasure.fold(events, state)
        if isinstance(command, REPEATED):
            assert erasure.decide(state, command) == []
    assert erasure.fold(log) == state
    assert state.status is Status.NONE or state.erasure_id is not None
