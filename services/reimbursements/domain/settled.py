"""What became of one act: amounts, and each step of the computation with its article."""

import datetime as dt

from services.reimbursements.domain.facts import Kind, LineFacts, Payee
from services.reimbursements.domain.money import Amount
from shared.kernel import Value


class Step(Value):
    """One step: a stable code, its amount in cents (or percent), the article and since when it reads so."""

    rule: str
    value: int
    source: str = ""
    since: dt.date | None = None


class Settled(Value):
    """One act as it was settled. All amounts in cents."""

    facts: LineFacts
    rate: int
    """Percent, as applied."""
    gross: Amount
    """What the fund pays before deductions."""
    ticket: Amount
    """The insured person's share of the base."""
    participation: Amount
    franchise: Amount
    withheld: Amount
    """Of the two deductions, what was kept from this very line."""
    owed: Amount
    """The rest of them: a debt, recovered on later payments."""
    steps: tuple[Step, ...]

    @property
    def deductions(self) -> int:
        """Both deductions; a line bears one kind at most."""
        return self.participation + self.franchise

    @property
    def net(self) -> int:
        """What is paid, to whomever."""
        return self.gross - self.withheld

    @property
    def to_member(self) -> int:
        """What is paid to the member."""
        return self.net if self.facts.payee is Payee.MEMBER else 0

    @property
    def to_professional(self) -> int:
        """What is paid to the professional."""
        return self.net - self.to_member

    @property
    def overrun(self) -> int:
        """The price above the base."""
        return self.facts.paid - self.facts.base


class Origin(Value):
    """The care that a debt comes from: each deduction shows it."""

    reference: str
    care_date: dt.date
    kind: Kind
    label: str
    given_name: str
    confidential: bool = False
