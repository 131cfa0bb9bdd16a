"""The ten golden cases of the rules, to the cent, and what stands around them."""

import datetime as dt

import pytest

from services.reimbursements.domain.facts import Cover, Kind, LineFacts, Parcours
from services.reimbursements.domain.settled import Settled
from tests.services.reimbursements.sample import (
    CARE,
    GP,
    LAB,
    MEMBER,
    OTHER_GP,
    PAID_ON,
    PARTNER,
    Ledger,
    line,
    settle_one,
    third_party,
)

D = dt.date


def paid(*lines: LineFacts, paid_on: dt.date = PAID_ON) -> int:
    ledger = Ledger()
    ledger.lot(*lines, paid_on=paid_on)
    return ledger.payments[-1]


def test_1_a_general_practitioner() -> None:
    assert paid(line(base=3000)) == 1900
    assert paid(line(base=3000, parcours=Parcours.OUTSIDE)) == 700
    assert paid(line(base=2650)) == 1655


def test_2_deferred_deductions_are_recovered_and_never_below_nothing() -> None:
    ledger = Ledger()
    ledger.lot(third_party(quantity=4, base=4000))
    assert (ledger.payments, ledger.owed) == ([0], 400)
    ledger.lot(line(base=3000))
    assert (ledger.payments, ledger.owed) == ([0, 1500], 0)


def test_2_a_scaling_is_reimbursed_nothing_where_the_debt_is_large_enough() -> None:
    ledger = Ledger()
    for day in range(1, 5):
        ledger.lot(third_party(quantity=10, base=10000, care_date=D(2026, 2, day)))
    assert ledger.owed == 4000
    ledger.lot(line(Kind.DENTAL, base=4800, care_date=CARE))
    gross = ledger.settled[-1].gross
    assert ledger.payments[-1] == 0
    assert ledger.owed == 4000 - gross


def test_3_four_participations_a_day_for_each_professional() -> None:
    six = [line() for _ in range(6)]
    assert sum(one.participation for one in settled(*six)) == 800
    two = [line(professional=who) for who in (GP, OTHER_GP) for _ in range(3)]
    assert sum(one.participation for one in settled(*two)) == 1200


def test_4_twenty_five_participations_in_the_year_of_the_reimbursement() -> None:
    ledger = Ledger()
    ledger.lot(line(care_date=D(2025, 12, 30)), paid_on=D(2026, 1, 5))
    for day in range(1, 25):
        ledger.lot(line(care_date=D(2026, 2, day)))
    assert [one.participation for one in ledger.settled] == [200] * 25
    ledger.lot(line(care_date=D(2026, 2, 27)))
    assert ledger.settled[-1].participation == 0
    ledger.lot(line(care_date=D(2026, 2, 28), person_id=PARTNER))
    assert ledger.settled[-1].participation == 200
    ledger.lot(line(care_date=D(2026, 12, 30)), paid_on=D(2027, 1, 5))
    assert ledger.settled[-1].participation == 200


def test_5_a_day_of_nursing_of_trips_and_of_boxes() -> None:
    assert sum(one.franchise for one in settled(*(line(Kind.PARAMEDICAL, 1000) for _ in range(5)))) == 400
    assert sum(one.franchise for one in settled(*(line(Kind.TRANSPORT, 5000) for _ in range(3)))) == 800
    assert settle_one(line(Kind.MEDICINE, 10000, quantity=10)).franchise == 1000


def test_6_the_yearly_franchise_leaves_one_euro() -> None:
    ledger = Ledger()
    for day in range(1, 8):
        ledger.lot(line(Kind.MEDICINE, 10000, quantity=7, care_date=D(2026, 2, day)))
    assert sum(one.franchise for one in ledger.settled) == 4900
    ledger.lot(line(Kind.TRANSPORT, 5000))
    assert ledger.settled[-1].franchise == 100


def test_7_a_franchise_is_never_above_its_line() -> None:
    one = settle_one(line(Kind.MEDICINE, 100, rate=15))
    assert (one.gross, one.franchise, one.net, one.owed) == (15, 15, 0, 0)


def test_8_a_sampling_and_three_analyses() -> None:
    found = settled(
        line(Kind.SAMPLING, 500, professional=LAB), *(line(Kind.BIOLOGY, 2000, professional=LAB) for _ in range(3))
    )
    assert [one.participation for one in found].count(200) == 3
    assert [one.participation for one in found if one.facts.kind is Kind.SAMPLING] == [0]


@pytest.mark.parametrize(
    ("day", "participation"), [(D(2024, 5, 14), 100), (D(2024, 5, 15), 200), (D(2024, 5, 16), 200)]
)
def test_9_the_date_of_the_act_picks_the_amount(day: dt.date, participation: int) -> None:
    assert settle_one(line(base=2650, care_date=day), D(2024, 6, 1)).participation == participation


def test_9_thirty_participations_of_one_euro_leave_twenty_euros_of_the_year() -> None:
    ledger = Ledger()
    for day in range(30):
        ledger.lot(line(base=2650, care_date=D(2024, 2, 1) + dt.timedelta(days=day)), paid_on=D(2024, 3, 15))
    assert sum(one.participation for one in ledger.settled) == 3000
    for day in range(12):
        ledger.lot(line(base=2650, care_date=D(2024, 5, 15) + dt.timedelta(days=day)), paid_on=D(2024, 6, 15))
    assert [one.participation for one in ledger.settled[30:]] == [200] * 10 + [0, 0]


def test_9_what_is_left_of_a_year_may_be_one_euro() -> None:
    ledger = Ledger()
    for day in range(49):
        ledger.lot(line(base=2650, care_date=D(2024, 2, 1) + dt.timedelta(days=day)), paid_on=D(2024, 4, 1))
    ledger.lot(line(base=2650, care_date=D(2024, 5, 15)), paid_on=D(2024, 6, 15))
    assert ledger.settled[-1].participation == 100


def test_10_a_line_of_the_military_pension_bears_nothing_the_same_persons_own_does() -> None:
    own, service = settled(line(), line(covers=(Cover.MILITARY_PENSION,)))
    assert sorted([own.participation, service.participation]) == [0, 200]
    [pension] = [one for one in (own, service) if one.facts.covers]
    assert (pension.participation, pension.gross) == (0, 3000)
    assert own.facts.person_id == MEMBER


def settled(*lines: LineFacts) -> list[Settled]:
    ledger = Ledger()
    ledger.lot(*lines)
    return ledger.settled
