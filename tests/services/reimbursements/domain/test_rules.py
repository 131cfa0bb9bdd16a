"""Each rule of the computation: what it gives, where it ends, and what is exempt."""

import datetime as dt

import pytest

from services.reimbursements.domain.deductions import young_until
from services.reimbursements.domain.facts import Cover, Kind, Parcours, Payee, Professional
from services.reimbursements.domain.ids import HouseholdId, PersonId
from services.reimbursements.domain.money import cents, half_up
from tests.services.reimbursements.sample import CHILD, MEMBER, PARTNER, Ledger, line, rules, settle_one, third_party

D = dt.date
ARMY = Professional(id="10101209999", name="Dr Kerbrat", military=True)


def test_half_a_cent_goes_up() -> None:
    assert half_up(5, 70) == 4  # 3.5
    assert half_up(2650, 70) == 1855
    assert half_up(1, 49) == 0


@pytest.mark.parametrize("text", [30.0, 30, "30,00", "-1", "1.234", "", "1e3", "\u0661"])
def test_an_amount_is_decimal_text(text: object) -> None:
    with pytest.raises(ValueError, match="amount"):
        cents(text)


def test_cents_are_exact() -> None:
    assert [cents(text) for text in ("30", "26.5", "26.50", "0.07")] == [3000, 2650, 2650, 7]


def test_a_military_practitioner_outside_an_army_hospital_is_never_reimbursed() -> None:
    one = settle_one(line(professional=ARMY))
    assert (one.gross, one.deductions, one.ticket) == (0, 0, 3000)
    assert rules(one)[-1] == "not-covered:military-practitioner"
    assert one.steps[-1].source == "D713-4 1°"


def test_in_an_army_hospital_he_is() -> None:
    assert settle_one(line(professional=ARMY.model_copy(update={"army_hospital": True}))).net == 1900


def test_care_due_to_service_is_paid_whole_to_the_professional() -> None:
    one = settle_one(line(covers=(Cover.MILITARY_PENSION,), payee=Payee.PROFESSIONAL))
    assert (one.rate, one.gross, one.to_professional, one.owed) == (100, 3000, 3000, 0)


def test_sent_by_an_army_doctor_there_is_no_penalty() -> None:
    one = settle_one(line(parcours=Parcours.ARMY))
    assert (one.rate, one.net) == (70, 1900)
    assert "sent-by-army-doctor" in rules(one)


@pytest.mark.parametrize(
    ("territory", "months", "gross"),
    [("976", 1, 0), ("975", None, 0), ("988", 7, 0), ("988", 6, 2100), (None, None, 2100)],
)
def test_a_local_regime_pays_instead_of_the_fund(territory: str | None, months: int | None, gross: int) -> None:
    one = settle_one(line(territory=territory, posted_months=months))
    assert one.gross == gross
    assert ("not-covered:local-regime" in rules(one)) is (gross == 0)


@pytest.mark.parametrize(
    ("kind", "rate"),
    [
        (Kind.DOCTOR, 70),
        (Kind.PARAMEDICAL, 60),
        (Kind.BIOLOGY, 60),
        (Kind.TRANSPORT, 55),
        (Kind.HOSPITAL, 80),
        (Kind.DENTAL, 60),
    ],
)
def test_the_table_has_the_rate_of_a_line_without_one(kind: Kind, rate: int) -> None:
    assert settle_one(line(kind, 10000)).rate == rate
    assert settle_one(line(kind, 10000, rate=42)).rate == 42


def test_a_rate_is_that_of_the_day_of_care() -> None:
    assert settle_one(line(Kind.DENTAL, 4800, care_date=D(2023, 10, 14)), D(2023, 11, 1)).rate == 70
    assert settle_one(line(Kind.DENTAL, 4800, care_date=D(2023, 10, 15)), D(2023, 11, 1)).rate == 60


def test_outside_the_path_never_goes_below_nothing() -> None:
    one = settle_one(line(rate=35, parcours=Parcours.OUTSIDE))
    assert (one.rate, one.gross, one.deductions) == (0, 0, 0)


@pytest.mark.parametrize(("base", "gross"), [(11999, 8399), (12000, 9600), (20000, 17600)])
def test_a_heavy_act_costs_24_euros(base: int, gross: int) -> None:
    assert settle_one(line(base=base)).gross == gross


