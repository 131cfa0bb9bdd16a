"""A sample: drawn once, noted by auditors alone, closed when all was looked at."""

import datetime as dt
from typing import Any

import pytest

from services.console.domain import samples as s
from services.console.domain.ids import PersonId, SampleId, StaffId
from services.console.domain.words import Role
from shared.lifecycles import ALGORITHM, Wanted
from shared.testing.spec import Spec

AT = dt.datetime(2026, 11, 29, 9, 0, tzinfo=dt.UTC)
SAMPLE, EVE, ADAM = SampleId("sample-1"), StaffId("eve"), StaffId("adam")
ITEMS = tuple(
    s.Item(id=f"cards/vitale order/{one}", person_id=PersonId("p"), state="sent", since=AT, steps=3, deviations=0)
    for one in ("a", "b")
)
DRAW = s.Draw(
    service="cards",
    wanted=Wanted(lifecycle="vitale order"),
    seed="graine",
    size=2,
    algorithm=ALGORITHM,
    position=40,
    population=12,
    population_hash="0" * 64,
)
OF: dict[str, Any] = {"at": AT, "sample_id": SAMPLE, "by": EVE}
EVENT: dict[str, Any] = {**OF, "period": "2026-11"}
COMMAND: dict[str, Any] = {**OF, "role": Role.AUDITOR}
DRAWN = s.SampleDrawn(**EVENT, draw=DRAW, items=ITEMS, reason="quarterly", ticket="")
A, B = (one.id for one in ITEMS)
DRAW_IT = s.DrawSample(**COMMAND, draw=DRAW, items=ITEMS, reason="quarterly")


def noted(item: str, verdict: s.Verdict = s.Verdict.CONFORMS, note: str = "") -> s.FindingNoted:
    return s.FindingNoted(**EVENT, item=item, verdict=verdict, note=note)


def note(item: str, verdict: s.Verdict = s.Verdict.CONFORMS, text: str = "", **of: Any) -> s.NoteFinding:
    return s.NoteFinding(**{**COMMAND, **of}, item=item, verdict=verdict, note=text)


CLOSE = s.CloseSample(**COMMAND, conclusion="nothing found")
CLOSED = s.SampleClosed(**EVENT, conclusion="nothing found")


def test_a_sample_is_drawn_once() -> None:
    Spec(s.sample).given().when(DRAW_IT).then(DRAWN)
    Spec(s.sample).given(DRAWN).when(DRAW_IT).then()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_nobody_but_an_auditor_does_any_of_it(role: Role) -> None:
    for command in (DRAW_IT, note(A), CLOSE, s.ExportWorkingPaper(**COMMAND, form=s.PaperForm.PDF, sha256="0" * 64)):
        refused = command.model_copy(update={"role": role})
        Spec(s.sample).given(DRAWN).when(refused).rejected("role-refused")


def test_the_last_word_holds_and_is_kept_beside_the_one_before() -> None:
    deviates = note(A, s.Verdict.DEVIATES, "a day late")
    Spec(s.sample).given(DRAWN, noted(A)).when(deviates).then(noted(A, s.Verdict.DEVIATES, "a day late"))
    Spec(s.sample).given(DRAWN, noted(A)).when(note(A)).then()


def test_another_auditor_may_note_too() -> None:
    by_adam = noted(A).model_copy(update={"by": ADAM})
    Spec(s.sample).given(DRAWN).when(note(A, by=ADAM)).then(by_adam)


@pytest.mark.parametrize("verdict", [s.Verdict.DEVIATES, s.Verdict.UNCLEAR])
def test_what_does_not_conform_says_in_what(verdict: s.Verdict) -> None:
    Spec(s.sample).given(DRAWN).when(note(A, verdict)).rejected("note-missing")


def test_what_was_not_drawn_is_not_noted() -> None:
    Spec(s.sample).given(DRAWN).when(note("cards/vitale order/z")).rejected("item-unknown")
    Spec(s.sample).given().when(note(A)).rejected("sample-unknown")


def test_it_is_closed_when_every_item_was_looked_at() -> None:
    Spec(s.sample).given(DRAWN, noted(A)).when(CLOSE).rejected("findings-missing")
    Spec(s.sample).given(DRAWN, noted(A), noted(B)).when(CLOSE).then(CLOSED)
    Spec(s.sample).given(DRAWN, noted(A), noted(B), CLOSED).when(CLOSE).then()


def test_after_that_nothing_is_noted_and_copies_still_go_out() -> None:
    closed = (DRAWN, noted(A), noted(B), CLOSED)
    Spec(s.sample).given(*closed).when(note(A, s.Verdict.UNCLEAR, "x")).rejected("sample-closed")
    export = s.ExportWorkingPaper(**COMMAND, form=s.PaperForm.CSV, sha256="1" * 64)
    out = s.WorkingPaperExported(**EVENT, form=s.PaperForm.CSV, sha256="1" * 64)
    Spec(s.sample).given(*closed).when(export).then(out)
