"""`SCALE=1` runs the same tests at full size (`make scale`); this is the one place that reads it."""

import os
from typing import Final, TypeVar

T = TypeVar("T")

FULL: Final = os.environ.get("SCALE") == "1"


def sized(small: T, full: T) -> T:
    """What fits a cold run, or the full one."""
    return full if FULL else small
