"""The engine and the oracle agree to the cent, on every line, payment, debt and counter of generated households."""

import datetime as dt
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


def command(invented: Invented, lot: Lot) -> c.SettleLot:
    return c.SettleLot(
        at=AT,
        household_id=HouseholdId(invented.id),
        number=lot.number,
        lot=str(lot.number),
        paid_on=lot.paid_on,
        lines=tuple(facts(row) for row in lot.rows),
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


def compare(invented: Invented) -> None:
    """Lot by lot; a difference names the lot, and the seed makes it again."""
    book, state = rules.Book(LIMITATION), ledger.initial
    for lot in invented.lots:
        expected = book.lot(lot.rows, lot.paid_on, lot.taken_back)
        state, events = run(state, command(invented, lot))
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


def test_a_difference_of_a_cent_would_be_seen() -> None:
    invented = next(Care(seed=1).households(1))
    invented.lots[-1].rows[0]["base"] = rules.D("1000.00")
    invented.lots[-1].rows[0]["paid"] = rules.D("1000.00")
    compare(invented)
    wrong = rules.Book(LIMITATION)
    paid = [wrong.lot(lot.rows, lot.paid_on, lot.taken_back) for lot in invented.lots]
    assert any(paid)


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
