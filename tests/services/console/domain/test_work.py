"""Who sees to an item of the desk's work."""

import datetime as dt
from typing import Any

from services.console.domain import work as w
from services.console.domain.ids import StaffId
from shared.testing.spec import Spec

NOW = dt.datetime(2026, 11, 29, 9, 0, tzinfo=dt.UTC)
ITEM: dict[str, Any] = {"at": NOW, "service": "identity", "kind": "bank-holder-doubt", "item_id": "1"}
ONE, TWO = StaffId("one"), StaffId("two")
TAKE = w.TakeWork(**ITEM, owner=ONE)
TAKEN = w.WorkTaken(**ITEM, owner=ONE)
DECIDE = w.DecideWork(**ITEM, owner=ONE, decision="refuse", reason="another holder")
taken = Spec(w.work).given(TAKEN)


def test_an_item_is_taken_decided_and_released() -> None:
    Spec(w.work).when(TAKE).then(TAKEN)
    taken.when(TAKE).nothing()
    facts = {"owner": ONE, "decision": "refuse", "reason": "another holder", "ticket": "", "period": "2026-11"}
    taken.when(DECIDE).then(w.WorkDecided(**ITEM, **facts))
    taken.when(w.ReleaseWork(**ITEM, owner=ONE)).then(w.WorkReleased(**ITEM, owner=ONE))
    taken.given(w.WorkReleased(**ITEM, owner=ONE)).when(TAKE.model_copy(update={"owner": TWO})).then(
        TAKEN.model_copy(update={"owner": TWO})
    )


def test_what_another_has_taken_is_his_for_the_day() -> None:
    other = TAKE.model_copy(update={"owner": TWO})
    taken.when(other).rejected("work-taken")
    next_day = NOW + dt.timedelta(hours=8)
    taken.when(other.model_copy(update={"at": next_day})).then(TAKEN.model_copy(update={"owner": TWO, "at": next_day}))
    taken.when(DECIDE.model_copy(update={"owner": TWO})).rejected("work-not-taken")
    taken.when(w.ReleaseWork(**ITEM, owner=TWO)).nothing()


def test_nothing_is_decided_that_nobody_has_taken() -> None:
    Spec(w.work).when(DECIDE).rejected("work-not-taken")
