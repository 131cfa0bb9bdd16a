"""Where a carte Vitale can be brought up to date: no file lists the terminals, so most are derived."""

from enum import StrEnum
from typing import Final

from services.geo.domain.facts import Facts, Kind

PHARMACY: Final = "620"
HOSPITALS: Final = frozenset({"355", "101"})


class Terminal(StrEnum):
    """How sure it is that one stands there."""

    KNOWN = "known"
    """Its operator says so."""
    PROBABLE = "probable"
    """Places of this kind usually have one: to be confirmed by telephone."""


def terminal_at(facts: Facts) -> Terminal | None:
    """Pharmacies (FINESS 620) update cards at the counter, hospitals (355, 101) in the hall, the fund at its desk."""
    if facts.terminal:
        return Terminal.KNOWN
    if facts.kind is Kind.FUND_OFFICE or facts.activity_code == PHARMACY or facts.activity_code in HOSPITALS:
        return Terminal.PROBABLE
    return None
