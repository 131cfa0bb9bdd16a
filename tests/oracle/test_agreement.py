"""The engine and the oracle agree to the cent, on every line, payment, debt and counter of generated households."""

import datetime as dt
import itertools
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from services.reimbursements.domain import commands as c
from services.reimbursements.domain import events as e
from services.reimbursements.domain.facts import LineFacts
from services.reimbursements.domain.ids import HouseholdId
from services.reimbursements.domain.ledger import household as ledger
from services.reimbursements.domain.settled import Settled
from services.reimbursements.domain.state import Household
from tests.oracle import rules
from tests.oracle.generate import Care, Lot
from tests.oracle.generate import Household as Invented
from tests.scale import sized

AT = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
CLAIMS = sized(50_000, 1_000_000)
LIMITATION = 5


def cents(amount: Any) -> int:
    assert amount * 100 == int(amount * 100)
    return int(amount * 100)


def facts(row: dict[str, Any]) -> LineFacts:
    """A row of the oracle as the engine reads it."""
    who = {"id": row["who"], "name": "Dr", "military": row["military"], "army_hospital": row["army_hospital"]}
    renamed = {
        "person_id": row["person"],
        "given_name": "X",
        "birth_date": row["born"],
        "care_date": row["care"],
        "code": "X",
        "label": "X",
        "professional": who,
        "paid": cents(row["paid"]),
        "base": cents(row["base"]),
        "hospital_stay": row["stay"],
        "delivery_due": row["due"],
        "posted_months": row["months"],
    }
    same = ("reference", "line", "kind", "rate", "quantity", "parcours", "payee", "covers", "urgent", "territory")
    return LineFacts.model_validate({**{name: row[name] for name in same}, **renamed})


def command(invented: Invented, lot: Lot, alter: Callable[[dict[str, Any]], dict[str, Any]] = dict) -> c.SettleLot:
    return c.SettleLot(
        at=AT,
        household_id=HouseholdId(invented.id),
        number=lot.number,
        lot=str(lot.number),
        paid_on=lot.paid_on,
        lines=tuple(facts(alter(row)) for row in lot.rows),
        cancels=tuple(lot.taken_back),
        limitation_years=LIMITATION,
    )


def run(state: Household, *commands: c.LedgerCommand) -> tuple[Household, list[e.LedgerEvent]]:
    events: list[e.LedgerEvent] = []
    for one in commands:
        decided = ledger.decide(state, one)
        events += decided
        state = ledger.fold(decided, state)
    return state, events


def compare(invented: Invented, alter: Callable[[dict[str, Any]], dict[str, Any]] = dict) -> None:
    """Lot by lot; a difference names the lot, and the seed makes it again."""
    book, state = rules.Book(LIMITATION), ledger.initial
    for lot in invented.lots:
        expected = book.lot(lot.rows, lot.paid_on, lot.taken_back)
        state, events = run(state, command(invented, lot, alter))
        lines = {
            one.line.facts.name: one.line
            for one in events
            if isinstance(one, e.LineSettled) and isinstance(one.line, Settled)
        }
        for row in lot.rows:
            line, wanted = lines[row["name"]], book.rows[row["name"]]
            assert (line.gross, line.deductions) == (cents(wanted["gross"]), cents(wanted["kept"])), (lot.number, row)
        assert state.payments[lot.number].to_member == cents(expected), (invented.id, lot.number)
    assert {key: amount for key, amount in state.years.items() if amount} == {
        key: cents(amount) for key, amount in rules.totals(book.rows).items()
    }
    assert sum(debt.remaining for debt in state.debts.values()) == cents(book.owed)


def test_two_computations_of_the_same_rules_agree() -> None:
    for invented in Care(seed=20261125).households(CLAIMS):
        compare(invented)


def a_cent_more(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "base": row["base"] + rules.D("0.50"), "paid": row["paid"] + rules.D("0.50")}


def one_more_act(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "quantity": row["quantity"] + 1}


