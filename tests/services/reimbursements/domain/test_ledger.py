"""Lots in the order of their numbers, debts and their end, corrections, transfers that come back."""

import datetime as dt
import itertools

import pytest

from services.reimbursements.domain import commands as c
from services.reimbursements.domain import events as e
from services.reimbursements.domain.ids import DebtId
from services.reimbursements.domain.ledger import household
from shared.testing.spec import Spec
from tests.services.reimbursements.sample import AT, HOUSEHOLD, MEMBER, PARTNER, Ledger, line, lot, third_party

D = dt.date
SPEC = Spec(household)


def names(events: list[e.LedgerEvent]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_a_lot_is_settled_whole_in_the_order_of_care_whatever_its_file_says() -> None:
    lines = [line(care_date=D(2026, 2, day)) for day in (3, 1, 2)]
    outcomes = set()
    for shuffled in itertools.permutations(lines):
        ledger = Ledger()
        ledger.lot(*shuffled)
        outcomes.add(tuple(one.model_dump_json() for one in ledger.events))
    assert len(outcomes) == 1
    assert [one.facts.care_date.day for one in ledger.settled] == [1, 2, 3]


def test_the_order_of_import_changes_nothing() -> None:
    lots = [
        lot(line(), third_party(quantity=3), number=1),
        lot(line(person_id=PARTNER), number=2),
        lot(third_party(quantity=5, base=9000), number=3),
        lot(line(), number=4),
    ]
    finals = []
    for shuffled in itertools.permutations(lots):
        ledger = Ledger()
        for one in shuffled:
            ledger.do(one)
        finals.append((ledger.payments, ledger.state))
    assert all(one == finals[0] for one in finals)
    assert finals[0][1].last == 4


def test_a_lot_that_comes_too_early_waits() -> None:
    ledger = Ledger()
    assert names(ledger.lot(line(), number=2)) == ["LotHeld", "LineHeld"]
    assert ledger.payments == []
    assert names(ledger.lot(line(), number=1)) == ["LineSettled", "PaymentIssued"] * 2
    assert not ledger.state.held


def test_a_waiting_lot_that_contradicts_those_before_it_is_dropped_and_may_come_again() -> None:
    facts = line()
    ledger = Ledger()
    ledger.lot(facts, number=2)
    events = ledger.lot(facts, number=1)
    assert names(events)[-1] == "LotDropped"
    assert ledger.state.last == 1
    ledger.lot(line(), number=2)
    assert ledger.state.last == 2


def test_a_lot_sent_again_changes_nothing() -> None:
    first, early = lot(line()), lot(line(), number=3)
    ledger = Ledger()
    ledger.do(first)
    assert ledger.do(first) == []
    ledger.do(early)
    assert ledger.do(early) == []


def test_another_lot_under_a_used_number_is_refused() -> None:
    ledger = Ledger()
    ledger.lot(line())
    SPEC.given(*ledger.events).when(lot(line(), number=1)).rejected("lot-number-used")


def test_what_contradicts_the_ledger_is_refused() -> None:
    facts = line()
    ledger = Ledger()
    ledger.lot(facts)
    known = SPEC.given(*ledger.events)
    known.when(lot(facts, number=2)).rejected("line-already-settled")
    known.when(lot(number=2, cancels=("0001 000000000000/1",))).rejected("line-unknown")
    known.when(lot(number=2, cancels=(facts.name, facts.name))).rejected("lot-line-repeated")
    known.when(lot(line(), number=2, paid_on=D(2026, 3, 11))).rejected("lot-dated-before-the-last")
    again = line()
    known.when(lot(again, again, number=2)).rejected("lot-line-repeated")
    known.when(lot(line(base=3000, paid=2999), number=2)).rejected("line-base-above-price")
    known.when(lot(line(care_date=D(2026, 3, 13)), number=2)).rejected("line-care-after-payment")


def test_debts_of_a_lot_are_booked_before_its_payment() -> None:
    ledger = Ledger()
    events = ledger.lot(line(), third_party(quantity=4, base=4000))
    assert names(events) == ["LineSettled", "LineSettled", "DebtRecovered", "PaymentIssued"]
    assert ledger.payments == [1500]


def test_the_oldest_debt_is_recovered_first_and_shows_its_care() -> None:
    ledger = Ledger()
    ledger.lot(third_party(quantity=9, base=9000, person_id=PARTNER))
    ledger.lot(third_party(quantity=9, base=9000, label="Antibiotique", care_date=D(2026, 3, 3)))
    ledger.lot(line(base=2000, care_date=D(2026, 3, 4)))
    parts = [one for one in ledger.events if isinstance(one, e.DebtRecovered)]
    assert [(one.person_id, one.part.amount, one.closed) for one in parts if isinstance(one.part, e.Part)] == [
        (PARTNER, 900, True),
        (MEMBER, 300, False),
    ]
    last = parts[-1].part
    assert isinstance(last, e.Part)
    assert last.origin is not None
    assert (last.origin.label, last.origin.care_date) == ("Antibiotique", D(2026, 3, 3))
    assert ledger.owed == 600


def test_a_debt_ends_at_its_limitation_and_not_a_day_before() -> None:
    ledger = Ledger()
    ledger.lot(third_party(quantity=9, base=9000))
    before = Ledger()
    before.lot(third_party(quantity=9, base=9000))
    ledger.lot(line(care_date=D(2031, 3, 1)), paid_on=D(2031, 3, 12))
    assert "DebtCancelled" in names(ledger.events)
    assert ledger.payments[-1] == 1900
    before.lot(line(care_date=D(2031, 3, 1)), paid_on=D(2031, 3, 11))
    assert before.payments[-1] == 1000


def test_without_any_payment_a_deadline_ends_a_debt() -> None:
    ledger = Ledger()
    ledger.lot(third_party())
    [debt_id] = ledger.state.debts
    early = dt.datetime(2031, 3, 11, tzinfo=dt.UTC)
    SPEC.given(*ledger.events).when(c.CancelDebt(at=early, household_id=HOUSEHOLD, debt_id=debt_id)).rejected(
        "debt-not-at-its-limitation"
    )
    command = c.CancelDebt(at=early + dt.timedelta(days=1), household_id=HOUSEHOLD, debt_id=debt_id)
    assert names(ledger.do(command)) == ["DebtCancelled"]
    assert ledger.do(command) == []
    assert ledger.owed == 0


def test_a_debt_that_nobody_knows_is_nothing_to_cancel() -> None:
    SPEC.when(c.CancelDebt(at=AT, household_id=HOUSEHOLD, debt_id=DebtId("x"))).nothing()


def test_a_cancelled_line_is_taken_back_and_its_participation_counts_no_more() -> None:
    facts = line()
    ledger = Ledger()
    ledger.lot(facts)
    ledger.lot(cancels=[facts.name])
    assert ledger.owed == 1900
    assert ledger.state.years[f"participation|{MEMBER}|2026"] == 0
    ledger.lot(line(base=10000, care_date=D(2026, 3, 3)))
    assert ledger.payments == [1900, 0, 7000 - 200 - 1900]


def test_a_correction_is_one_lot_and_pays_the_difference() -> None:
    wrong = line(base=2000)
    ledger = Ledger()
    ledger.lot(wrong)
    right = wrong.model_copy(update={"base": 3000, "paid": 3000})
    ledger.lot(right, cancels=[wrong.name])
    assert ledger.payments == [1200, 700]
    assert sum(ledger.state.years.values()) == 200
    assert ledger.state.lines[right.name].gross == 2100


def test_the_debt_of_a_cancelled_line_is_owed_no_more_and_what_was_recovered_comes_back() -> None:
    pharmacy = third_party(quantity=9, base=20000)
    ledger = Ledger()
    ledger.lot(pharmacy)
    ledger.lot(line(base=1000))
    assert (ledger.payments, ledger.owed) == ([0, 0], 400)
    ledger.lot(cancels=[pharmacy.name])
    assert (ledger.payments[-1], ledger.owed) == (500, 0)


def test_room_that_a_correction_leaves_serves_what_comes_after() -> None:
    first = line(care_date=D(2026, 1, 2))
    ledger = Ledger()
    ledger.lot(first, *(line(care_date=D(2026, 1, 3) + dt.timedelta(days=n)) for n in range(24)))
    ledger.lot(line(care_date=D(2026, 3, 1)))
    assert ledger.settled[-1].participation == 0
    ledger.lot(line(care_date=D(2026, 3, 2)), cancels=[first.name])
    assert ledger.settled[-1].participation == 200


def test_a_transfer_that_came_back_is_sent_again_to_the_account_of_that_day() -> None:
    ledger = Ledger()
    ledger.do(c.NoteAccount(at=AT, household_id=HOUSEHOLD, masked="FR76 •••• 0189"))
    ledger.lot(line())
    back = c.RecordReturn(at=AT, household_id=HOUSEHOLD, number=1, on=D(2026, 3, 15))
    again = c.RecordReissue(at=AT, household_id=HOUSEHOLD, number=1, on=D(2026, 3, 20))
    SPEC.given(*ledger.events).when(again).rejected("payment-not-returned")
    assert names(ledger.do(back)) == ["PaymentReturned"]
    assert ledger.do(back) == []
    ledger.do(c.NoteAccount(at=AT, household_id=HOUSEHOLD, masked="FR76 •••• 2606"))
    [sent] = ledger.do(again)
    assert isinstance(sent, e.PaymentReissued)
    assert sent.account == "FR76 •••• 2606"
    [first] = [one.payment for one in ledger.events if isinstance(one, e.PaymentIssued)]
    assert isinstance(first, e.Paid)
    assert first.account == "FR76 •••• 0189"


@pytest.mark.parametrize("command", [c.RecordReturn, c.RecordReissue])
def test_only_a_transfer_can_come_back(command: type[c.RecordReturn]) -> None:
    ledger = Ledger()
    ledger.lot(third_party())
    known = SPEC.given(*ledger.events)
    known.when(command(at=AT, household_id=HOUSEHOLD, number=1, on=D(2026, 3, 15))).rejected("payment-without-transfer")
    known.when(command(at=AT, household_id=HOUSEHOLD, number=9, on=D(2026, 3, 15))).rejected("payment-unknown")


def test_the_same_account_again_is_no_news() -> None:
    ledger = Ledger()
    note = c.NoteAccount(at=AT, household_id=HOUSEHOLD, masked="FR76 •••• 0189")
    ledger.do(note)
    assert ledger.do(note) == []


def test_a_long_wait_is_released_commit_by_commit() -> None:
    ledger = Ledger()
    for number in range(120, 1, -1):
        ledger.lot(line(), number=number)
    events = ledger.lot(line(), number=1)
    assert names(events)[-1] == "LotsReleasable"
    rounds = 1
    while names(events)[-1:] == ["LotsReleasable"]:
        assert len(events) <= 500
        events = ledger.do(c.ReleaseLots(at=AT, household_id=HOUSEHOLD))
        rounds += 1
    assert (ledger.state.last, dict(ledger.state.held), rounds) == (120, {}, 3)


def test_nothing_waits_nothing_is_released() -> None:
    SPEC.when(c.ReleaseLots(at=AT, household_id=HOUSEHOLD)).nothing()


def test_what_one_payment_can_recover_fits_into_a_commit() -> None:
    ledger = Ledger()
    for day in range(200):
        ledger.lot(
            third_party(care_date=D(2025, 1, 1) + dt.timedelta(days=day), base=500, quantity=1, rate=20),
            paid_on=D(2025, 12, 1),
        )
    owed = len(ledger.state.debts)
    ledger.lot(line(base=1000000, care_date=D(2025, 12, 1)), paid_on=D(2025, 12, 12))
    assert owed - len(ledger.state.debts) <= 150
