"""`SCALE=1` runs the same tests at full size (`make scale`); this is the one place that reads it."""

import os
from typing import Final

FULL: Final = os.environ.get("SCALE") == "1"


def sized(small: int, full: int) -> int:
    """A size that fits a cold run, or the full one."""
    return full if FULL else small
