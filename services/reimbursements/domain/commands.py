"""What can be asked of a household's ledger."""

import datetime as dt
from typing import Annotated, Any, Final

from pydantic import Field

from services.reimbursements.domain.facts import LineFacts, Words
from services.reimbursements.domain.ids import DebtId, HouseholdId
from shared.kernel import Command, Made

LONGEST_LIMITATION: Final = 30
MOST_LINES: Final = 100
MOST_CANCELS: Final = 50
"""Of one lot: with what follows from them they must fit into one commit."""


class _OfHousehold(Command):
    household_id: HouseholdId


class SettleLot(_OfHousehold):
    """One payment run of the fund for one household, complete. `number` counts them: 1, 2, 3 …

    `cancels` names earlier lines (`reference/line`) that the fund takes back; a correction is that and a new line.
    """

    number: Annotated[int, Field(ge=1, lt=10**6)]
    lot: Words
    paid_on: dt.date
    lines: Annotated[tuple[LineFacts, ...], Field(max_length=MOST_LINES)]
    cancels: Annotated[tuple[str, ...], Field(max_length=MOST_CANCELS)] = ()
    limitation_years: Made[Annotated[int, Field(ge=1, le=LONGEST_LIMITATION)]]

    @property
    def common(self) -> dict[str, Any]:
        """What every event of the lot carries."""
        return {"at": self.at, "household_id": self.household_id, "number": self.number, "paid_on": self.paid_on}


class ReleaseLots(_OfHousehold):
    """Go on with lots that have waited: one commit could not hold them all."""


class CancelDebt(_OfHousehold):
    """A debt has come to its limitation (D160-7)."""

    debt_id: DebtId


class RecordReturn(_OfHousehold):
    """The bank gave a transfer back."""

    number: int
    on: dt.date


class RecordReissue(_OfHousehold):
    """The fund sent the same amount again."""

    number: int
    on: dt.date


class NoteAccount(_OfHousehold):
    """From now on payments go to this account; only its masked form is known here."""

    masked: Annotated[str, Field(max_length=60)]


LedgerCommand = SettleLot | ReleaseLots | CancelDebt | RecordReturn | RecordReissue | NoteAccount
