"""The garbage collector of a process that runs for long (docs/adr/0033)."""

import gc

THRESHOLDS = (2_000, 20, 50)
"""Objects until a young collection, young ones until a middle one, middle ones until a full one."""


def settle() -> None:
    """Once all is built: what is there stays until the end, and is not looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