def test_the_flat_sum_is_no_favour_outside_the_path_nor_a_burden_at_full_rate() -> None:
    assert settle_one(line(base=20000, parcours=Parcours.OUTSIDE)).gross == 6000
    assert settle_one(line(base=20000, rate=100, covers=(Cover.LONG_ILLNESS,))).gross == 20000


def test_a_heavy_act_before_the_flat_sum_of_24_euros() -> None:
    assert settle_one(line(base=20000, care_date=D(2018, 12, 31)), D(2019, 1, 8)).gross == 14000


@pytest.mark.parametrize("cover", [Cover.C2S, Cover.AME, Cover.TERRORISM, Cover.HEALTH_RISK, Cover.MILITARY_PENSION])
@pytest.mark.parametrize("kind", [Kind.DOCTOR, Kind.MEDICINE])
def test_who_is_exempt(cover: Cover, kind: Kind) -> None:
    one = settle_one(line(kind, covers=(cover,)))
    assert one.deductions == 0
    assert f"exempt:{cover}" in rules(one)


def test_a_long_illness_is_no_exemption() -> None:
    one = settle_one(line(rate=100, covers=(Cover.LONG_ILLNESS,)))
    assert (one.gross, one.net) == (3000, 2800)


@pytest.mark.parametrize(
    ("born", "care", "exempt"),
    [
        (D(2008, 3, 10), D(2026, 3, 9), True),
        (D(2008, 3, 10), D(2026, 12, 31), True),
        (D(2008, 3, 10), D(2027, 1, 1), False),
        (D(2008, 1, 1), D(2026, 1, 1), False),
        (D(2008, 1, 2), D(2026, 12, 31), True),
    ],
)
def test_a_dependant_is_exempt_until_the_end_of_the_year_of_his_18_years(
    born: dt.date, care: dt.date, exempt: object
) -> None:
    one = settle_one(line(person_id=CHILD, birth_date=born, care_date=care), D(2027, 2, 1))
    assert (one.deductions == 0) is exempt


@pytest.mark.parametrize(("care", "exempt"), [(D(2026, 3, 9), True), (D(2026, 3, 10), False)])
def test_an_insured_person_is_exempt_while_a_minor(care: dt.date, exempt: object) -> None:
    one = settle_one(line(person_id=MEMBER, birth_date=D(2008, 3, 10), care_date=care), D(2026, 4, 1))
    assert (one.deductions == 0) is exempt


@pytest.mark.parametrize(
    ("person", "born", "last"),
    [
        (MEMBER, D(2008, 3, 10), D(2026, 3, 9)),
        (MEMBER, D(2008, 2, 29), D(2026, 2, 28)),
        (MEMBER, D(2008, 1, 1), D(2025, 12, 31)),
        (MEMBER, D(2008, 8, 31), D(2026, 8, 30)),
        (CHILD, D(2008, 1, 2), D(2026, 12, 31)),
        (CHILD, D(2008, 1, 1), D(2025, 12, 31)),
    ],
)
def test_the_last_day_on_which_age_exempts(person: PersonId, born: dt.date, last: dt.date) -> None:
    assert young_until(line(person_id=person, birth_date=born), HouseholdId(MEMBER)) == last


@pytest.mark.parametrize(
    ("due", "care", "inside"),
    [
        (D(2026, 7, 15), D(2026, 3, 14), False),
        (D(2026, 7, 15), D(2026, 3, 15), True),
        (D(2026, 7, 15), D(2026, 7, 27), True),
        (D(2026, 7, 15), D(2026, 7, 28), False),
        (D(2026, 6, 30), D(2026, 2, 28), True),
        (D(2026, 6, 30), D(2026, 2, 27), False),
        (D(2026, 3, 31), D(2025, 11, 30), True),
    ],
)
def test_maternity_is_paid_whole_and_exempt_within_its_window(due: dt.date, care: dt.date, inside: object) -> None:
    one = settle_one(line(delivery_due=due, care_date=care), D(2026, 9, 1))
    assert (one.gross, one.deductions) == ((3000, 0) if inside else (2100, 200))


@pytest.mark.parametrize(
    "kind", [Kind.DENTAL, Kind.MIDWIFE, Kind.HOSPITAL, Kind.DEVICE, Kind.PHARMACIST, Kind.SAMPLING]
)
def test_who_bears_neither(kind: Kind) -> None:
    assert settle_one(line(kind, 5000)).deductions == 0


@pytest.mark.parametrize("kind", [Kind.DOCTOR, Kind.BIOLOGY, Kind.RADIOLOGY])
def test_who_bears_a_participation(kind: Kind) -> None:
    assert settle_one(line(kind, 5000)).participation == 200


