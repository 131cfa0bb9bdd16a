"""What the reimbursements service answers, as far as the pages read it. Amounts in cents."""

import datetime as dt

from pydantic import AwareDatetime

from shared.web.channel import Answer


class Row(Answer):
    """One entry: a line, a correction, or a deduction recovered from a payment."""

    id: str
    nature: str
    person_id: str
    given_name: str
    care_date: dt.date | None = None
    paid_on: dt.date
    number: int
    kind: str | None = None
    label: str
    reference: str
    professional: str = ""
    payee: str = "member"
    paid: int = 0
    base: int = 0
    rate: int = 0
    gross: int = 0
    participation: int = 0
    franchise: int = 0
    withheld: int = 0
    owed: int = 0
    to_member: int
    to_professional: int = 0
    cancelled_on: dt.date | None = None

    @property
    def deduction(self) -> int:
        return self.participation + self.franchise


class Payment(Answer):
    """A payment to the member."""

    number: int
    lot: str
    paid_on: dt.date
    to_member: int
    to_professionals: int
    overpaid: int = 0
    account: str | None = None
    state: str = "sent"
    state_on: dt.date | None = None


class Shown(Answer):
    """A payment and what of it the member sees."""

    payment: Payment
    others: int
    rows: tuple[Row, ...] = ()


class Totals(Answer):
    """Over all that was found."""

    rows: int
    paid: int
    reimbursed: int
    deductions: int
    to_member: int


class Beneficiary(Answer):
    """Somebody whose lines the member sees."""

    person_id: str
    given_name: str


class Found(Answer):
    """One page of what was looked for."""

    rows: tuple[Row, ...] = ()
    payments: tuple[Shown, ...] = ()
    totals: Totals
    page: int
    pages: int
    beneficiaries: tuple[Beneficiary, ...] = ()


class Step(Answer):
    """One step of a computation: cents, or percent where the rule is a rate."""

    rule: str
    value: int
    source: str = ""
    since: dt.date | None = None


class Transmission(Answer):
    """To which complementary insurer a line went."""

    insurer: str
    sent_on: dt.date


class Detail(Answer):
    """One line, and why it is so much."""

    row: Row
    steps: tuple[Step, ...]
    code: str
    quantity: int
    parcours: str
    overrun: int
    ticket: int
    speciality: str | None = None
    transmission: Transmission | None = None
    payment: Payment | None = None


class Ceilings(Answer):
    """One year's counters."""

    year: int
    participation: int
    participation_cap: int
    franchise: int
    franchise_cap: int


class Origin(Answer):
    """The care that a deduction comes from."""

    care_date: dt.date
    label: str
    given_name: str
    reference: str


class Debt(Answer):
    """What is still owed."""

    remaining: int
    since: dt.date
    until: dt.date
    origin: Origin | None = None


class OfPerson(Answer):
    """One person's counters and debts. `exempt_until`: the last day on which age exempts from both."""

    person_id: str
    given_name: str
    years: tuple[Ceilings, ...]
    owed: tuple[Debt, ...] = ()
    exempt_until: dt.date | None = None

    @property
    def bears_none(self) -> bool:
        """Exempt, and nothing was kept in spite of it: that is never hidden."""
        return self.exempt_until is not None and not any(one.participation or one.franchise for one in self.years)


class Deductions(Answer):
    """The whole screen."""

    persons: tuple[OfPerson, ...] = ()
    kept: tuple[Row, ...] = ()
    owed: int = 0


class Tomorrow(Answer):
    """What an act of tomorrow would bring."""

    price: int
    base: int
    rate: int
    gross: int
    deduction: int
    owed: int
    recovered: int
    to_member: int
    to_professional: int
    borne: int
    steps: tuple[Step, ...]


class ClaimStep(Answer):
    """One thing that happened to a claim."""

    stage: str
    on: dt.date
    reason: str | None = None
    until: dt.date | None = None
    amount: int | None = None


class Claim(Answer):
    """A claim on its way."""

    reference: str
    person_id: str = ""
    given_name: str = ""
    care_date: dt.date
    stage: str
    steps: tuple[ClaimStep, ...]
    expected: dt.date | None = None


class Claims(Answer):
    """All of them, the newest first."""

    claims: tuple[Claim, ...] = ()


class MonthOfSpending(Answer):
    """What was spent and what came back."""

    month: str
    paid: int
    reimbursed: int


class Spending(Answer):
    """The oldest month first."""

    months: tuple[MonthOfSpending, ...] = ()


class Statement(Answer):
    """A month of which there is a statement."""

    month: str
    issued_at: AwareDatetime | None = None
    total: int | None = None


class Statements(Answer):
    """The newest first."""

    statements: tuple[Statement, ...] = ()


class Age(Answer):
    """Until when what is shown reaches."""

    as_of: AwareDatetime | None = None
