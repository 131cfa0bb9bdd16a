"""Money is integer cents inside; decimal text only at the border."""

import re
from decimal import Decimal
from typing import Annotated, Final, NewType

from pydantic import BeforeValidator, Field

Cents = NewType("Cents", int)
_AMOUNT: Final = re.compile(r"\d{1,7}(?:\.\d{1,2})?", re.ASCII)
_HUNDRED: Final = 100


def half_up(base: int, percent: int) -> int:
    """So many percent of an amount in cents, half a cent going up (decision: per line)."""
    return (base * percent + _HUNDRED // 2) // _HUNDRED


def cents(text: object) -> int:
    """The cents of a decimal text such as `26.50`.

    Raises:
        ValueError: anything else, a number of JSON included: it may have been a float on its way.
    """
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise ValueError("an amount is a text such as 26.50")
    return int(Decimal(text) * _HUNDRED)


Amount = Annotated[int, Field(ge=0, lt=10**9)]
"""Cents, never negative."""
FedAmount = Annotated[int, BeforeValidator(cents)]
"""Cents, read from decimal text."""
