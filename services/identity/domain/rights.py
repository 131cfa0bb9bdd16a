"""Rights as the register states them: periods with their rate, and exemptions from the part left to the insured."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.kernel import Value


class RightsPeriod(Value):
    """Covered from the first day to the last, both included; an open end goes on. `rate` is in percent."""

    starts_on: dt.date
    ends_on: dt.date | None = None
    rate: Annotated[int, Field(ge=0, le=100)] | None = None

    def covers(self, day: dt.date) -> bool:
        """Whether this day lies within it."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class ExemptionKind(StrEnum):
    """Why no ticket modérateur is left to pay; none of these alone frees from the participation forfaitaire."""

    LONG_ILLNESS = "ald"
    MATERNITY = "maternity"
    SOLIDARITY = "c2s"
    MILITARY_PENSION = "military-pension"
    """Care under L212-1 of the code of military disability pensions."""
    TERRORISM = "terrorism"
    OTHER = "other"


class Exemption(Value):
    """One exemption and its days, both included."""

    kind: ExemptionKind
    starts_on: dt.date
    ends_on: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        """Whether it applies on this day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def period_on(periods: Sequence[RightsPeriod], day: dt.date) -> RightsPeriod | None:
    """The period that covers this day; of several, the one that began last."""
    found = [period for period in periods if period.covers(day)]
    return max(found, key=lambda period: period.starts_on, default=None)


def exemptions_on(exemptions: Sequence[Exemption], day: dt.date) -> tuple[Exemption, ...]:
    """Those that apply on this day, in the register's order."""
    return tuple(one for one in exemptions if one.holds(day))
