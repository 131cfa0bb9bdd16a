"""Bank details as they are shown, their deadline, and the desk's work list: the same however the events arrive."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import bank_commands as c
from services.identity.domain import bank_events as e
from services.identity.domain.bank_details import bank_details
from services.identity.read_models import bank_details as shown
from services.identity.read_models import bank_holds, bank_work
from shared.deadlines import Deadline
from shared.kernel import Rejected
from shared.personal_data import personal_fields
from tests.services.identity.bank_examples import (
    DOUBT,
    HOLD,
    NEW,
    OLD,
    REQUEST,
    THIRD,
    UNBLOCKED,
    cancel,
    cancelled,
    changed,
    complete,
    completed,
    request,
    requested,
    stopped,
    told,
    unblock,
)
from tests.services.identity.examples import CLAIRE, NOW


def fold(evolve: Any, *events: e.BankEvent) -> Any:
    document = None
    for event in events:
        document = evolve(document, event)
    return document


def test_held_then_done() -> None:
    held = fold(shown.evolve, changed(), requested())
    assert (held.masked[:4], held.new_masked[:4], held.request_id) == ("FR14", "FR76", REQUEST)
    done = shown.evolve(held, completed())
    assert (done.masked[:4], done.new_masked, done.request_id, done.due_at) == ("FR76", None, None, None)
    assert done.source is e.Source.MEMBER


def test_cancelled_or_stopped_leaves_what_was() -> None:
    by_link = fold(shown.evolve, changed(), requested(), cancelled())
    assert (by_link.masked[:4], by_link.request_id, by_link.blocked) == ("FR14", None, True)
    assert shown.evolve(by_link, UNBLOCKED).blocked is False
    assert fold(shown.evolve, changed(), requested(), cancelled(e.CancelledBy.ACCOUNT)).blocked is False
    assert fold(shown.evolve, changed(), requested(), stopped(e.StoppedBy.DESK)).request_id is None


def test_a_doubt_shows_until_the_desk_has_looked() -> None:
    doubtful = fold(shown.evolve, changed(), requested(**DOUBT))
    assert doubtful.in_doubt is True
    confirmed = e.BankHolderConfirmed(at=NOW, person_id=CLAIRE, request_id=REQUEST)
    assert shown.evolve(doubtful, confirmed).in_doubt is False
    item = bank_work.evolve(None, requested(**DOUBT))
    assert item is not None
    assert item.model_dump() == {
        "kind": "bank-holder-doubt",
        "request_id": REQUEST,
        "person_id": CLAIRE,
        "since": NOW,
    }
    assert bank_work.evolve(None, requested()) is None
    for end in (confirmed, cancelled(), stopped(e.StoppedBy.REGISTER)):
        assert bank_work.evolve(item, end) is None


def test_no_number_is_kept() -> None:
    assert "iban" not in shown.BankDetailsShown.model_fields
    assert set(personal_fields(shown.BankDetailsShown)) == {"masked", "since", "new_masked"}
    assert personal_fields(bank_work.BankWork) == {}


def test_the_deadline_of_a_hold() -> None:
    deadline = bank_holds.evolve(None, requested())
    assert isinstance(deadline, Deadline)
    assert (deadline.due_at, deadline.cmd, deadline.stream) == (NOW + HOLD, REQUEST, f"bank:{CLAIRE}")
    assert c.CompleteBankDetailsChange.model_validate({**deadline.data, "at": NOW + HOLD}) == complete(NOW + HOLD)
    for end in (cancelled(), stopped(e.StoppedBy.REGISTER), completed()):
        assert bank_holds.evolve(deadline, end) is None


COMMANDS = st.sampled_from(
    [
        told(),
        told(THIRD, NOW.date()),
        request(),
        request(OLD),
        request(**DOUBT),
        complete(NOW + HOLD),
        cancel(),
        cancel(e.CancelledBy.ACCOUNT),
        unblock(),
    ]
)


@given(st.lists(COMMANDS, max_size=12))
def test_the_screen_says_what_the_rules_know(commands: list[c.BankCommand]) -> None:
    history: list[e.BankEvent] = []
    for command in commands:
        try:
            history += bank_details.decide(bank_details.fold(history), command)
        except Rejected:
            continue
    state, screen = bank_details.fold(history), fold(shown.evolve, *history)
    if screen is None:
        assert history == []
        return
    assert screen.blocked == state.blocked
    assert screen.request_id == (state.pending.request_id if state.pending else None)
    assert screen.in_doubt == bool(state.pending and state.pending.in_doubt)
    assert (screen.masked is None) == (state.iban is None)
    deadlines = [event for event in history if isinstance(event, bank_holds.Shown)]
    assert (fold(bank_holds.evolve, *deadlines) is None) == (state.pending is None)
    assert NEW not in screen.model_dump_json()