def test_a_hospital_stay_and_an_urgent_trip_bear_none() -> None:
    assert settle_one(line(hospital_stay=True)).deductions == 0
    assert settle_one(line(Kind.TRANSPORT, 9000, urgent=True)).deductions == 0


@pytest.mark.parametrize(
    ("kind", "care", "amount"),
    [
        (Kind.MEDICINE, D(2007, 12, 31), 0),
        (Kind.MEDICINE, D(2008, 1, 1), 50),
        (Kind.MEDICINE, D(2024, 3, 30), 50),
        (Kind.MEDICINE, D(2024, 3, 31), 100),
        (Kind.PARAMEDICAL, D(2024, 3, 30), 50),
        (Kind.PARAMEDICAL, D(2024, 3, 31), 100),
        (Kind.TRANSPORT, D(2024, 3, 30), 200),
        (Kind.TRANSPORT, D(2024, 3, 31), 400),
        (Kind.DOCTOR, D(2004, 12, 31), 0),
        (Kind.DOCTOR, D(2005, 1, 1), 100),
    ],
)
def test_each_amount_begins_on_its_day(kind: Kind, care: dt.date, amount: int) -> None:
    assert settle_one(line(kind, 9000, care_date=care), care + dt.timedelta(days=9)).deductions == amount


@pytest.mark.parametrize(
    ("kind", "care", "most"),
    [
        (Kind.PARAMEDICAL, D(2024, 3, 30), 200),
        (Kind.PARAMEDICAL, D(2024, 3, 31), 400),
        (Kind.TRANSPORT, D(2024, 3, 30), 400),
        (Kind.TRANSPORT, D(2024, 3, 31), 800),
    ],
)
def test_each_ceiling_of_a_day_begins_on_its_day(kind: Kind, care: dt.date, most: int) -> None:
    assert settle_one(line(kind, 90000, quantity=9, care_date=care), D(2024, 5, 1)).franchise == most


def test_the_day_of_a_patient_is_his_own_and_goes_over_several_lots() -> None:
    ledger = Ledger()
    for _ in range(3):
        ledger.lot(line(Kind.PARAMEDICAL, 2000, quantity=2))
    ledger.lot(line(Kind.PARAMEDICAL, 2000, quantity=2, person_id=PARTNER))
    assert [one.franchise for one in ledger.settled] == [200, 200, 0, 200]


def test_the_two_ceilings_of_a_year_are_separate() -> None:
    ledger = Ledger()
    for day in range(1, 28):
        ledger.lot(line(care_date=D(2026, 2, day)), third_party(quantity=9, base=20000, care_date=D(2026, 2, day)))
    assert sum(one.participation for one in ledger.settled) == 5000
    assert sum(one.franchise for one in ledger.settled) == 5000


def test_a_deduction_beyond_its_line_is_owed() -> None:
    one = settle_one(line(base=500, parcours=Parcours.OUTSIDE))
    assert (one.gross, one.participation, one.withheld, one.owed, one.net) == (150, 200, 150, 50, 0)


def test_every_step_names_its_article() -> None:
    one = settle_one(line(base=2650, parcours=Parcours.OUTSIDE))
    told = {step.rule: (step.value, step.source, step.since) for step in one.steps}
    assert told["rate"] == (70, "L160-13 I, décision de l'UNCAM", None), "since when, no text at hand says"
    assert told["outside-parcours"][:2] == (30, "L162-5-3")
    assert told["participation"] == (200, "R160-19", D(2024, 5, 15))


@pytest.mark.parametrize(
    ("kind", "day", "rate"),
    [
        (Kind.DENTAL, D(2023, 10, 14), 70),
        (Kind.DENTAL, D(2023, 10, 15), 60),
        (Kind.TRANSPORT, D(2023, 7, 31), 65),
        (Kind.TRANSPORT, D(2023, 8, 1), 55),
    ],
)
def test_rates_change_on_their_day(kind: Kind, day: dt.date, rate: int) -> None:
    assert settle_one(line(kind, care_date=day)).rate == rate


def test_a_day_that_no_text_confirms_is_told_to_nobody() -> None:
    old = settle_one(line(Kind.MEDICINE, 2000, care_date=D(2015, 3, 2)), paid_on=D(2015, 3, 9))
    [franchise] = [step for step in old.steps if step.rule == "franchise"]
    assert (franchise.value, franchise.since) == (50, None)