@pytest.mark.parametrize("alter", [a_cent_more, one_more_act])
def test_a_difference_is_seen(alter: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """The engine is told something else than the oracle, from the first lot on."""
    found = 0
    for invented in itertools.islice(Care(seed=1).households(10_000), 20):
        try:
            compare(invented, alter)
        except AssertionError:
            found += 1
    assert found == 20


def test_a_replay_across_the_change_of_amounts_gives_what_held_on_each_day() -> None:
    """Events as they are stored, read again: acts of 14, 15 and 16 May 2024, paid in one lot."""
    days = {dt.date(2024, 5, 14): 100, dt.date(2024, 5, 15): 200, dt.date(2024, 5, 16): 200}
    model = next(Care(seed=5).households(1))
    plain = {
        **model.lots[0].rows[0],
        "kind": "doctor",
        "born": dt.date(1980, 1, 1),
        "covers": (),
        "stay": False,
        "due": None,
    }
    plain |= {
        "base": rules.D("26.50"),
        "paid": rules.D("26.50"),
        "rate": None,
        "quantity": 1,
        "parcours": "coordinated",
    }
    plain |= {"territory": None, "military": False, "payee": "member", "person": model.id, "insured": True}
    rows = [
        {**plain, "care": day, "reference": f"0001 {n:012}", "name": f"0001 {n:012}/1"} for n, day in enumerate(days)
    ]
    model.lots = [Lot(1, dt.date(2024, 6, 3), rows)]
    state, events = run(ledger.initial, command(model, model.lots[0]))
    again = [type(event).model_validate_json(event.model_dump_json()) for event in events]
    assert ledger.fold(again) == state
    lines = [event.line for event in again if isinstance(event, e.LineSettled)]
    assert {line.facts.care_date: line.participation for line in lines if isinstance(line, Settled)} == days


@pytest.mark.parametrize("seed", range(sized(60, 2000)))
def test_the_order_of_import_changes_nothing(seed: int) -> None:
    invented = next(Care(seed=seed).households(1))
    commands: list[c.LedgerCommand] = [command(invented, lot) for lot in invented.lots]
    release = c.ReleaseLots(at=AT, household_id=HouseholdId(invented.id))
    expected, _ = run(ledger.initial, *commands)
    Random(seed).shuffle(commands)  # noqa: S311 - the same disorder each time
    state, events = run(ledger.initial, *commands)
    for _ in [one for one in events if isinstance(one, e.LotsReleasable)]:  # as the process would, later
        while run(state, release)[1]:
            state, _ = run(state, release)
    assert state == expected


@pytest.mark.parametrize("seed", range(sized(60, 2000)))
def test_money_is_conserved_and_no_ceiling_passed(seed: int) -> None:
    """Replay is the live state; nobody is paid less than nothing; deductions due = withheld + recovered + ended + open."""
    invented = next(Care(seed=1000 + seed).households(1))
    state, events = run(ledger.initial, *(command(invented, lot) for lot in invented.lots))
    assert ledger.fold(events) == state
    assert all(payment.to_member >= 0 for payment in state.payments.values())
    assert all(0 <= amount <= 5000 for amount in state.years.values())
    book = sums(events)
    assert book["owed"] == book["recovered"] + book["ended"] + book["annulled"] + sum(
        one.remaining for one in state.debts.values()
    )
    assert (
        book["lines"] + book["refunded"] - book["paid back"] + book["overpaid"] - book["recovered"] == book["payments"]
    )


def sums(events: list[e.LedgerEvent]) -> dict[str, int]:
    found = dict.fromkeys(
        ("owed", "recovered", "ended", "annulled", "lines", "refunded", "paid back", "overpaid", "payments"), 0
    )
    for event in events:
        match event:
            case e.LineSettled(line=Settled() as line):
                found["owed"] += line.owed
                found["lines"] += line.to_member
            case e.LineCancelled(cancelled=e.Cancelled() as taken):
                found["annulled"] += taken.annulled
                found["refunded"] += taken.refunded
                found["paid back"] += taken.paid_back
            case e.OverpaymentBooked(amount=int() as amount):
                found["owed"] += amount
                found["overpaid"] += amount
            case e.DebtRecovered(part=e.Part() as part):
                found["recovered"] += part.amount
            case e.DebtCancelled(part=e.Part() as part):
                found["ended"] += part.amount
            case e.PaymentIssued(payment=e.Paid() as paid):
                found["payments"] += paid.to_member
    return found
