"""What holds for any sequence of claims, corrections and payments of a household."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import event as noted
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reimbursements.answers.composing import Composer, months_with_something
from services.reimbursements.answers.history import History, Seen
from services.reimbursements.domain import commands as c
from services.reimbursements.domain import events as e
from services.reimbursements.domain import statements as s
from services.reimbursements.domain.ids import PersonId
from services.reimbursements.domain.ledger import household as ledger
from services.reimbursements.domain.settled import Settled
from services.reimbursements.read_models.my_deductions import Deductions, my_deductions
from services.reimbursements.read_models.my_month import my_month
from services.reimbursements.read_models.my_payments import my_payments
from shared.kernel import Erased, Projection
from tests.oracle.households import AT, HOUSEHOLD, PERSONS, commands, histories
from tests.oracle.test_agreement import run, sums
from tests.scale import sized

CENTS_A_YEAR = 5000
LATER = AT.replace(year=2060)
"""When the last of their months is over."""
RELEASE = c.ReleaseLots(at=AT, household_id=HOUSEHOLD)


any_household = settings(max_examples=sized(80, 3000), deadline=None)


def lines_of(events: Iterable[e.LedgerEvent]) -> list[Settled]:
    return [one.line for one in events if isinstance(one, e.LineSettled) and isinstance(one.line, Settled)]


def taken_back(events: Iterable[e.LedgerEvent]) -> list[e.Cancelled]:
    found = (one.cancelled for one in events if isinstance(one, e.LineCancelled))
    return [one for one in found if isinstance(one, e.Cancelled)]


def most_in_a_day(key: str) -> int:
    """Of a counter `what|person|day|…`, in cents, from the decrees (D160-8, D160-11)."""
    what, _, day, *_ = key.split("|")
    if what == "participation":
        return 4 * (200 if day >= "2024-05-15" else 100)
    since_april = day >= "2024-03-31"
    return {"paramedical": 400 if since_april else 200, "transport": 800 if since_april else 400}[what]


def fold(projection: Projection[Any, Any], events: Iterable[e.LedgerEvent]) -> dict[str, Any]:
    documents: dict[str, Any] = {}
    for one in events:
        if isinstance(one, projection.handles):
            key = projection.key(one)
            assert key is not None
            documents[key] = projection.evolve(documents.get(key), one)
    return documents


@any_household
@given(histories)
def test_no_ceiling_is_passed_and_nobody_is_paid_less_than_nothing(history: list[dict[str, Any]]) -> None:
    state = ledger.initial
    for lot in commands(history):
        state, events = run(state, lot)
        assert all(0 <= amount <= CENTS_A_YEAR for amount in state.years.values())
        assert all(0 <= amount <= most_in_a_day(key) for key, amount in state.days.items())
        assert all(payment.to_member >= 0 for payment in state.payments.values())
        assert all(debt.remaining > 0 for debt in state.debts.values())
        assert all(0 <= line.withheld <= line.gross <= line.facts.base for line in lines_of(events))
    noted(f"a year's ceiling: {'reached' if CENTS_A_YEAR in state.years.values() else 'not reached'}")


@any_household
@given(histories, st.integers(0, 40))
def test_deductions_due_are_withheld_recovered_ended_annulled_or_still_owed(
    history: list[dict[str, Any]], last_day: int
) -> None:
    state, events = run(ledger.initial, *commands(history))
    day = dt.datetime.combine(state.paid_on + dt.timedelta(days=30 * last_day), dt.time(), dt.UTC)
    for debt_id, debt in state.debts.items():  # as the scheduler would by that day
        if debt.until <= day.date():
            state, more = run(state, c.CancelDebt(at=day, household_id=HOUSEHOLD, debt_id=debt_id))
            events += more
    lines, back, book = lines_of(events), taken_back(events), sums(events)
    still = sum(debt.remaining for debt in state.debts.values())
    due = sum(line.deductions for line in lines)
    assert due == sum(line.withheld for line in lines) + sum(line.owed for line in lines)
    assert book["owed"] == still + book["recovered"] + book["ended"] + book["annulled"]
    assert sum(state.years.values()) == due - sum(one.participation + one.franchise for one in back)
    assert (
        book["lines"] + book["refunded"] - book["paid back"] + book["overpaid"] - book["recovered"] == book["payments"]
    )
    gone = {one.line_id for one in events if isinstance(one, e.LineCancelled)}
    of_gone = [one.part for one in events if isinstance(one, e.DebtRecovered) and one.debt_id in gone]
    assert book["refunded"] == sum(part.amount for part in of_gone if isinstance(part, e.Part))
    for name in ("recovered", "ended", "annulled", "overpaid"):
        noted(f"{name}: {'some' if book[name] else 'none'}")


@any_household
@given(histories, st.data())
def test_the_order_of_import_changes_no_total(history: list[dict[str, Any]], data: st.DataObject) -> None:
    lots = commands(history)
    expected, _ = run(ledger.initial, *lots)
    state, _ = run(ledger.initial, *data.draw(st.permutations([*lots, *lots[:2]])))
    while run(state, RELEASE)[1]:  # as the process would
        state, _ = run(state, RELEASE)
    assert state == expected


@any_household
@given(histories)
def test_a_replay_of_what_is_stored_is_the_live_ledger(history: list[dict[str, Any]]) -> None:
    state, events = run(ledger.initial, *commands(history))
    assert ledger.fold([type(one).model_validate_json(one.model_dump_json()) for one in events]) == state


@any_household
@given(histories)
def test_counters_and_debts_on_the_screen_are_those_of_the_ledger(history: list[dict[str, Any]]) -> None:
    state, events = run(ledger.initial, *commands(history))
    shown = fold(my_deductions, events)
    contents = {person: one.content for person, one in shown.items() if isinstance(one.content, Deductions)}
    for person, content in contents.items():
        for year, counted in content.years.items():
            assert counted.participation == state.years.get(f"participation|{person}|{year}", 0)
            assert counted.franchise == state.years.get(f"franchise|{person}|{year}", 0)
    open_ = {debt_id: debt.remaining for one in contents.values() for debt_id, debt in one.debts.items()}
    assert open_ == {debt_id: debt.remaining for debt_id, debt in state.debts.items()}


@any_household
@given(histories, st.sets(st.sampled_from(PERSONS[1:])), st.lists(st.booleans(), max_size=6))
def test_statements_add_up_to_the_ledger(
    history: list[dict[str, Any]], seen: set[PersonId], made_early: list[bool]
) -> None:
    """Whoever of the household the member sees, and though some lots come after their month's statement."""
    state, events = run(ledger.initial, *commands(history))
    total, shown, made = 0, s.Issued(months={}), list[str]()
    late = sorted(state.payments)[len(made_early) :]
    for known in (set(state.payments) - set(late), set(state.payments)):
        part = [one for one in events if getattr(one, "number", None) in known]
        whole = read(part, [PersonId(HOUSEHOLD), *sorted(seen)])
        made = sorted(set(months_with_something(whole)) - shown.months.keys())
        for month in made:
            composed = Composer(whole, shown.months).statement(month)
            assert composed is not None
            facts: dict[str, Any] = {"at": LATER, "person_id": PersonId(HOUSEHOLD), "renderer": "r", "template": 1}
            for one in s.decide(shown, s.IssueStatement(**facts, **composed)):
                shown = s.evolve(shown, one)
            total += composed["summary"].total
    stated = numbers(shown)
    assert total == sum(payment.to_member for number, payment in state.payments.items() if number in stated)
    for number, payment in state.payments.items():
        came_after_all = number in late and f"{payment.paid_on:%Y-%m}" >= max(made, default="")
        assert number in stated or not payment.to_member or came_after_all


def numbers(issued: s.Issued) -> set[int]:
    """No lot stands on two statements."""
    found = [number for one in issued.months.values() for number in one]
    assert len(found) == len(set(found))
    return set(found)


def read(events: Sequence[e.LedgerEvent], persons: Sequence[PersonId]) -> History:
    """What the member reads of these events."""
    entries = [
        Seen(month.person_id, month.household_id, entry)
        for month in fold(my_month, events).values()
        if month.person_id in persons and not isinstance(month.entries, Erased)
        for entry in month.entries
    ]
    entries.sort(key=lambda one: (one.entry.paid_on, one.entry.number), reverse=True)
    years = fold(my_payments, events).values()
    payments = [one for year in years if not isinstance(year.payments, Erased) for one in year.payments]
    return History(PersonId(HOUSEHOLD), entries, payments)
